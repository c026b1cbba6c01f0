import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { objectFile } from '@heirloom/blob-store';
import { newId, vaultRoutes, type ObjectName } from '@heirloom/contracts';
import {
  eventually,
  memoryPlaces,
  sealTestObject,
  sha256,
  TestVault,
  type SealedTestObject,
  type TestPerson,
} from '../vault.spec-helper.ts';
import { Locations } from '../locations/locations.ts';
import { CopyLeases } from './copy-leases.ts';

let vault: TestVault;
let owner: TestPerson;
beforeAll(async () => {
  vault = await TestVault.start();
  owner = await vault.person();
});
afterAll(() => vault[Symbol.asyncDispose]());

const rowsOf = (objectName: ObjectName) =>
  vault.db.replica.findMany({ where: { objectName }, orderBy: { locationId: 'asc' } });
const statesOf = async (objectName: ObjectName) =>
  (await rowsOf(objectName)).map(({ state }) => state).sort();
const until = (objectName: ObjectName, ...states: string[]) =>
  eventually(async () => (await statesOf(objectName)).join() === states.join());
const place = (id: string) => vault.places.find((one) => one.id === id)!;

/** Stores a photo and waits until it is everywhere. */
async function storeEverywhere(): Promise<SealedTestObject> {
  const stored = await vault.store(owner, { size: 100_000 });
  await until(stored.object, 'present', 'present', 'present');
  return stored;
}

/** Takes one copy away and asks for it again, with nobody told. */
async function wantAgain(object: ObjectName, locationId: string, dueInMs = 0): Promise<void> {
  place(locationId).disk.tamper(objectFile(object), undefined);
  await vault.db.replica.update({
    where: { objectName_locationId: { objectName: object, locationId } },
    data: { state: 'wanted', dueAt: new Date(Date.now() + dueInMs) },
  });
}

describe('the replicator', () => {
  it('brings each object to every location soon after its commit', async () => {
    const stored = await vault.store(owner);
    await until(stored.object, 'present', 'present', 'present');
    for (const { disk } of vault.places)
      expect(sha256(disk.peek(objectFile(stored.object))!)).toBe(stored.object);
  });

  it('never copies a damaged object: it takes another source, and repairs the damaged one', async () => {
    const { object, bytes } = await storeEverywhere();
    place('a').disk.tamper(objectFile(object), bytes.with(77, bytes[77]! ^ 1));
    // Sources are taken in any order, so the damaged one has its turn before long.
    const isRepaired = () => sha256(place('a').disk.peek(objectFile(object))!) === object;
    for (let i = 0; i < 40 && !isRepaired(); i++) {
      await wantAgain(object, 'c');
      await vault.store(owner);
      await until(object, 'present', 'present', 'present');
      expect(sha256(place('c').disk.peek(objectFile(object))!)).toBe(object);
    }
    expect(isRepaired()).toBe(true);
  });

  it('waits and keeps the row when no source is sound', async () => {
    const { object, bytes } = await storeEverywhere();
    for (const id of ['a', 'b']) place(id).disk.tamper(objectFile(object), bytes.slice(0, -5));
    await wantAgain(object, 'c');
    await vault.store(owner);
    await until(object, 'damaged', 'damaged', 'wanted');
    expect(place('c').disk.peek(objectFile(object))).toBeUndefined();
  });

  it('tries again later where a location has no room', async () => {
    const { object } = await storeEverywhere();
    const next = await sealTestObject(owner);
    const uploadId = await vault.upload(owner, next.bytes);
    await wantAgain(object, 'b');
    place('b').disk.inject({ on: 'write', times: 1_000_000, error: 'ENOSPC' });
    await vault.commit(owner, { ...next, uploadId });
    const row = await eventually(async () => {
      const [, second] = await rowsOf(object);
      return second!.attempts > 0 && second!.leaseId === null && second;
    });
    expect(row.state).toBe('wanted');
    expect((await rowsOf(object)).filter(({ state }) => state === 'present')).toHaveLength(2);
    place('b').disk.heal();
    await vault.db.replica.updateMany({ where: { state: 'wanted' }, data: { dueAt: new Date() } });
    await vault.store(owner);
    await until(object, 'present', 'present', 'present');
  });

  it('takes over what a killed process had leased, once the lease has lapsed', async () => {
    const { object } = await storeEverywhere();
    await wantAgain(object, 'a', 2000);
    await vault.db.replica.updateMany({
      where: { objectName: object, locationId: 'a' },
      data: { leaseId: newId() },
    });
    await vault.store(owner);
    await new Promise((resolve) => setTimeout(resolve, 700));
    expect((await rowsOf(object))[0]!.state).toBe('wanted');
    await new Promise((resolve) => setTimeout(resolve, 1500));
    await vault.store(owner);
    await until(object, 'present', 'present', 'present');
  });
});

describe('leases', () => {
  it('give each copy to one process only', async () => {
    const places = await memoryPlaces('x', 'y');
    const locations = new Locations(
      places.map(({ location }) => location),
      1,
    );
    const names = Array.from({ length: 40 }, () => sha256(crypto.getRandomValues(new Uint8Array(8))));
    await vault.db.storedObject.createMany({ data: names.map((name) => ({ name, sizeBytes: 1n })) });
    await vault.db.replica.createMany({
      data: names.map((objectName) => ({ objectName, locationId: 'y', state: 'wanted' as const })),
    });
    const processes = [1, 2, 3, 4].map(() => new CopyLeases(vault.db, locations));
    const leased = (await Promise.all(processes.map((leases) => leases.lease(15)))).flat();
    const seen = leased.map(({ objectName }) => objectName);
    expect(new Set(seen).size).toBe(seen.length);
    expect(seen.length).toBe(40);
    expect(await processes[0]!.lease(10)).toEqual([]);
    const [task] = leased;
    expect(await processes[0]!.renew(task!)).toBe(true);
    expect(await processes[0]!.renew({ ...task!, leaseId: newId() })).toBe(false);
    await vault.db.replica.deleteMany({ where: { locationId: 'y' } });
  });
});

describe('a library’s summary', () => {
  it('counts photos, versions, bytes and copies', async () => {
    const person = await vault.person();
    const summary = () =>
      vault.call(person, vaultRoutes.summary, { params: { libraryId: person.libraryId } });
    expect(await summary()).toEqual({
      photos: 0,
      trashed: 0,
      versions: 0,
      bytes: 0,
      wantedCopies: 3,
      fewestCopies: null,
      copiesPending: 0,
    });
    const first = await vault.store(person);
    const second = await vault.store(person, { photoId: first.photoId });
    await until(first.object, 'present', 'present', 'present');
    await until(second.object, 'present', 'present', 'present');
    const totals = {
      photos: 1,
      trashed: 0,
      versions: 2,
      bytes: first.bytes.length + second.bytes.length,
      wantedCopies: 3,
    };
    expect(await summary()).toEqual({ ...totals, fewestCopies: 3, copiesPending: 0 });
    await wantAgain(first.object, 'b', 60_000);
    expect(await summary()).toEqual({ ...totals, fewestCopies: 2, copiesPending: 1 });
  });
});
