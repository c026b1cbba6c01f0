import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { limits, newId, vaultRoutes, type PhotoId, type VersionId } from '@heirloom/contracts';
import { sha256, TestVault, type TestPerson } from '../vault.spec-helper.ts';

let vault: TestVault;
let owner: TestPerson;
beforeAll(async () => {
  vault = await TestVault.start();
  owner = await vault.person();
});
afterAll(() => vault[Symbol.asyncDispose]());

const list = (person: TestPerson, photoId: PhotoId, after?: VersionId) =>
  vault.call(person, vaultRoutes.photoVersions, { params: { photoId }, query: after ? { after } : {} });

describe('the versions of a photo', () => {
  it('are listed oldest first, to those who may see them', async () => {
    const first = await vault.store(owner);
    const second = await vault.store(owner, { photoId: first.photoId });
    const { versions, next } = await list(owner, first.photoId);
    expect(versions.map(({ versionId, object }) => [versionId, object])).toEqual([
      [first.versionId, first.object],
      [second.versionId, second.object],
    ]);
    expect(next).toBeNull();
    await expect(list(await vault.person(), first.photoId)).rejects.toMatchObject({ code: 'not-found' });
    await expect(list(owner, newId<PhotoId>())).rejects.toMatchObject({ code: 'not-found' });
  });

  it('come in pages', async () => {
    const { photoId, versionId } = await vault.store(owner);
    const rows = Array.from({ length: limits.versionsPerPage + 10 }, () => {
      const id = newId<VersionId>();
      return { id, objectName: sha256(Buffer.from(id)) };
    });
    await vault.db.storedObject.createMany({
      data: rows.map(({ objectName }) => ({ name: objectName, sizeBytes: 1n })),
    });
    const { libraryId, accountId: authorId, deviceId } = owner;
    await vault.db.version.createMany({
      data: rows.map((row) => ({ ...row, photoId, libraryId, authorId, deviceId, trailerBytes: 1 })),
    });
    const first = await list(owner, photoId);
    const second = await list(owner, photoId, first.next!);
    expect(first.versions).toHaveLength(limits.versionsPerPage);
    expect([...first.versions, ...second.versions].map((version) => version.versionId)).toEqual([
      versionId,
      ...rows.map(({ id }) => id),
    ]);
    expect(second.next).toBeNull();
  });
});
