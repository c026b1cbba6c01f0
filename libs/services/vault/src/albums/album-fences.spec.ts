import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import {
  fenceMessages,
  newId,
  vaultRoutes,
  type AlbumId,
  type AlbumItem,
  type AppError,
} from '@heirloom/contracts';
import { setTimeout as sleep } from 'node:timers/promises';
import {
  randomBytesOf,
  TestVault,
  eventually,
  type SealedTestObject,
  type TestPerson,
} from '../vault.spec-helper.ts';

let vault: TestVault;
let owner: TestPerson;
let albumId: AlbumId;
beforeAll(async () => {
  vault = await TestVault.start();
});
afterAll(() => vault[Symbol.asyncDispose]());
beforeEach(async () => {
  albumId = newId<AlbumId>();
  owner = await member();
});

/** Somebody of whom vault still believes that they may write under the epoch. */
async function member(epoch = 1): Promise<TestPerson> {
  const person = await vault.person();
  person.standing = {
    ...person.standing,
    albums: [{ albumId, role: 'manager', epoch, rotationDue: false }],
  };
  return person;
}
const itemOf = ({ photoId, versionId }: SealedTestObject, epoch = 1): AlbumItem => ({
  albumId,
  photoId,
  versionId,
  epoch,
  wrappedFileKey: randomBytesOf(60),
  statement: randomBytesOf(100),
});
const add = (person: TestPerson, ...items: AlbumItem[]) =>
  vault.call(person, vaultRoutes.addAlbumItems, { params: { albumId }, body: { items } });
const fence = (...fences: { albumId: AlbumId; epoch: number }[]) =>
  vault.policyBus.ask(fenceMessages.fenceAlbums, { fences });
const stored = () => vault.db.albumItem.count({ where: { albumId } });
const waitingForLocks = async () => {
  const [{ waiting }] = (await vault.db.$queryRaw`
    SELECT count(*)::int AS waiting FROM pg_stat_activity
    WHERE wait_event_type = 'Lock' AND datname = current_database()`) as [{ waiting: number }];
  return waiting;
};

describe('a fence', () => {
  it('refuses its epoch and those before, and lets the later ones pass', async () => {
    const other = newId<AlbumId>();
    const photos = [await vault.store(owner), await vault.store(owner)] as const;
    await add(owner, itemOf(photos[0]));
    await fence({ albumId, epoch: 1 }, { albumId: other, epoch: 7 });
    await expect(add(owner, itemOf(photos[1]))).rejects.toMatchObject({ code: 'epoch-stale', status: 409 });
    // What is there stays there, and may go.
    expect(await stored()).toBe(1);
    const { photoId } = photos[0];
    await vault.call(owner, vaultRoutes.removeAlbumItem, { params: { albumId, photoId } });
    const later = await member(2);
    const photo = await vault.store(later);
    expect(await add(later, itemOf(photo, 2))).toEqual({ added: 1, alreadyThere: 0 });
  });

  it('never moves back, however often and in whatever order it is set', async () => {
    const later = await member(2);
    const photo = await vault.store(later);
    await fence({ albumId, epoch: 2 }, { albumId, epoch: 1 });
    await fence({ albumId, epoch: 1 });
    await fence({ albumId, epoch: 2 });
    await expect(add(later, itemOf(photo, 2))).rejects.toMatchObject({ code: 'epoch-stale' });
  });

  it.each([
    ['that has a row', false],
    ['that has none yet', true],
  ])('%s waits for an item that is just being stored', async (_which, isNew) => {
    const photo = await vault.store(owner);
    await add(owner, itemOf(photo));
    if (isNew) await vault.db.albumFence.deleteMany({ where: { albumId } });
    const newer = await vault.store(owner, { photoId: photo.photoId });
    const order: string[] = [];
    let work: Promise<unknown>[] = [];
    await vault.db.$transaction(async (tx) => {
      // The item cannot be replaced yet, so the request that replaces it stays in flight, past the fence.
      await tx.$queryRaw`SELECT 1 FROM album_items WHERE album_id = ${albumId}::uuid FOR UPDATE`;
      const adding = add(owner, itemOf(newer)).then(() => order.push('added'));
      await eventually(async () => (await waitingForLocks()) > 0);
      const fencing = fence({ albumId, epoch: 1 }).then(() => order.push('fenced'));
      await eventually(async () => (await waitingForLocks()) > 1);
      await sleep(200);
      expect(order).toEqual([]);
      work = [adding, fencing];
    });
    await Promise.all(work);
    const [item] = await vault.db.albumItem.findMany({ where: { albumId } });
    expect(item!.versionId).toBe(newer.versionId);
    await expect(add(owner, itemOf(photo))).rejects.toMatchObject({ code: 'epoch-stale' });
  });

  it('is the last moment at which an item comes in, for every process of the vault', async () => {
    await using second = await vault.second();
    const photos: SealedTestObject[] = [];
    for (let i = 0; i < 12; i += 1) photos.push(await vault.store(owner));
    const path = `/api/vault/albums/${albumId}/items`;
    const codes: (string | undefined)[] = [];
    const post = async (photo: SealedTestObject, base: string) => {
      const { wrappedFileKey, statement, ...ids } = itemOf(photo);
      const text = (bytes: Uint8Array) => Buffer.from(bytes).toString('base64url');
      const item = { ...ids, wrappedFileKey: text(wrappedFileKey), statement: text(statement) };
      const headers = { 'content-type': 'application/json' };
      const init = { headers, body: JSON.stringify({ items: [item] }) };
      const response = await vault.fetch(owner, 'POST', path, init, base);
      codes.push(((await response.json()) as Partial<AppError>).code);
    };
    // In an album that was never fenced before, so that the first row of its fence is part of the race.
    const adding = photos.map(async (photo, i) => {
      await sleep(i * 4);
      await post(photo, i % 2 ? vault.url : second.url);
    });
    await sleep(15);
    await fence({ albumId, epoch: 1 });
    const before = await stored();
    await Promise.all(adding);
    expect(await stored()).toBe(before);
    expect(codes.filter((code) => code === undefined)).toHaveLength(before);
    expect(codes.filter((code) => code === 'epoch-stale')).toHaveLength(photos.length - before);
  });
});
