import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import {
  limits,
  newId,
  trashRoutes,
  vaultRoutes,
  type AlbumId,
  type AlbumItem,
  type Cursor,
  type LibraryId,
  type PhotoId,
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
let photo: SealedTestObject;
beforeAll(async () => {
  vault = await TestVault.start();
});
afterAll(() => vault[Symbol.asyncDispose]());
beforeEach(async () => {
  owner = await vault.person();
  photo = await vault.store(owner);
});

const body = ({ libraryId }: { libraryId: LibraryId }, ...photos: SealedTestObject[]) => ({
  body: { libraryId, photoIds: photos.map(({ photoId }) => photoId) },
});
const trash = async (person: TestPerson, ...photos: SealedTestObject[]) =>
  (await vault.call(person, trashRoutes.trashPhotos, body(owner, ...photos))).results;
const restore = async (person: TestPerson, ...photos: SealedTestObject[]) =>
  (await vault.call(person, trashRoutes.restorePhotos, body(owner, ...photos))).results.map(
    ({ status }) => status,
  );
const empty = (person: TestPerson, photoIds?: PhotoId[]) =>
  vault.call(person, trashRoutes.emptyTrash, {
    body: { libraryId: owner.libraryId, ...(photoIds ? { photoIds } : {}) },
  });
const listed = async (person = owner) => {
  const query = { libraryId: owner.libraryId, limit: 10 };
  return (await vault.call(person, trashRoutes.trash, { query })).photos.map(({ photoId }) => photoId);
};
const feedOf = (person: TestPerson, collectionId: string, cursor?: Cursor) =>
  vault.call(person, vaultRoutes.feed, {
    params: { collectionId: collectionId as never },
    query: { limit: 100, ...(cursor ? { cursor } : {}) },
  });
const readObject = async (person: TestPerson, { versionId }: SealedTestObject) =>
  (await vault.fetch(person, 'GET', `/api/vault/versions/${versionId}/object`)).status;
const summary = () => vault.call(owner, vaultRoutes.summary, { params: { libraryId: owner.libraryId } });

/** An album of the owner that somebody else has, and the photo in it. */
async function shared() {
  const albumId = newId<AlbumId>();
  const albums = (role: 'manager' | 'viewer') => [{ albumId, role, epoch: 1, rotationDue: false }];
  owner = await vault.person();
  owner.standing = { ...owner.standing, albums: albums('manager') };
  photo = await vault.store(owner);
  const viewer = await vault.person();
  viewer.standing = { ...viewer.standing, albums: albums('viewer') };
  const item = (): AlbumItem => ({
    albumId,
    photoId: photo.photoId,
    versionId: photo.versionId,
    epoch: 1,
    wrappedFileKey: randomBytesOf(60),
    statement: randomBytesOf(100),
  });
  const add = () =>
    vault.call(owner, vaultRoutes.addAlbumItems, { params: { albumId }, body: { items: [item()] } });
  const remove = () =>
    vault.call(owner, vaultRoutes.removeAlbumItem, { params: { albumId, photoId: photo.photoId } });
  await add();
  const lastKind = (kind: string) =>
    eventually(async () => (await feedOf(viewer, albumId)).entries.at(-1)?.kind === kind);
  return { viewer, add, remove, lastKind };
}

describe('the trash', () => {
  it('takes photos, says until when they are kept, and counts from the first time', async () => {
    const other = await vault.store(owner);
    const before = Date.now();
    const [first, unknown] = await trash(owner, photo, { ...photo, photoId: newId<PhotoId>() });
    expect(first).toMatchObject({ status: 'trashed' });
    const { trashedAt, keptUntil } = first!.trashed!;
    expect(Math.abs(trashedAt.getTime() - before)).toBeLessThan(60_000);
    expect(keptUntil.getTime() - trashedAt.getTime()).toBe(limits.trashMs);
    expect(unknown).toMatchObject({ status: 'not-found', trashed: null });
    expect(await trash(owner, photo)).toMatchObject([{ status: 'already-trashed', trashed: { trashedAt } }]);
    expect(await listed()).toEqual([photo.photoId]);
    expect(await summary()).toMatchObject({ photos: 1, trashed: 1, versions: 2 });
    expect(await readObject(owner, photo)).toBe(200);
    expect(await restore(owner, photo, other)).toEqual(['restored', 'not-trashed']);
    expect(await listed()).toEqual([]);
    expect(await summary()).toMatchObject({ photos: 2, trashed: 0 });
  });

  it('is emptied of what is named, or of all, and shows nothing of it afterwards', async () => {
    const [named, other, kept] = [photo, await vault.store(owner), await vault.store(owner)];
    await trash(owner, named, other);
    expect(await empty(owner, [named.photoId, kept.photoId])).toEqual({ emptied: 1, more: false });
    expect(await listed()).toEqual([other.photoId]);
    expect(await empty(owner)).toEqual({ emptied: 1, more: false });
    expect(await empty(owner)).toEqual({ emptied: 0, more: false });
    expect(await listed()).toEqual([]);
    expect(await readObject(owner, named)).toBe(404);
    const params = { photoId: named.photoId };
    await expect(vault.call(owner, vaultRoutes.photoVersions, { params })).rejects.toMatchObject({
      code: 'not-found',
    });
    expect(await summary()).toMatchObject({ photos: 1, trashed: 0, versions: 1 });
    expect(await trash(owner, named)).toMatchObject([{ status: 'not-found', trashed: null }]);
    // Nothing of it is deleted yet, and whoever rewinds what happened names it.
    expect(await vault.db.replica.count({ where: { objectName: named.object } })).toBe(3);
    expect(await restore(owner, named)).toEqual(['restored']);
    expect(await readObject(owner, named)).toBe(200);
  });

  it('records how many photos of whom, and nothing that did not happen', async () => {
    await trash(owner, photo);
    await trash(owner, photo);
    await restore(owner, photo);
    await restore(owner, photo);
    await trash(owner, photo);
    await empty(owner);
    await empty(owner);
    const acts = (await vault.db.auditAct.findMany({ orderBy: { seq: 'asc' } })).map(
      ({ act }) => act as object,
    );
    const { accountId, libraryId: subjectId } = owner;
    const common = { actor: { kind: 'person', id: accountId }, accountId, subjectId, details: { photos: 1 } };
    expect(acts.filter((act) => (act as typeof common).accountId === accountId)).toEqual(
      ['photos-trashed', 'photos-restored', 'photos-trashed', 'trash-emptied'].map((kind) => ({
        kind,
        ...common,
      })),
    );
  });

  it('may be filled by a child and emptied by grown-ups, and is nobody else’s', async () => {
    const [child, viewer, stranger] = [
      await vault.person('child'),
      await vault.person('viewer'),
      await vault.person(),
    ];
    for (const person of [child, viewer])
      person.standing = { ...person.standing, libraryId: owner.libraryId };
    expect(await trash(child, photo)).toMatchObject([{ status: 'trashed' }]);
    await expect(empty(child)).rejects.toMatchObject({ code: 'forbidden' });
    expect(await listed(viewer)).toEqual([photo.photoId]);
    for (const work of [trash, restore])
      await expect(work(viewer, photo)).rejects.toMatchObject({ code: 'forbidden' });
    for (const work of [
      trash,
      restore,
      (person: TestPerson) => empty(person),
      (person: TestPerson) => listed(person),
    ])
      await expect(work(stranger, photo)).rejects.toMatchObject({ code: 'not-found' });
    const own = { body: { libraryId: stranger.libraryId, photoIds: [photo.photoId] } };
    expect((await vault.call(stranger, trashRoutes.trashPhotos, own)).results).toMatchObject([
      { status: 'not-found' },
    ]);
    expect(await restore(child, photo)).toEqual(['restored']);
  });

  it('tells devices by the library’s feed, wherever they stopped reading', async () => {
    const cursors: Cursor[] = [];
    const last = (kind: string) =>
      eventually(async () => {
        const page = await feedOf(owner, owner.libraryId);
        const entry = page.entries.at(-1);
        if (entry?.kind !== kind) return undefined;
        cursors.push(page.cursor);
        return entry;
      });
    await last('version');
    const [{ trashed } = {}] = await trash(owner, photo);
    expect(await last('trash')).toMatchObject({ photoId: photo.photoId, trashed });
    await empty(owner);
    await last('photo-removed');
    await restore(owner, photo);
    expect(await last('trash')).toMatchObject({ trashed: null });
    const kindsFrom = async (cursor?: Cursor) =>
      (await feedOf(owner, owner.libraryId, cursor)).entries.map(({ kind }) => kind);
    // Who had dropped it is told its version again, before that it is out of the trash.
    expect((await kindsFrom(cursors[2])).slice(-2)).toEqual(['version', 'trash']);
    for (const cursor of cursors.slice(0, 3)) expect(await kindsFrom(cursor)).not.toContain('photo-removed');
    expect(await kindsFrom(cursors[3])).toEqual([]);
  });
});

describe('a photo in an album', () => {
  it('is out of everyone’s view while it is in the trash, and comes back with it', async () => {
    const { viewer, add, lastKind } = await shared();
    await lastKind('item');
    expect(await readObject(viewer, photo)).toBe(200);
    await trash(owner, photo);
    await lastKind('item-removed');
    expect(await readObject(viewer, photo)).toBe(404);
    await expect(add()).rejects.toMatchObject({ code: 'not-found' });
    await restore(owner, photo);
    await lastKind('item');
    expect(await readObject(viewer, photo)).toBe(200);
  });

  it('does not come back into an album that it was taken out of meanwhile or before', async () => {
    const { viewer, remove } = await shared();
    await trash(owner, photo);
    await remove();
    await restore(owner, photo);
    expect(await readObject(viewer, photo)).toBe(404);
    await trash(owner, photo);
    await restore(owner, photo);
    expect(await readObject(viewer, photo)).toBe(404);
  });
});

describe('storing what lies in the trash', () => {
  it('brings it back and says so, whether it is the same version or a new one', async () => {
    const again = { ...photo, uploadId: await vault.upload(owner, photo.bytes) };
    expect(await vault.commit(owner, again)).toMatchObject([{ status: 'already-stored' }]);
    await trash(owner, photo);
    const [known] = await vault.commit(owner, again);
    expect(known).toMatchObject({ status: 'already-stored', restored: true });
    expect(await listed()).toEqual([]);
    await trash(owner, photo);
    await empty(owner);
    const { result } = await vault.store(owner, { photoId: photo.photoId });
    expect(result).toMatchObject({ status: 'stored', restored: true });
    expect(await summary()).toMatchObject({ photos: 1, trashed: 0, versions: 2 });
    expect((await vault.store(owner, { photoId: photo.photoId })).result.restored).toBeUndefined();
  });
});
