import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { objectFile } from '@heirloom/blob-store';
import {
  limits,
  newId,
  type DeviceId,
  type LibraryId,
  type PhotoId,
  type UploadId,
  type VersionId,
} from '@heirloom/contracts';
import {
  eventually,
  randomBytesOf,
  sealTestObject,
  sha256,
  TestVault,
  type TestPerson,
} from '../vault.spec-helper.ts';

let vault: TestVault;
let owner: TestPerson;
beforeAll(async () => {
  vault = await TestVault.start();
  owner = await vault.person();
});
afterAll(() => vault[Symbol.asyncDispose]());

const copiesOf = async (object: string) =>
  vault.places.filter(({ disk }) => {
    const bytes = disk.peek(objectFile(object as never));
    return bytes !== undefined && sha256(bytes) === object;
  });

describe('a commit', () => {
  it('is answered once the object is on stable storage in W locations', async () => {
    const { object, result } = await vault.store(owner);
    expect(result).toMatchObject({ status: 'stored', copies: 2 });
    for (const { disk } of vault.places) disk.crash();
    expect((await copiesOf(object)).length).toBeGreaterThanOrEqual(2);
  });

  it('may be repeated', async () => {
    const stored = await vault.store(owner);
    const again = await vault.commit(owner, stored);
    expect(again).toMatchObject([{ status: 'already-stored' }]);
    expect(again[0]!.copies).toBeGreaterThanOrEqual(2);
    const uploadId = await vault.upload(owner, stored.bytes);
    expect(await vault.commit(owner, { ...stored, uploadId })).toMatchObject([{ status: 'already-stored' }]);
    expect(await vault.db.upload.count({ where: { id: uploadId } })).toBe(0);
    expect(await vault.db.version.count({ where: { id: stored.versionId } })).toBe(1);
    expect(await vault.db.change.count({ where: { versionId: stored.versionId } })).toBe(1);
  });

  it('is one, however many ask for it at the same time', async () => {
    const sealed = await sealTestObject(owner, { size: 200_000 });
    const same = await vault.upload(owner, sealed.bytes);
    const uploads = [same, same, same, await vault.upload(owner, sealed.bytes)];
    const answers = await Promise.all(
      uploads.map((uploadId) => vault.commit(owner, { ...sealed, uploadId })),
    );
    const statuses = answers.map(([result]) => result!.status).sort();
    expect(statuses).toEqual(['already-stored', 'already-stored', 'already-stored', 'stored']);
    expect(await vault.db.change.count({ where: { versionId: sealed.versionId } })).toBe(1);
  });

  it('answers each item of a batch for itself', async () => {
    const good = await Promise.all(Array.from({ length: 12 }, () => sealTestObject(owner)));
    const items = await Promise.all(
      good.map(async (sealed) => ({ ...sealed, uploadId: await vault.upload(owner, sealed.bytes) })),
    );
    const unknown = { ...(await sealTestObject(owner)), uploadId: newId<UploadId>() };
    const results = await vault.commit(owner, ...items.slice(0, 6), unknown, ...items.slice(6), items[0]!, {
      ...items[1]!,
      object: unknown.object,
    });
    expect(results.map(({ status, code }) => code ?? status)).toEqual([
      ...Array<string>(6).fill('stored'),
      'not-found',
      ...Array<string>(6).fill('stored'),
      'already-stored',
      'conflict',
    ]);
    expect(results.map(({ versionId }) => versionId).slice(0, 3)).toEqual(
      items.slice(0, 3).map((i) => i.versionId),
    );
  });

  it('refuses what is not complete, and takes it later', async () => {
    const sealed = await sealTestObject(owner);
    const id = newId<UploadId>();
    const headers = {
      'upload-length': String(sealed.bytes.length),
      'upload-metadata': `id ${Buffer.from(id).toString('base64')}`,
      'content-type': 'application/offset+octet-stream',
    };
    await vault.tus(owner, 'POST', '/api/vault/uploads', { headers, body: sealed.bytes.subarray(0, 100) });
    const item = { ...sealed, uploadId: id };
    expect(await vault.commit(owner, item)).toMatchObject([{ status: 'refused', code: 'upload-offset' }]);
    await vault.tus(owner, 'PATCH', `/api/vault/uploads/${id}`, {
      headers: { ...headers, 'upload-offset': '100' },
      body: sealed.bytes.subarray(100),
    });
    expect(await vault.commit(owner, item)).toMatchObject([{ status: 'stored' }]);
  });

  it('refuses bytes that are others than announced, and forgets them', async () => {
    const sealed = await sealTestObject(owner);
    const uploadId = await vault.upload(owner, sealed.bytes.with(20, sealed.bytes[20]! ^ 1));
    expect(await vault.commit(owner, { ...sealed, uploadId })).toMatchObject([{ code: 'hash-mismatch' }]);
    expect(await vault.db.upload.count({ where: { id: uploadId } })).toBe(0);
    for (const { disk } of vault.places) expect(disk.peek(`tmp/${uploadId}`)).toBeUndefined();
    expect(await copiesOf(sealed.object)).toEqual([]);
  });

  it('refuses what has no sound trailer', async () => {
    const sealed = await sealTestObject(owner);
    const cut = sealed.bytes.slice(0, -1);
    const longer = new Uint8Array([...sealed.bytes.subarray(0, 5), ...sealed.bytes]);
    const signature = sealed.bytes.slice();
    signature[signature.length - 30]! ^= 1;
    for (const bytes of [cut, longer, signature, randomBytesOf(500), randomBytesOf(5)]) {
      const uploadId = await vault.upload(owner, bytes);
      const [result] = await vault.commit(owner, { ...sealed, object: sha256(bytes), uploadId });
      expect(result).toMatchObject({ status: 'refused', code: 'object-malformed', copies: 0 });
    }
  });

  it('refuses an object that says something else than the request', async () => {
    const stranger = await vault.person();
    const sealed = await sealTestObject(owner);
    const elsewhere = { ...owner, deviceId: newId<DeviceId>() };
    const cases = [
      { ...sealed, photoId: newId<PhotoId>() },
      { ...sealed, versionId: newId<VersionId>() },
      await sealTestObject({ ...owner, accountId: stranger.accountId }),
      await sealTestObject(elsewhere),
      { ...(await sealTestObject(owner, { libraryId: newId<LibraryId>() })), libraryId: owner.libraryId },
    ];
    for (const item of cases) {
      const uploadId = await vault.upload(owner, item.bytes);
      expect(await vault.commit(owner, { ...item, uploadId })).toMatchObject([{ code: 'object-malformed' }]);
    }
  });

  it('reaches into nobody else’s library, upload or photo', async () => {
    const stranger = await vault.person();
    const mine = await vault.store(owner);
    const theirs = await sealTestObject(stranger, { libraryId: owner.libraryId });
    const uploadId = await vault.upload(stranger, theirs.bytes);
    expect(await vault.commit(stranger, { ...theirs, uploadId })).toMatchObject([{ code: 'not-found' }]);
    const sealed = await sealTestObject(owner);
    const ofOwner = await vault.upload(owner, sealed.bytes);
    expect(
      await vault.commit(stranger, { ...sealed, libraryId: stranger.libraryId, uploadId: ofOwner }),
    ).toMatchObject([{ code: 'not-found' }]);
    const samePhoto = await vault.store(stranger, { photoId: mine.photoId });
    expect(samePhoto.result).toMatchObject({ status: 'refused', code: 'conflict' });
    const sameVersion = await vault.store(stranger, { versionId: mine.versionId });
    expect(sameVersion.result).toMatchObject({ status: 'refused', code: 'conflict' });
  });

  it('adds versions to a photo, up to a limit', async () => {
    const first = await vault.store(owner);
    const second = await vault.store(owner, { photoId: first.photoId });
    expect(second.result.status).toBe('stored');
    await vault.db.storedObject.createMany({
      data: Array.from({ length: limits.versionsPerPhoto - 2 }, (_, i) => ({
        name: `${first.photoId}-${i}`,
        sizeBytes: 1n,
      })),
    });
    await vault.db.version.createMany({
      data: Array.from({ length: limits.versionsPerPhoto - 2 }, (_, i) => ({
        id: newId(),
        photoId: first.photoId,
        libraryId: owner.libraryId,
        authorId: owner.accountId,
        deviceId: owner.deviceId,
        objectName: `${first.photoId}-${i}`,
        trailerBytes: 1,
      })),
    });
    expect((await vault.store(owner, { photoId: first.photoId })).result).toMatchObject({
      code: 'limit-reached',
    });
  });
});

describe('a commit that met trouble', () => {
  it.each([1, 2])('adopts the objects of one that was cut off after %i renames', async (renames) => {
    const sealed = await sealTestObject(owner);
    const uploadId = await vault.upload(owner, sealed.bytes);
    const { locations } = await vault.db.upload.findUniqueOrThrow({ where: { id: uploadId } });
    for (const id of locations.slice(0, renames)) {
      const { location } = vault.places.find((place) => place.id === id)!;
      await (await location.openStage(uploadId)).commit(sealed.object, sealed.bytes.length);
    }
    expect(await vault.commit(owner, { ...sealed, uploadId })).toMatchObject([
      { status: 'stored', copies: 2 },
    ]);
    expect((await copiesOf(sealed.object)).length).toBeGreaterThanOrEqual(2);
  });

  it('finds another location when one fails at the sync', async () => {
    const sealed = await sealTestObject(owner);
    const uploadId = await vault.upload(owner, sealed.bytes);
    const { locations } = await vault.db.upload.findUniqueOrThrow({ where: { id: uploadId } });
    const { disk } = vault.places.find((place) => place.id === locations[0])!;
    disk.inject({ on: 'sync', error: 'EIO' });
    expect(await vault.commit(owner, { ...sealed, uploadId })).toMatchObject([
      { status: 'stored', copies: 2 },
    ]);
    const present = await vault.db.replica.findMany({
      where: { objectName: sealed.object, state: 'present' },
    });
    for (const { locationId } of present) {
      const place = vault.places.find(({ id }) => id === locationId)!;
      expect(sha256(place.disk.peek(objectFile(sealed.object))!)).toBe(sealed.object);
    }
    disk.heal();
  });

  it('stores nothing when fewer than W locations can take it, and all of it later', async () => {
    const sealed = await sealTestObject(owner);
    const uploadId = await vault.upload(owner, sealed.bytes);
    const { locations } = await vault.db.upload.findUniqueOrThrow({ where: { id: uploadId } });
    const broken = vault.places.filter(({ id }) => id !== locations[0]);
    for (const { disk } of broken) disk.inject({ on: 'any', times: 1_000_000, error: 'EIO' });
    const [refused] = await vault.commit(owner, { ...sealed, uploadId });
    expect(refused).toMatchObject({ status: 'refused', code: 'unavailable', copies: 0 });
    expect(await vault.db.version.count({ where: { id: sealed.versionId } })).toBe(0);
    for (const { disk } of broken) disk.heal();
    const stored = await eventually(async () => {
      const [result] = await vault.commit(owner, { ...sealed, uploadId });
      return result!.status === 'stored' && result;
    }, 15_000);
    expect(stored.copies).toBe(2);
  });
});
