import { createHash } from 'node:crypto';
import { mkdir, readFile, rename, rm, truncate, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import {
  newId,
  type CopyState,
  type ObjectName,
  type RouteOutput,
  type VersionId,
  type integrityRoutes,
} from '@heirloom/contracts';
import { overwrite, TestSystem, type StoredVersion, type TestPerson } from '../system.spec-helper.ts';

let system: TestSystem;
let person: TestPerson;
beforeAll(async () => {
  system = await TestSystem.start();
});
afterAll(async () => {
  await system[Symbol.asyncDispose]();
});
beforeEach(async () => {
  person = await system.person();
});

/** Copies by location, for each version: `{ a: 'intact', b: ... }`. */
function states({ copies }: RouteOutput<typeof integrityRoutes.verify>, { versionId }: StoredVersion) {
  const own = copies.filter((copy) => copy.versionId === versionId);
  return Object.fromEntries(own.map(({ locationId, state }) => [locationId, state])) as Record<
    string,
    CopyState
  >;
}
const intact = { a: 'intact', b: 'intact', c: 'intact' };

describe('a verification', () => {
  it('reads every copy of the library and says so in its history', async () => {
    const [first, second] = [await system.store(person), await system.store(person)];
    const answer = await system.verify(person);
    expect([states(answer, first), states(answer, second)]).toEqual([intact, intact]);
    expect(answer).toMatchObject({ bytesRead: 6 * 400_000, next: null });
    expect(await system.history(person)).toMatchObject([
      {
        account_id: person.accountId,
        outcome: 'complete',
        versions: 2,
        bytes_read: String(6 * 400_000),
        intact: 6,
        damaged: 0,
        finished_at: expect.any(Date),
      },
    ]);
  });

  it('finds the flipped byte, the deleted and the shortened copy, and nothing else', async () => {
    const stored = [];
    for (let i = 0; i < 5; i++) stored.push(await system.store(person));
    const [flipped, deleted, shortened, grown] = stored as [
      StoredVersion,
      StoredVersion,
      StoredVersion,
      StoredVersion,
    ];
    const bytes = await readFile(system.file('a', flipped));
    bytes[123_456]! ^= 0x20;
    await overwrite(system.file('a', flipped), bytes);
    await rm(system.file('b', deleted));
    await overwrite(
      system.file('c', shortened),
      (await readFile(system.file('c', shortened))).subarray(0, -1),
    );
    await overwrite(
      system.file('a', grown),
      Buffer.concat([await readFile(system.file('a', grown)), Buffer.of(0)]),
    );
    const answer = await system.verify(person);
    expect(stored.map((version) => states(answer, version))).toEqual([
      { ...intact, a: 'damaged' },
      { ...intact, b: 'missing' },
      { ...intact, c: 'short' },
      { ...intact, a: 'damaged' },
      intact,
    ]);
    expect(await system.history(person)).toMatchObject([
      { intact: 11, damaged: 2, missing: 1, short: 1, pending: 0, unreachable: 0 },
    ]);
    // It looked and changed nothing.
    expect(await readFile(system.file('a', flipped))).toEqual(bytes);
    expect(states(await system.verify(person), deleted)).toEqual({ ...intact, b: 'missing' });
  });

  it('tells copies that are still to be made from those that are gone', async () => {
    const version = await system.store(person);
    await system.sql.query(
      `UPDATE vault.replicas SET state = 'wanted', due_at = now() + interval '1 day'
       WHERE object_name = $1 AND location_id = 'c'`,
      [version.object],
    );
    expect(states(await system.verify(person), version)).toEqual({ ...intact, c: 'pending' });
  });

  it('reads what the catalogue believes to be bad, too', async () => {
    const version = await system.store(person);
    await system.sql.query(
      `UPDATE vault.replicas SET state = 'damaged' WHERE object_name = $1 AND location_id = 'b'`,
      [version.object],
    );
    expect(states(await system.verify(person), version)).toEqual(intact);
  });

  it('does not blame copies for a location that is away', async () => {
    const version = await system.store(person);
    const [there, away] = [system.place('b'), `${system.place('b')}-away`];
    await rename(there, away);
    await mkdir(there);
    try {
      expect(states(await system.verify(person), version)).toEqual({ ...intact, b: 'unreachable' });
    } finally {
      await rm(there, { recursive: true });
      await rename(away, there);
    }
    expect(states(await system.verify(person), version)).toEqual(intact);
  });

  it('goes page by page, or only where it is told to look', async () => {
    const stored = [];
    for (let i = 0; i < 5; i++) stored.push(await system.store(person, 1000));
    const ids = stored.map(({ versionId }) => versionId);
    const seen: VersionId[] = [];
    let after: VersionId | undefined;
    for (;;) {
      const { copies, next } = await system.verify(person, { limit: 2, after });
      seen.push(...new Set(copies.map(({ versionId }) => versionId)));
      if (!next) break;
      after = next;
    }
    expect(seen).toEqual(ids);
    const { copies, next } = await system.verify(person, {
      versionIds: [ids[3]!, ids[1]!, newId<VersionId>()],
    });
    expect([...new Set(copies.map(({ versionId }) => versionId))]).toEqual([ids[1], ids[3]]);
    expect(next).toBeNull();
  });

  it('is not for the library of somebody else', async () => {
    const other = await system.person();
    const theirs = await system.store(other);
    await expect(system.verify(person, { libraryId: other.libraryId })).rejects.toMatchObject({
      code: 'not-found',
    });
    const { copies } = await system.verify(person, { versionIds: [theirs.versionId] });
    expect(copies).toEqual([]);
    expect(await system.history(other)).toEqual([]);
  });

  it('stops reading when the person goes away', async () => {
    const size = 40 * 2 ** 30;
    const object = createHash('sha256').update(newId()).digest('hex') as ObjectName;
    const version = await system.catalogue(person, object, size);
    await mkdir(dirname(system.file('a', version)), { recursive: true });
    await writeFile(system.file('a', version), '');
    // A sparse file: minutes to read, nothing to store.
    await truncate(system.file('a', version), size);
    const asker = new AbortController();
    const answer = system.verify(person, {}, asker.signal);
    await sleep(300);
    expect(await system.history(person)).toMatchObject([{ outcome: 'running', finished_at: null }]);
    asker.abort();
    await expect(answer).rejects.toThrow();
    for (let i = 0; i < 100 && (await system.history(person))[0]!['outcome'] === 'running'; i++)
      await sleep(50);
    expect(await system.history(person)).toMatchObject([{ outcome: 'abandoned', versions: 0 }]);
  });
});
