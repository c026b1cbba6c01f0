import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { newId, type LibraryId } from '@heirloom/contracts';
import type { Jobs } from '@heirloom/service-kit';
import { eventually, TestVault, type TestPerson } from '../vault.spec-helper.ts';
import { Tallies } from './tallies.ts';

let vault: TestVault;
let owner: TestPerson;
let tallies: Tallies;
beforeAll(async () => {
  vault = await TestVault.start();
  owner = await vault.person();
  tallies = new Tallies(vault.db, {} as Jobs);
});
afterAll(() => vault[Symbol.asyncDispose]());

/** What the tallies must say, by counting. */
const counted = () =>
  vault.db.$queryRaw<object[]>`
    SELECT location_id AS "locationId", state, count(*)::float AS copies, sum(o.size_bytes)::float AS bytes
    FROM replicas r JOIN objects o ON o.name = r.object_name
    GROUP BY location_id, state ORDER BY location_id, state`;
const countedOf = async (libraryId: LibraryId) => {
  const photos = await vault.db.photo.count({ where: { libraryId } });
  const versions = await vault.db.version.findMany({ where: { libraryId }, select: { object: true } });
  const bytes = versions.reduce((sum, { object }) => sum + Number(object.sizeBytes), 0);
  return { libraryId, photos, bytes };
};
const agree = async () => {
  expect(await tallies.replicas()).toEqual(await counted());
  const all = await vault.db.photo.groupBy({ by: ['libraryId'] });
  for (const { libraryId } of all as { libraryId: LibraryId }[])
    expect((await tallies.libraries([libraryId]))[0]).toMatchObject(await countedOf(libraryId));
};

describe('tallies', () => {
  it('say what counting would say, whatever changes rows', async () => {
    const other = await vault.person();
    const [first] = await Promise.all([vault.store(owner), vault.store(owner), vault.store(other)]);
    await eventually(async () => (await vault.db.replica.count({ where: { state: 'present' } })) === 9);
    await agree();
    const due = new Date(Date.now() + 3600_000);
    await vault.db.replica.updateMany({ where: { locationId: 'b' }, data: { dueAt: due } });
    await vault.db.replica.updateMany({
      where: { locationId: 'b', object: { version: { libraryId: owner.libraryId } } },
      data: { state: 'damaged', dueAt: due },
    });
    await vault.db.replica.updateMany({ where: { locationId: 'c' }, data: { state: 'missing', dueAt: due } });
    await agree();
    await vault.db.$transaction([
      vault.db.version.deleteMany({ where: { photoId: first.photoId } }),
      vault.db.replica.deleteMany({ where: { objectName: first.object } }),
      vault.db.storedObject.deleteMany({ where: { name: first.object } }),
      vault.db.photo.deleteMany({ where: { id: first.photoId } }),
    ]);
    await agree();
    expect(await tallies.libraries([newId<LibraryId>()])).toEqual([]);
  });

  it('add no row for what changes no figure', async () => {
    const before = await vault.db.replicaTally.count();
    await vault.db.replica.updateMany({ data: { attempts: { increment: 1 } } });
    expect(await vault.db.replicaTally.count()).toBe(before);
  });

  it('vanish with the transaction that made them', async () => {
    const failed = vault.db.$transaction(async (tx) => {
      await tx.replica.updateMany({ data: { state: 'missing' } });
      throw new Error('not today');
    });
    await expect(failed).rejects.toThrow('not today');
    await agree();
  });

  it('are the same after they were folded, and are folded by many at once', async () => {
    const libraryId = newId<LibraryId>();
    const rows = Array.from({ length: 200 }, () => ({ id: newId<string>(), libraryId }));
    for (const data of rows) await vault.db.photo.create({ data });
    expect(await vault.db.libraryTally.count({ where: { libraryId } })).toBe(200);
    let writing = true;
    const writer = (async () => {
      for (let i = 0; writing; i++) {
        const state = i % 2 ? 'missing' : 'damaged';
        await vault.db.replica.updateMany({ where: { locationId: 'a' }, data: { state } });
        await vault.db.photo.create({ data: { id: newId<string>(), libraryId } });
      }
    })();
    for (let round = 0; round < 5; round++) await Promise.all([1, 2, 3].map(() => tallies.fold()));
    writing = false;
    await writer;
    await agree();
    await tallies.fold();
    expect(await vault.db.libraryTally.count({ where: { libraryId } })).toBe(1);
    expect(await vault.db.replicaTally.count()).toBe((await counted()).length);
    await agree();
    expect(await tallies.fold()).toBe((await counted()).length);
  });

  it('are found by whoever writes, wherever their search path leads', async () => {
    const photo = await vault.db.photo.findFirstOrThrow();
    await vault.db.$transaction([
      vault.db.$executeRaw`SET LOCAL search_path TO public`,
      vault.db
        .$executeRaw`INSERT INTO vault.photos (id, library_id) VALUES (${newId()}::uuid, ${photo.libraryId}::uuid)`,
    ]);
    await agree();
  });
});
