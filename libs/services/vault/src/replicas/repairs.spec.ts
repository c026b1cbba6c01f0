import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { memoryLocation, objectFile } from '@heirloom/blob-store';
import {
  newId,
  vaultMessages,
  type BadCopy,
  type LocationId,
  type MessageInput,
  type ObjectName,
} from '@heirloom/contracts';
import {
  eventually,
  sha256,
  TestVault,
  type SealedTestObject,
  type TestPerson,
} from '../vault.spec-helper.ts';

let vault: TestVault;
let owner: TestPerson;
beforeAll(async () => {
  vault = await TestVault.start();
  owner = await vault.person();
});
afterAll(() => vault[Symbol.asyncDispose]());
afterEach(() => vault.places.forEach(({ disk }) => disk.heal()));

const ids = ['a', 'b', 'c'] as LocationId[];
const place = (id: string) => vault.places.find((one) => one.id === id)!;
const peek = (id: string, object: ObjectName) => place(id).disk.peek(objectFile(object));
const rowsOf = (objectName: ObjectName) =>
  vault.db.replica.findMany({ where: { objectName }, orderBy: { locationId: 'asc' } });
const statesOf = async (object: ObjectName) => (await rowsOf(object)).map(({ state }) => state).join();
const becomes = (object: ObjectName, ...states: string[]) =>
  eventually(async () => (await statesOf(object)) === states.join());
const intact = ['present', 'present', 'present'];

async function stored(): Promise<SealedTestObject> {
  const one = await vault.store(owner, { size: 100_000 });
  await becomes(one.object, ...intact);
  return one;
}

const report = (...findings: [locationId: LocationId, object: ObjectName, kind: BadCopy][]) =>
  vault.asChecker(async (bus) => {
    const all = findings.map(([locationId, object, kind]) => ({ locationId, object, kind }));
    return (await bus.ask(vaultMessages.reportFindings, { findings: all })).answers;
  });
const repairsOf = (object: ObjectName) =>
  vault.asChecker(async (bus) => {
    const copies = ids.map((locationId) => ({ locationId, object }));
    return (await bus.ask(vaultMessages.repairsOf, { copies })).states;
  });

/** Hashes of what is in quarantine for an object. */
async function quarantined(id: string, object: ObjectName): Promise<string[]> {
  const { disk } = place(id);
  const entries = await disk.readdir('quarantine').catch(() => []);
  return entries
    .filter(({ name }) => name.startsWith(object))
    .map(({ name }) => sha256(disk.peek(`quarantine/${name}`)!));
}
/** Everything on all disks, by path. */
async function everything(): Promise<Record<string, string>> {
  const found: Record<string, string> = {};
  for (const { id, disk } of vault.places) {
    const walk = async (folder: string): Promise<void> => {
      for (const { name, kind } of await disk.readdir(folder)) {
        const path = folder === '' ? name : `${folder}/${name}`;
        if (kind === 'directory') await walk(path);
        else found[`${id}/${path}`] = sha256(disk.peek(path)!);
      }
    };
    await walk('');
  }
  return found;
}
const flipped = (bytes: Uint8Array) => bytes.with(777, bytes[777]! ^ 8);

describe('a repair', () => {
  it.each([
    ['damaged', flipped],
    ['short', (bytes: Uint8Array) => bytes.slice(0, -1)],
    ['damaged', (bytes: Uint8Array) => new Uint8Array([...bytes, 0])],
  ] as const)('replaces a copy that is %s and keeps the old bytes in quarantine', async (kind, damage) => {
    const { object, bytes } = await stored();
    const bad = damage(bytes);
    place('b').disk.tamper(objectFile(object), bad);
    expect(await report([ids[1]!, object, kind])).toEqual(['repairing']);
    await becomes(object, ...intact);
    expect(sha256(peek('b', object)!)).toBe(object);
    expect(await quarantined('b', object)).toEqual([sha256(bad)]);
    expect(await repairsOf(object)).toEqual(intact);
  });

  it('makes a copy that is missing', async () => {
    const { object } = await stored();
    place('c').disk.tamper(objectFile(object), undefined);
    expect(await report([ids[2]!, object, 'missing'])).toEqual(['repairing']);
    await becomes(object, ...intact);
    expect(sha256(peek('c', object)!)).toBe(object);
    expect(await quarantined('c', object)).toEqual([]);
  });

  it('leaves a copy alone that only the reader thought to be bad, even if all are reported', async () => {
    const { object } = await stored();
    const before = await everything();
    await report(...ids.map((id): [LocationId, ObjectName, BadCopy] => [id, object, 'damaged']));
    await becomes(object, ...intact);
    expect(await everything()).toEqual(before);
  });

  it('raises the alarm and changes nothing when all copies are bad', async () => {
    const { object, bytes } = await stored();
    place('a').disk.tamper(objectFile(object), flipped(bytes));
    place('b').disk.tamper(objectFile(object), bytes.slice(0, 10));
    place('c').disk.tamper(objectFile(object), undefined);
    const before = await everything();
    await report([ids[0]!, object, 'damaged']);
    await becomes(object, 'damaged', 'damaged', 'missing');
    await eventually(async () =>
      vault.errors.some(({ msg, object: of }) => msg?.startsWith('ALARM') && of === object),
    );
    expect(await report([ids[1]!, object, 'short'], [ids[2]!, object, 'missing'])).toEqual([
      'unrepairable',
      'unrepairable',
    ]);
    expect(await repairsOf(object)).toEqual(['unrepairable', 'unrepairable', 'unrepairable']);
    await eventually(async () =>
      (await rowsOf(object)).every(({ leaseId, attempts }) => attempts > 0 && !leaseId),
    );
    expect(await everything()).toEqual(before);

    // A disk with a good copy comes back: what was lost is whole again, without being asked.
    place('c').disk.tamper(objectFile(object), bytes);
    await vault.db.replica.updateMany({
      where: { objectName: object, locationId: 'c' },
      data: { dueAt: new Date() },
    });
    await vault.store(owner);
    await becomes(object, ...intact);
    for (const id of ids) expect(sha256(peek(id, object)!)).toBe(object);
  });

  it.each([
    ['other bytes', flipped],
    ['fewer bytes', (bytes: Uint8Array) => bytes.slice(5)],
  ])('does not take %s for a copy that was still to be made', async (_what, damage) => {
    const { object, bytes } = await stored();
    place('b').disk.tamper(objectFile(object), damage(bytes));
    await vault.db.replica.updateMany({
      where: { objectName: object, locationId: 'b' },
      data: { state: 'wanted', dueAt: new Date() },
    });
    await vault.store(owner);
    await becomes(object, ...intact);
    expect(sha256(peek('b', object)!)).toBe(object);
    expect(await quarantined('b', object)).toEqual([sha256(damage(bytes))]);
  });

  it('takes another source when the first one is bad as well, and repairs both', async () => {
    const { object, bytes } = await stored();
    place('a').disk.tamper(objectFile(object), flipped(bytes));
    place('b').disk.tamper(objectFile(object), undefined);
    expect(await report([ids[0]!, object, 'damaged'])).toEqual(['repairing']);
    await eventually(async () => sha256(peek('a', object)!) === object);
    await report([ids[1]!, object, 'missing']);
    await becomes(object, ...intact);
    for (const id of ids) expect(sha256(peek(id, object)!)).toBe(object);
    expect(await quarantined('a', object)).toEqual([sha256(flipped(bytes))]);
  });

  it.each(['damaged', 'missing'] as const)(
    'is finished by another process when the first one was killed: %s',
    async (state) => {
      const { object, bytes } = await stored();
      await using _other = await vault.second();
      // As a kill leaves it, before the move or between it and the commit, with a lease that runs out.
      if (state === 'damaged') place('b').disk.tamper(objectFile(object), flipped(bytes));
      else await place('b').location.quarantine(object);
      const until = Date.now() + 4000;
      await vault.db.replica.updateMany({
        where: { objectName: object, locationId: 'b' },
        data: { state, leaseId: newId(), dueAt: new Date(until) },
      });
      await vault.store(owner);
      await new Promise((resolve) => setTimeout(resolve, 500));
      if (Date.now() < until) expect((await rowsOf(object))[1]!.state).toBe(state);
      await new Promise((resolve) => setTimeout(resolve, Math.max(0, until - Date.now())));
      await vault.store(owner);
      await becomes(object, ...intact);
      expect(sha256(peek('b', object)!)).toBe(object);
    },
  );

  it('by two processes at once leaves good copies and loses no bytes', async () => {
    await using _other = await vault.second();
    const all = await Promise.all(Array.from({ length: 6 }, stored));
    for (const { object, bytes } of all) place('a').disk.tamper(objectFile(object), flipped(bytes));
    await report(...all.map(({ object }): [LocationId, ObjectName, BadCopy] => [ids[0]!, object, 'damaged']));
    for (const { object, bytes } of all) {
      await becomes(object, ...intact);
      expect(sha256(peek('a', object)!)).toBe(object);
      expect(await quarantined('a', object)).toContain(sha256(flipped(bytes)));
    }
  });

  it('waits for a location that has no room, and leaves the bad copy where it is', async () => {
    const { object, bytes } = await stored();
    place('b').disk.tamper(objectFile(object), flipped(bytes));
    place('b').disk.inject({ on: 'write', times: 1_000_000, error: 'ENOSPC' });
    await report([ids[1]!, object, 'damaged']);
    await eventually(async () => {
      const [, row] = await rowsOf(object);
      return row!.attempts > 0 && row!.leaseId === null;
    });
    expect(sha256(peek('b', object)!)).toBe(sha256(flipped(bytes)));
    expect(await place('b').location.sweepStages(-1000)).toBe(0);
    place('b').disk.heal();
    await vault.db.replica.updateMany({ where: { objectName: object }, data: { dueAt: new Date() } });
    await vault.store(owner);
    await becomes(object, ...intact);
  });

  it('does not believe a location that gives back other bytes than it was given', async () => {
    const { object } = await stored();
    const { disk } = place('b');
    disk.tamper(objectFile(object), undefined);
    // The sealed photo is read in one piece: the first read after the copy was made is the check.
    const other = await memoryLocation({ id: 'b', disk });
    expect(await other.stat(object)).toBeUndefined();
    disk.inject({ on: 'read', nth: 1, times: 1_000_000, bitFlip: true });
    await report([ids[1]!, object, 'missing']);
    await eventually(async () => {
      const [, row] = await rowsOf(object);
      return row!.attempts > 0 && row!.leaseId === null;
    });
    expect((await rowsOf(object))[1]!.state).toBe('missing');
    disk.heal();
    await vault.db.replica.updateMany({ where: { objectName: object }, data: { dueAt: new Date() } });
    await vault.store(owner);
    await becomes(object, ...intact);
    expect(sha256(peek('b', object)!)).toBe(object);
  });
});

describe('a report', () => {
  it('may be repeated, and is ignored where there is nothing to repair', async () => {
    const { object } = await stored();
    const unknown = sha256(new Uint8Array([1]));
    expect(await report(['z' as LocationId, object, 'damaged'], [ids[0]!, unknown, 'missing'])).toEqual([
      'ignored',
      'ignored',
    ]);
    await vault.db.replica.updateMany({
      where: { objectName: object, locationId: 'c' },
      data: { state: 'wanted', dueAt: new Date(Date.now() + 60_000) },
    });
    expect(await report([ids[2]!, object, 'missing'])).toEqual(['ignored']);
    expect(await repairsOf(object)).toEqual(['present', 'present', 'pending']);
    await report([ids[0]!, object, 'damaged']);
    await report([ids[0]!, object, 'damaged']);
    await becomes(object, 'present', 'present', 'wanted');
  });
});

describe('a slice', () => {
  const slice = (input: Partial<MessageInput<typeof vaultMessages.replicaSlice>>) =>
    vault.asChecker((bus) =>
      bus.ask(vaultMessages.replicaSlice, { locationId: ids[0]!, from: '', limit: 500, ...input }),
    );

  it('holds what a location should have, in order, page by page and between its bounds', async () => {
    const mine = await Promise.all(Array.from({ length: 5 }, stored));
    await vault.db.replica.updateMany({
      where: { objectName: mine[0]!.object, locationId: 'a' },
      data: { state: 'wanted', dueAt: new Date(Date.now() + 60_000) },
    });
    const all = await slice({});
    const names = all.copies.map(({ object }) => object);
    expect(names).toEqual([...names].sort());
    expect(names).toHaveLength(await vault.db.storedObject.count());
    expect(all.next).toBeNull();
    for (const [i, { object, bytes }] of mine.entries())
      expect(all.copies.find((copy) => copy.object === object)).toEqual({
        object,
        objectBytes: bytes.length,
        state: i === 0 ? 'wanted' : 'present',
      });
    const first = await slice({ limit: 2 });
    const rest = await slice({ after: first.next! });
    expect([...first.copies, ...rest.copies]).toEqual(all.copies);
    expect((await slice({ from: '4', to: 'a2' })).copies.map(({ object }) => object)).toEqual(
      names.filter((name) => name >= '4' && name < 'a2'),
    );
    expect((await slice({ locationId: 'nowhere' as LocationId })).copies).toEqual([]);
  });
});
