import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { vaultRoutes } from '@heirloom/contracts';
import { eventually, TestVault, type TestPerson } from '../vault.spec-helper.ts';

let vault: TestVault;
let operator: TestPerson;
let owner: TestPerson;
beforeAll(async () => {
  vault = await TestVault.start();
  [operator, owner] = [await vault.operator(), await vault.person()];
});
afterAll(() => vault[Symbol.asyncDispose]());

const locations = async () => (await vault.call(operator, vaultRoutes.locations, {})).locations;

describe('the list of locations', () => {
  it('shows each with its state, its room and its copies', async () => {
    const nothing = { wanted: 0, present: 0, damaged: 0, missing: 0 };
    expect((await locations()).map(({ copies }) => copies)).toEqual([nothing, nothing, nothing]);
    const { bytes, object } = await vault.store(owner, { size: 50_000 });
    await eventually(async () => (await vault.db.replica.count({ where: { state: 'present' } })) === 3);
    const due = new Date(Date.now() + 60_000);
    await vault.db.replica.updateMany({
      where: { objectName: object, locationId: 'b' },
      data: { state: 'damaged', dueAt: due },
    });
    await vault.db.storedObject.create({
      data: {
        name: 'f'.repeat(64),
        sizeBytes: 7n,
        replicas: { create: { locationId: 'attic', state: 'present', dueAt: due } },
      },
    });
    const [a, b, c, attic, ...more] = await locations();
    expect(more).toEqual([]);
    expect(a).toEqual({
      locationId: 'a',
      region: 'a',
      driver: 'memory',
      state: 'writable',
      problem: null,
      freeBytes: expect.any(Number),
      totalBytes: expect.any(Number),
      usedBytes: bytes.length,
      copies: { ...nothing, present: 1 },
    });
    expect(b).toMatchObject({ usedBytes: 0, copies: { ...nothing, damaged: 1 } });
    expect(c).toMatchObject({ locationId: 'c', copies: { ...nothing, present: 1 } });
    expect(attic).toMatchObject({
      locationId: 'attic',
      state: 'removed',
      driver: null,
      freeBytes: null,
      usedBytes: 7,
      copies: { ...nothing, present: 1 },
    });
  });

  it('is for operators only', async () => {
    await expect(vault.call(owner, vaultRoutes.locations, {})).rejects.toMatchObject({ status: 403 });
    expect((await fetch(`${vault.url}${vaultRoutes.locations.path}`)).status).toBe(401);
    const { libraryId } = operator;
    await expect(vault.call(operator, vaultRoutes.summary, { params: { libraryId } })).rejects.toMatchObject({
      status: 403,
    });
  });
});

describe('a location that does not answer', () => {
  it('is shown as unavailable, with the reason', async () => {
    await using broken = await TestVault.start();
    const someone = await broken.operator();
    broken.places[1]!.disk.inject({ on: 'any', times: 1_000_000, error: 'EIO' });
    broken.places[2]!.disk.inject({ on: 'write', times: 1_000_000, error: 'EROFS' });
    const { locations: all } = await broken.call(someone, vaultRoutes.locations, {});
    expect(all.map(({ state }) => state)).toEqual(['writable', 'unavailable', 'read-only']);
    expect(all.map(({ problem }) => problem === null)).toEqual([true, false, false]);
    broken.places.forEach(({ disk }) => disk.heal());
  });
});
