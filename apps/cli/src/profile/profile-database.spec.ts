import { mkdtemp, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { newId, type Cursor, type FamilyId, type UploadId, type VersionId } from '@heirloom/contracts';
import type { IndexRow, JournalRow } from '@heirloom/client';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { ProfileDatabase } from './profile-database.ts';

let folder = '';
beforeEach(async () => (folder = await mkdtemp(path.join(tmpdir(), 'heirloom-profile-'))));
afterEach(() => rm(folder, { recursive: true, force: true }));

const key = (n: number) => new Uint8Array(32).fill(n);
const row = (id: string, n: number | null): IndexRow => ({
  id,
  contentKey: n === null ? null : key(n),
  sealed: Uint8Array.of(n ?? 0),
});
const position = { cursor: 'here' as Cursor, incarnation: 'one' };

/** Closes and opens again, as the next run of the program does. */
function again(database: ProfileDatabase): ProfileDatabase {
  database[Symbol.dispose]();
  return new ProfileDatabase(folder);
}

describe('ProfileDatabase', () => {
  it('keeps feeds apart, in order, and finds rows by id and content', async () => {
    let database = new ProfileDatabase(folder);
    expect(await database.index.position('a')).toEqual({ cursor: null, incarnation: null });
    await database.index.apply('a', {
      ...position,
      reset: false,
      put: [row('2', 2), row('1', 1)],
      remove: [],
    });
    await database.index.put('a', row('3', null));
    await database.index.put('b', row('1', 9));
    database = again(database);
    using open = database;
    expect(await open.index.position('a')).toEqual(position);
    expect((await open.index.all('a')).map(({ id }) => id)).toEqual(['2', '1', '3']);
    expect(await open.index.get('b', '1')).toEqual(row('1', 9));
    expect(await open.index.get('b', '2')).toBeNull();
    expect(await open.index.byContent('a', key(1))).toEqual(row('1', 1));
    expect(await open.index.byContent('a', key(9))).toBeNull();
  });

  it('changes and removes rows, and forgets a feed that begins anew', async () => {
    using database = new ProfileDatabase(folder);
    const { index } = database;
    await index.apply('a', { ...position, reset: false, put: [row('1', 1), row('2', 2)], remove: [] });
    await index.apply('a', { ...position, reset: false, put: [row('1', 7)], remove: ['2'] });
    expect(await index.all('a')).toEqual([row('1', 7)]);
    await index.apply('a', { cursor: null, incarnation: null, reset: true, put: [], remove: [] });
    expect(await index.all('a')).toEqual([]);
    expect(await index.position('a')).toEqual({ cursor: null, incarnation: null });
  });

  it('applies a change as a whole or not at all', async () => {
    using database = new ProfileDatabase(folder);
    const bad = { id: '2', contentKey: null, sealed: null as unknown as Uint8Array };
    expect(() =>
      database.index.apply('a', { ...position, reset: false, put: [row('1', 1), bad], remove: [] }),
    ).toThrow();
    expect(await database.index.all('a')).toEqual([]);
    expect(await database.index.position('a')).toEqual({ cursor: null, incarnation: null });
  });

  it('keeps the journal', async () => {
    const entry: JournalRow = {
      versionId: newId<VersionId>(),
      uploadId: newId<UploadId>(),
      contentKey: key(1),
      sealed: key(2),
      beganAt: 1000,
    };
    let database = new ProfileDatabase(folder);
    await database.journal.put(entry);
    await database.journal.put({ ...entry, sealed: key(3) });
    database = again(database);
    using open = database;
    expect(await open.journal.byContent(key(1))).toEqual({ ...entry, sealed: key(3) });
    await open.journal.sweep(1000);
    expect(await open.journal.byContent(key(1))).not.toBeNull();
    await open.journal.remove(entry.versionId);
    expect(await open.journal.byContent(key(1))).toBeNull();
    await open.journal.put(entry);
    await open.journal.sweep(1001);
    expect(await open.journal.byContent(key(1))).toBeNull();
  });

  it('keeps the family log, and never writes one entry over another', async () => {
    const family = newId<FamilyId>();
    const head = (checkpoint: string) => ({ checkpoint, logKey: `key of the ${checkpoint}` });
    let database = new ProfileDatabase(folder);
    expect(await database.log.load()).toBeNull();
    await database.log.append(family, 0, [key(1), key(2)], head('head of two'));
    await database.log.append(family, 2, [key(3)], head('head of three'));
    expect(() => database.log.append(family, 2, [key(9)], head('another head'))).toThrow();
    database = again(database);
    using open = database;
    expect(await open.log.load()).toEqual({
      family,
      entries: [key(1), key(2), key(3)],
      ...head('head of three'),
    });
  });

  it('remembers a file only as it was', () => {
    using database = new ProfileDatabase(folder);
    database.seenFiles.note(key(1), 'then', key(2));
    expect(database.seenFiles.find(key(1), 'then')).toEqual(key(2));
    expect(database.seenFiles.find(key(1), 'now')).toBeNull();
    database.seenFiles.note(key(1), 'now', key(3));
    expect(database.seenFiles.find(key(1), 'now')).toEqual(key(3));
  });

  it('is for its owner alone, and refuses what is not its own', async () => {
    new ProfileDatabase(folder)[Symbol.dispose]();
    expect((await stat(path.join(folder, 'profile.db'))).mode & 0o777).toBe(0o600);
    await writeFile(
      path.join(folder, 'profile.db'),
      'something else, and long enough to be looked at as a database file',
    );
    expect(() => new ProfileDatabase(folder)).toThrow(
      expect.objectContaining({ code: 'damaged' }) as unknown as Error,
    );
  });
});
