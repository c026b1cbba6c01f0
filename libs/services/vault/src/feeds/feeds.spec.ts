import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { decodeTrailer } from '@heirloom/formats';
import { newId, vaultRoutes, type CollectionId, type Cursor, type FeedEntry } from '@heirloom/contracts';
import { encodeCursor } from '@heirloom/service-kit';
import { eventually, TestVault, type TestPerson } from '../vault.spec-helper.ts';
import { takeBytes } from './read-changes.ts';

let vault: TestVault;
beforeAll(async () => {
  vault = await TestVault.start();
});
afterAll(() => vault[Symbol.asyncDispose]());

const feedOf = (person: TestPerson, collectionId: string, cursor?: Cursor, limit = 500) =>
  vault.call(person, vaultRoutes.feed, {
    params: { collectionId: collectionId as CollectionId },
    query: { limit, ...(cursor ? { cursor } : {}) },
  });

/** Other databases of the same server can hold the watermark back for a moment. */
const feedWith = (person: TestPerson, count: number, cursor?: Cursor) =>
  eventually(async () => {
    const page = await feedOf(person, person.libraryId, cursor);
    return page.entries.length === count && page;
  });

const versionIds = (entries: FeedEntry[]) =>
  entries.map((entry) => (entry.kind === 'version' ? entry.version.versionId : entry.kind));

describe('a library’s feed', () => {
  it('lists versions with all that a client needs to show them', async () => {
    const person = await vault.person();
    const stored = await vault.store(person);
    const { entries, more } = await feedWith(person, 1);
    expect(more).toBe(false);
    const [entry] = entries;
    if (entry?.kind !== 'version') throw new Error('not a version');
    const { trailer, sealedMetadata, ...rest } = entry.version;
    expect(rest).toMatchObject({
      photoId: stored.photoId,
      versionId: stored.versionId,
      libraryId: person.libraryId,
      authorId: person.accountId,
      deviceId: person.deviceId,
      object: stored.object,
      objectBytes: stored.bytes.length,
      trailerBytes: trailer!.length,
    });
    const { manifest } = decodeTrailer(trailer!);
    const metadata = manifest.parts.find(({ label }) => label === 'metadata')!;
    expect(Buffer.from(sealedMetadata!)).toEqual(
      Buffer.from(stored.bytes.subarray(metadata.offset, metadata.offset + metadata.length)),
    );
  });

  it('goes on where the cursor stands, page by page', async () => {
    const person = await vault.person();
    const all: string[] = [];
    for (let i = 0; i < 7; i++) all.push((await vault.store(person)).versionId);
    await feedWith(person, 7);
    const seen: string[] = [];
    let cursor: Cursor | undefined;
    for (let more = true; more;) {
      const page = await feedOf(person, person.libraryId, cursor, 3);
      expect(page.entries.length).toBeLessThanOrEqual(3);
      seen.push(...versionIds(page.entries));
      ({ cursor, more } = page);
    }
    expect(seen).toEqual(all);
    expect((await feedOf(person, person.libraryId, cursor)).entries).toEqual([]);
    const last = await vault.store(person);
    expect(versionIds((await feedWith(person, 1, cursor)).entries)).toEqual([last.versionId]);
  });

  it('never steps over a change that commits late', async () => {
    const person = await vault.person();
    const begun = Promise.withResolvers<void>();
    const finish = Promise.withResolvers<void>();
    const first = await vault.store(person);
    const slow = vault.db.$transaction(
      async (tx) => {
        await tx.change.create({
          data: {
            collectionId: person.libraryId,
            kind: 'version',
            photoId: first.photoId,
            versionId: first.versionId,
          },
          select: { seq: true },
        });
        begun.resolve();
        await finish.promise;
      },
      { timeout: 30_000 },
    );
    await begun.promise;
    const second = await vault.store(person);
    const early = await feedOf(person, person.libraryId);
    expect(versionIds(early.entries)).not.toContain(second.versionId);
    finish.resolve();
    await slow;
    const rest = await eventually(async () => {
      const page = await feedOf(person, person.libraryId, early.cursor);
      return versionIds(page.entries).includes(second.versionId) && page;
    });
    expect(versionIds([...early.entries, ...rest.entries])).toEqual([
      first.versionId,
      first.versionId,
      second.versionId,
    ]);
  });

  it('is gone for the cursor of another incarnation, and refuses what is no cursor', async () => {
    const person = await vault.person();
    const { cursor, incarnation } = await feedOf(person, person.libraryId);
    expect((await feedOf(person, person.libraryId, cursor)).incarnation).toBe(incarnation);
    const other = encodeCursor({ incarnation: crypto.randomUUID(), xid: 1n, seq: 1n });
    await expect(feedOf(person, person.libraryId, other)).rejects.toMatchObject({
      code: 'gone',
      status: 410,
    });
    await expect(feedOf(person, person.libraryId, 'abc' as Cursor)).rejects.toMatchObject({
      code: 'bad-request',
    });
  });

  it('begins a new incarnation when the catalogue was restored into another Postgres', async () => {
    const person = await vault.person();
    const stored = await vault.store(person);
    const before = await feedWith(person, 1);
    await vault.db
      .$executeRaw`UPDATE changes SET xid = '9999999999'::xid8 WHERE version_id = ${stored.versionId}::uuid`;
    await using restarted = await vault.second();
    const read = async (cursor = '') => {
      const path = `/api/vault/collections/${person.libraryId}/feed?limit=9${cursor && `&cursor=${cursor}`}`;
      return (await vault.fetch(person, 'GET', path, {}, restarted.url)).json() as Promise<
        Record<string, unknown>
      >;
    };
    expect(await read(before.cursor)).toMatchObject({ code: 'gone' });
    const after = await eventually(async () => {
      const page = await read();
      return (page['entries'] as FeedEntry[]).length === 1 && page;
    });
    expect(after['incarnation']).not.toBe(before.incarnation);
  });

  it('is nobody else’s', async () => {
    const [person, stranger] = [await vault.person(), await vault.person()];
    await expect(feedOf(stranger, person.libraryId)).rejects.toMatchObject({ code: 'not-found' });
    await expect(feedOf(stranger, newId())).rejects.toMatchObject({ code: 'not-found' });
  });
});

describe('takeBytes', () => {
  const rows = [5, 3, 2, 100].map((bytes, i) => ({
    xid: 1n,
    seq: BigInt(i),
    kind: 'version' as const,
    photoId: '',
    versionId: '',
    bytes,
  }));
  it.each([
    [1, 1],
    [8, 2],
    [9, 2],
    [10, 3],
    [110, 4],
  ])('%i bytes hold %i rows', (maxBytes, count) => {
    expect(takeBytes(rows, maxBytes)).toHaveLength(count);
  });
});
