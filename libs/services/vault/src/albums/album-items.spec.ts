import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import {
  newId,
  vaultRoutes,
  type AlbumId,
  type AlbumItem,
  type AlbumRole,
  type CollectionId,
  type Cursor,
} from '@heirloom/contracts';
import {
  eventually,
  randomBytesOf,
  TestVault,
  type SealedTestObject,
  type TestPerson,
} from '../vault.spec-helper.ts';

let vault: TestVault;
let owner: TestPerson;
let albumId: AlbumId;
let photos: SealedTestObject[];
beforeAll(async () => {
  vault = await TestVault.start();
});
afterAll(() => vault[Symbol.asyncDispose]());
beforeEach(async () => {
  owner = await vault.person();
  albumId = newId<AlbumId>();
  join(owner, 'manager');
  photos = [await vault.store(owner), await vault.store(owner)];
});

const join = (person: TestPerson, role: AlbumRole, epoch = 1, rotationDue = false) => {
  person.standing = { ...person.standing, albums: [{ albumId, role, epoch, rotationDue }] };
};
/** A person whose standing vault has not asked for yet: it is kept for a while once it has. */
const member = async (role: AlbumRole, epoch = 1, rotationDue = false) => {
  const person = await vault.person();
  join(person, role, epoch, rotationDue);
  return person;
};
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
const remove = (person: TestPerson, { photoId }: SealedTestObject) =>
  vault.call(person, vaultRoutes.removeAlbumItem, { params: { albumId, photoId } });
const feedOf = (person: TestPerson, cursor?: Cursor) =>
  vault.call(person, vaultRoutes.feed, {
    params: { collectionId: albumId as unknown as CollectionId },
    query: { limit: 100, ...(cursor ? { cursor } : {}) },
  });
const feedKinds = (person: TestPerson, ...kinds: string[]) =>
  eventually(async () => {
    const page = await feedOf(person);
    return page.entries.map(({ kind }) => kind).join() === kinds.join() && page;
  });
const objectStatus = async (person: TestPerson, { versionId }: SealedTestObject) =>
  (await vault.fetch(person, 'GET', `/api/vault/versions/${versionId}/object`)).status;

describe('album items', () => {
  it('show photos to the album’s members, object included, and nothing else of the library', async () => {
    const viewer = await member('viewer');
    expect(await objectStatus(viewer, photos[0]!)).toBe(404);
    const item = itemOf(photos[0]!);
    expect(await add(owner, item)).toEqual({ added: 1, alreadyThere: 0 });
    const { entries } = await feedKinds(viewer, 'item');
    expect(entries).toMatchObject([
      { kind: 'item', version: { versionId: item.versionId, libraryId: owner.libraryId } },
    ]);
    const [entry] = entries;
    if (entry?.kind !== 'item') throw new Error('not an item');
    expect({ ...entry.item, wrappedFileKey: Buffer.from(entry.item.wrappedFileKey) }).toEqual({
      ...item,
      wrappedFileKey: Buffer.from(item.wrappedFileKey),
    });
    expect(await objectStatus(viewer, photos[0]!)).toBe(200);
    expect(await objectStatus(viewer, photos[1]!)).toBe(404);
    const versions = await vault.call(viewer, vaultRoutes.photoVersions, {
      params: { photoId: item.photoId },
    });
    expect(versions.versions).toHaveLength(1);
    await expect(
      vault.call(viewer, vaultRoutes.summary, { params: { libraryId: owner.libraryId } }),
    ).rejects.toMatchObject({ code: 'not-found' });
  });

  it('may be added again', async () => {
    const items = photos.map((photo) => itemOf(photo));
    expect(await add(owner, items[0]!)).toEqual({ added: 1, alreadyThere: 0 });
    expect(await add(owner, ...items)).toEqual({ added: 1, alreadyThere: 1 });
    expect(await add(owner, ...items, items[0]!)).toEqual({ added: 0, alreadyThere: 3 });
    expect(await vault.db.change.count({ where: { collectionId: albumId } })).toBe(2);
  });

  it('follow to a newer version', async () => {
    const photo = photos[0]!;
    await add(owner, itemOf(photo));
    const newer = await vault.store(owner, { photoId: photo.photoId });
    expect(await add(owner, itemOf(newer))).toEqual({ added: 1, alreadyThere: 0 });
    const viewer = await member('viewer');
    expect([await objectStatus(viewer, photo), await objectStatus(viewer, newer)]).toEqual([404, 200]);
  });

  it('go, are seen to go, and come back', async () => {
    const photo = photos[0]!;
    await add(owner, itemOf(photo));
    const viewer = await member('viewer');
    await feedKinds(viewer, 'item');
    await remove(owner, photo);
    await remove(owner, photo);
    await feedKinds(viewer, 'item-removed');
    expect(await objectStatus(viewer, photo)).toBe(404);
    expect(await add(owner, itemOf(photo))).toEqual({ added: 1, alreadyThere: 0 });
    await feedKinds(viewer, 'item', 'item-removed', 'item');
    expect(await objectStatus(viewer, photo)).toBe(200);
  });

  it('come in at once from somebody whose standing was asked before they got the album', async () => {
    const person = await vault.person();
    const photo = await vault.store(person);
    await expect(feedOf(person)).rejects.toMatchObject({ code: 'not-found' });
    join(person, 'manager');
    expect(await add(person, itemOf(photo))).toEqual({ added: 1, alreadyThere: 0 });
    // The same with a rotation that vault has not heard of.
    join(person, 'manager', 2);
    expect(await add(person, itemOf(photo, 2))).toEqual({ added: 1, alreadyThere: 0 });
    const reader = await vault.person();
    await expect(feedOf(reader)).rejects.toMatchObject({ code: 'not-found' });
    join(reader, 'viewer');
    expect((await feedOf(reader)).more).toBe(false);
  });

  it('are refused under a stale epoch, and while a rotation is due', async () => {
    const late = await member('manager', 2);
    const due = await member('manager', 2, true);
    for (const person of [late, due]) {
      const photo = await vault.store(person);
      await expect(add(person, itemOf(photo, 1))).rejects.toMatchObject({ code: 'epoch-stale', status: 409 });
      await expect(add(person, itemOf(photo, 3))).rejects.toMatchObject({ code: 'epoch-stale' });
    }
    await expect(add(due, itemOf(await vault.store(due), 2))).rejects.toMatchObject({ code: 'epoch-stale' });
    expect(await add(late, itemOf(await vault.store(late), 2))).toEqual({ added: 1, alreadyThere: 0 });
  });

  it('are added by contributors and removed by managers, each within their albums and libraries', async () => {
    const [contributor, viewer, stranger] = [
      await member('contributor'),
      await member('viewer'),
      await vault.person(),
    ];
    const photo = await vault.store(contributor);
    expect(await add(contributor, itemOf(photo))).toEqual({ added: 1, alreadyThere: 0 });
    await expect(add(contributor, itemOf(photo), itemOf(photos[0]!))).rejects.toMatchObject({
      code: 'not-found',
    });
    await expect(remove(contributor, photo)).rejects.toMatchObject({ status: 403 });
    await expect(add(viewer, itemOf(await vault.store(viewer)))).rejects.toMatchObject({ status: 403 });
    await expect(add(stranger, itemOf(await vault.store(stranger)))).rejects.toMatchObject({
      status: expect.any(Number),
    });
    const mixed = { ...itemOf(photos[0]!), albumId: newId<AlbumId>() };
    await expect(add(owner, mixed)).rejects.toMatchObject({ code: 'bad-request' });
    const wrongVersion = { ...itemOf(photos[0]!), versionId: photos[1]!.versionId };
    await expect(add(owner, wrongVersion)).rejects.toMatchObject({ code: 'not-found' });
    await remove(owner, photo);
    expect(await vault.db.albumItem.count({ where: { albumId, removed: false } })).toBe(0);
  });
});
