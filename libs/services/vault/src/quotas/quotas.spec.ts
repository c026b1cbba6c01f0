import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import {
  limits,
  newId,
  quotaRoutes,
  vaultStaffRoutes,
  type AccountId,
  type FamilyId,
  type UploadId,
} from '@heirloom/contracts';
import { objectFile } from '@heirloom/blob-store';
import { request } from 'node:http';
import { once } from 'node:events';
import { Locations } from '../locations/locations.ts';
import { PurgeQueue } from '../trash/purge-queue.ts';
import { sealTestObject, TestVault, type TestPerson } from '../vault.spec-helper.ts';

const path = '/api/vault/uploads';
let vault: TestVault;
let operator: TestPerson;
let owner: TestPerson;
beforeAll(async () => {
  vault = await TestVault.start();
  operator = await vault.operator();
});
afterAll(() => vault[Symbol.asyncDispose]());
beforeEach(async () => {
  owner = await vault.person();
});

const familyOf = (person: TestPerson) => person.standing.family!.familyId;
const allow = (accountId: AccountId, bytes: number | null | 'default') =>
  vault.call(operator, vaultStaffRoutes.setAccountQuota, { params: { accountId }, body: { bytes } });
const allowFamily = (familyId: FamilyId, bytes: number | null) =>
  vault.call(operator, vaultStaffRoutes.setFamilyQuota, { params: { familyId }, body: { bytes } });
const usage = (person = owner) => vault.call(person, quotaRoutes.ownUsage, {});
const begin = (person: TestPerson, length: number, id = newId<UploadId>()) =>
  vault.tus(person, 'POST', path, {
    headers: {
      'upload-length': String(length),
      'upload-metadata': `id ${Buffer.from(id).toString('base64')}`,
    },
  });
const refusal = async (response: Response) => {
  const { code, detail } = (await response.json()) as { code?: string; detail?: string };
  return { status: response.status, code, detail };
};
const discard = (person: TestPerson, id: string) => vault.tus(person, 'DELETE', `${path}/${id}`);

describe('a quota', () => {
  it('is unlimited, until an operator says otherwise and takes it back', async () => {
    expect(await usage()).toMatchObject({ quota: null, family: null });
    expect((await begin(owner, limits.objectBytes)).status).toBe(201);
    expect(await allow(owner.accountId, 5000)).toEqual({ bytes: 5000, isDefault: false });
    expect(await usage()).toMatchObject({ quota: 5000 });
    expect(await allow(owner.accountId, null)).toEqual({ bytes: null, isDefault: false });
    expect(await allow(owner.accountId, 'default')).toEqual({ bytes: null, isDefault: true });
    const acts = await vault.db.auditAct.findMany({ orderBy: { seq: 'asc' }, select: { act: true } });
    const { accountId } = owner;
    const actor = { kind: 'operator', id: operator.accountId };
    const act = { kind: 'quota-set', actor, accountId };
    expect(acts.map((row) => row.act)).toEqual([
      { ...act, details: { bytes: 5000 } },
      { ...act, details: {} },
      { ...act, details: {} },
    ]);
  });

  it('refuses what would pass it, with what is used and what to do', async () => {
    await allow(owner.accountId, 100 * 1024);
    expect((await begin(owner, 60 * 1024)).status).toBe(201);
    const { status, code, detail } = await refusal(await begin(owner, 50 * 1024));
    expect([status, code]).toEqual([413, 'quota-exceeded']);
    expect(detail).toMatch(/60\.0 KiB of 100\.0 KiB are taken.*50\.0 KiB.*Ask the person who runs/);
    expect((await begin(owner, 40 * 1024)).status).toBe(201);
    expect(await usage()).toMatchObject({ openBytes: 100 * 1024, bytes: 0 });
  });

  it('refuses before a byte of the body is taken', async () => {
    await allow(owner.accountId, 1000);
    const id = newId<UploadId>();
    const sent = request(`${vault.url}${path}`, {
      method: 'POST',
      headers: {
        authorization: `Bearer ${owner.token}`,
        'tus-resumable': '1.0.0',
        'upload-length': '5000000',
        'upload-metadata': `id ${Buffer.from(id).toString('base64')}`,
        'content-type': 'application/offset+octet-stream',
        'content-length': '5000000',
      },
    });
    sent.on('error', () => undefined);
    // The head alone: whoever waited for the body would wait for ever.
    sent.flushHeaders();
    const [response] = (await once(sent, 'response')) as [{ statusCode: number }];
    expect(response.statusCode).toBe(413);
    sent.destroy();
    expect(await vault.db.upload.findUnique({ where: { id } })).toBeNull();
    expect(vault.places.filter(({ disk }) => disk.peek(`tmp/${id}`))).toEqual([]);
  });

  it('holds against many uploads at once', async () => {
    await allow(owner.accountId, 10_000);
    const answers = await Promise.all(Array.from({ length: 30 }, () => begin(owner, 999)));
    expect(answers.filter(({ status }) => status === 201)).toHaveLength(10);
    expect(answers.filter(({ status }) => status === 413)).toHaveLength(20);
    expect((await usage()).openBytes).toBe(9990);
  });

  it('counts a repeated creation once', async () => {
    await allow(owner.accountId, 1000);
    const id = newId<UploadId>();
    const answers = await Promise.all(Array.from({ length: 5 }, () => begin(owner, 900, id)));
    expect(answers.map(({ status }) => status)).toEqual([201, 201, 201, 201, 201]);
    expect((await usage()).openBytes).toBe(900);
  });

  it('is free again of an upload that was discarded or swept, and not of one that is only interrupted', async () => {
    await allow(owner.accountId, 1000);
    const [kept, id] = [newId<UploadId>(), newId<UploadId>()];
    await begin(owner, 300, kept);
    await begin(owner, 700, id);
    expect((await begin(owner, 700)).status).toBe(413);
    expect((await discard(owner, id)).status).toBe(204);
    expect((await begin(owner, 700)).status).toBe(201);
    expect((await begin(owner, 300)).status).toBe(413);
    await vault.db.upload.deleteMany({ where: { id: kept } });
    expect((await begin(owner, 300)).status).toBe(201);
  });

  it('is asked again when photos are stored, since it may have become smaller', async () => {
    const [first, second] = [await sealTestObject(owner), await sealTestObject(owner)];
    const uploads = [
      { ...first, uploadId: await vault.upload(owner, first.bytes) },
      { ...second, uploadId: await vault.upload(owner, second.bytes) },
    ] as const;
    await allow(owner.accountId, first.bytes.length + second.bytes.length - 1);
    const [one, two] = await vault.commit(owner, ...uploads);
    expect(one!.status).toBe('stored');
    expect(two).toMatchObject({ status: 'refused', code: 'quota-exceeded' });
    expect(await usage()).toMatchObject({ photos: 1, bytes: first.bytes.length });
    // Nothing of it became an object, and the upload is still there for when there is room.
    expect(vault.places.filter(({ disk }) => disk.peek(objectFile(second.object)))).toEqual([]);
    await allow(owner.accountId, null);
    expect((await vault.commit(owner, uploads[1]))[0]!.status).toBe('stored');
    expect(await vault.commit(owner, ...uploads)).toMatchObject([
      { status: 'already-stored' },
      { status: 'already-stored' },
    ]);
    expect(await usage()).toMatchObject({
      photos: 2,
      bytes: first.bytes.length + second.bytes.length,
      openBytes: 0,
    });
  });
});

describe('the quota of a family', () => {
  it('is for all its members together, as they are now', async () => {
    const familyId = familyOf(owner);
    const other = await vault.person('adult', familyId);
    await allowFamily(familyId, 10_000);
    expect((await begin(owner, 6000)).status).toBe(201);
    expect(await refusal(await begin(other, 5000))).toMatchObject({
      code: 'quota-exceeded',
      detail: expect.stringMatching(/^The storage of your family is full/),
    });
    expect((await usage(other)).family).toEqual({ bytes: 0, openBytes: 6000, quota: 10_000 });

    vault.changeStanding(owner, { family: { familyId: newId<FamilyId>(), role: 'owner' } });
    expect((await begin(other, 5000)).status).toBe(201);
    expect((await usage(other)).family).toEqual({ bytes: 0, openBytes: 5000, quota: 10_000 });

    vault.changeStanding(owner, { family: { familyId, role: 'adult' } });
    expect((await begin(other, 1)).status).toBe(413);
  });

  it('holds against members who upload at once', async () => {
    const familyId = familyOf(owner);
    const members = [owner, await vault.person('adult', familyId), await vault.person('child', familyId)];
    await allowFamily(familyId, 10_000);
    await allow(owner.accountId, 2000);
    const answers = await Promise.all(
      members.flatMap((one) => Array.from({ length: 12 }, () => begin(one, 999))),
    );
    expect(answers.filter(({ status }) => status === 201)).toHaveLength(10);
    const open = await vault.db.upload.groupBy({ by: ['accountId'], _count: true });
    expect(open.find(({ accountId }) => accountId === owner.accountId)?._count ?? 0).toBeLessThanOrEqual(2);
  });
});

describe('what is kept', () => {
  const stored = async (person: TestPerson) => (await vault.store(person)).bytes.length;

  it('counts what is in the trash, until it is deleted for good', async () => {
    const { photoId, bytes } = await vault.store(owner);
    const rest = await stored(owner);
    const { libraryId } = owner;
    await vault.db.photo.update({
      where: { id: photoId },
      data: { trashedAt: new Date(Date.now() - limits.trashMs - 1000) },
    });
    expect(await usage()).toMatchObject({
      photos: 2,
      bytes: bytes.length + rest,
      trashedBytes: bytes.length,
    });
    await vault.db.photo.update({ where: { id: photoId }, data: { emptiedAt: new Date() } });
    await purge(libraryId);
    expect(await usage()).toMatchObject({ photos: 1, bytes: rest, trashedBytes: 0 });
  });

  it('is told to staff for people and families, in their order', async () => {
    const familyId = familyOf(owner);
    const other = await vault.person('adult', familyId);
    const stranger = newId<AccountId>();
    const sizes = [await stored(owner), await stored(owner), await stored(other)];
    await allow(other.accountId, 77);
    await allowFamily(familyId, 1e9);
    const began = await begin(owner, 123);
    expect(began.status).toBe(201);
    const body = {
      accountIds: [other.accountId, stranger, owner.accountId],
      familyIds: [familyId, newId<FamilyId>()],
    };
    const { accounts, families } = await vault.call(operator, vaultStaffRoutes.usage, { body });
    const unlimited = { bytes: null, isDefault: true };
    const lastBackupAt = expect.any(Date);
    const none = { photos: 0, bytes: 0, openBytes: 0, quota: unlimited, lastBackupAt: null };
    expect(accounts).toEqual([
      {
        accountId: other.accountId,
        photos: 1,
        bytes: sizes[2],
        openBytes: 0,
        quota: { bytes: 77, isDefault: false },
        lastBackupAt,
      },
      { accountId: stranger, ...none },
      {
        accountId: owner.accountId,
        photos: 2,
        bytes: sizes[0]! + sizes[1]!,
        openBytes: 123,
        quota: unlimited,
        lastBackupAt,
      },
    ]);
    expect(families).toEqual([
      {
        familyId,
        members: 2,
        photos: 3,
        bytes: sizes[0]! + sizes[1]! + sizes[2]!,
        openBytes: 123,
        quota: { bytes: 1e9, isDefault: false },
        lastBackupAt,
      },
      { familyId: body.familyIds[1], members: 0, ...none },
    ]);
  });

  it('is for nobody but staff and the person', async () => {
    const body = { accountIds: [owner.accountId], familyIds: [] };
    await expect(vault.call(owner, vaultStaffRoutes.usage, { body })).rejects.toMatchObject({ status: 403 });
    const params = { accountId: owner.accountId };
    await expect(
      vault.call(owner, vaultStaffRoutes.setAccountQuota, { params, body: { bytes: null } }),
    ).rejects.toMatchObject({ status: 403 });
    await expect(vault.call(operator, quotaRoutes.ownUsage, {})).rejects.toMatchObject({ status: 403 });
  });
});

describe('the defaults of the installation', () => {
  it('hold for whom no operator has set anything', async () => {
    await using strict = await TestVault.start({
      env: { HEIRLOOM_VAULT_PERSON_QUOTA: '1MiB', HEIRLOOM_VAULT_FAMILY_QUOTA: '1.5 MiB' },
    });
    const someone = await strict.person();
    expect(await strict.call(someone, quotaRoutes.ownUsage, {})).toMatchObject({
      quota: 1_048_576,
      family: { quota: 1_572_864 },
    });
    const full = await strict.fetch(someone, 'POST', path, {
      headers: {
        'tus-resumable': '1.0.0',
        'upload-length': '1048577',
        'upload-metadata': `id ${Buffer.from(newId()).toString('base64')}`,
      },
    });
    expect(full.status).toBe(413);
    expect(await strict.store(someone, { size: 1000 })).toMatchObject({ result: { status: 'stored' } });
  });
});

/** As the job does when the time has come. */
async function purge(libraryId: string): Promise<void> {
  const queue = new PurgeQueue(
    vault.db,
    new Locations(
      vault.places.map(({ location }) => location),
      2,
    ),
  );
  await queue.begin(100);
  await queue.mark();
  for (let tasks = await queue.lease(10); tasks.length > 0; tasks = await queue.lease(10))
    for (const task of tasks) await queue.removed(task);
  await queue.finish(100);
  expect(await vault.db.photo.count({ where: { libraryId } })).toBe(1);
}
