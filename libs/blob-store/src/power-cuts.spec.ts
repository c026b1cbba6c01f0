import { afterAll, describe, expect, it } from '@jest/globals';
import { newId, type ObjectName, type UploadId } from '@heirloom/contracts';
import { chunked, hashOf, nameOf, seeded } from '../test/bytes.ts';
import { quarantinedOn } from '../test/quarantined.ts';
import { MemoryDisk, memoryLocation, objectFile, type Location } from './index.ts';

const photos = Array.from({ length: 4 }, (_, i) => seeded(9000 + i, `photo ${i}`));
const uploads = photos.map(() => newId<UploadId>());

/** Stores the photos, some at once and one twice, and notes each that was acknowledged. */
async function storeAll(location: Location, acknowledged: Set<ObjectName>): Promise<void> {
  const store = async (bytes: Uint8Array, upload: UploadId): Promise<void> => {
    const name = nameOf(bytes);
    const stage = await location.openStage(upload);
    await stage.append(await stage.length(), chunked(bytes, 4000));
    await stage.commit(name, bytes.length);
    acknowledged.add(name);
  };
  const [first, second, third, fourth] = photos as [Uint8Array, Uint8Array, Uint8Array, Uint8Array];
  await store(first, uploads[0]!);
  await Promise.all([
    store(second, uploads[1]!),
    store(second, uploads[2]!),
    location.put(nameOf(third), chunked(third), third.length).then(() => acknowledged.add(nameOf(third))),
  ]);
  await store(fourth, uploads[3]!);
}

/** Everything that is visible is whole, and everything that was acknowledged is visible. */
async function expectSound(location: Location, acknowledged: Set<ObjectName>): Promise<void> {
  const { entries, unknown } = await location.list({ limit: 100 });
  expect(unknown).toEqual([]);
  for (const { name } of entries) expect(await hashOf((await location.get(name)).body)).toBe(name);
  expect(entries.map(({ name }) => name)).toEqual(expect.arrayContaining([...acknowledged]));
}

/** A location with a damaged copy that has been there for long. */
async function damaged(good: Uint8Array, hardLinks: boolean) {
  const disk = new MemoryDisk({ hardLinks });
  const location = await memoryLocation({ disk });
  await location.put(nameOf(good), chunked(good), good.length);
  const bad = good.slice();
  bad[100]! ^= 1;
  disk.tamper(objectFile(nameOf(good)), bad);
  return { disk, bad, location, before: disk.operations };
}

/** Coin tosses that fall the same way in every run. */
function coins(seed: string): () => boolean {
  const tosses = seeded(4096, seed);
  let i = 0;
  return () => (tosses[i++ % tosses.length]! & 1) === 1;
}

async function operationsOfAll(): Promise<number> {
  const disk = new MemoryDisk();
  const location = await memoryLocation({ disk });
  const before = disk.operations;
  await storeAll(location, new Set());
  return disk.operations - before;
}

describe('a power cut at every operation in turn', () => {
  const outcomes = { cuts: 0, acknowledged: 0 };

  it.each([
    ['loses all that was not synced', (_nth: number) => () => false],
    ['loses nothing', (_nth: number) => () => true],
    ['loses some of it', (nth: number) => coins(`some ${nth}`)],
    ['loses other parts of it', (nth: number) => coins(`other ${nth}`)],
    ['loses yet others', (nth: number) => coins(`yet others ${nth}`)],
  ])('that %s loses nothing acknowledged and shows nothing partial', async (_what, survives) => {
    const operations = await operationsOfAll();
    for (let nth = 1; nth <= operations; nth++) {
      const disk = new MemoryDisk();
      const acknowledged = new Set<ObjectName>();
      const location = await memoryLocation({ disk });
      disk.inject({ on: 'any', nth, powerCut: true });
      const end = await storeAll(location, acknowledged).catch((error: unknown) => error);
      // A cut that only keeps a stage from being tidied away is no failure.
      if (end !== undefined) expect(end).toMatchObject({ code: 'unavailable' });
      // Work that ran beside the one that failed ends too before the machine starts again.
      await new Promise((resolve) => setImmediate(resolve));
      disk.crash({ survives: survives(nth) });
      outcomes.cuts++;
      outcomes.acknowledged += acknowledged.size;

      const restarted = await memoryLocation({ disk });
      await expectSound(restarted, acknowledged);
      await restarted.sweepStages(-1000);
      await storeAll(restarted, acknowledged);
      expect(acknowledged.size).toBe(photos.length);
      await expectSound(restarted, acknowledged);
    }
  });

  it('that comes while the location is set up leaves a folder that can be set up', async () => {
    const fresh = new MemoryDisk();
    await memoryLocation({ disk: fresh });
    for (let nth = 1; nth <= fresh.operations; nth++) {
      for (const survives of [() => false, () => true, coins(`set-up ${nth}`)]) {
        const disk = new MemoryDisk();
        disk.inject({ on: 'any', nth, powerCut: true });
        await expect(memoryLocation({ disk })).rejects.toMatchObject({ code: 'unavailable' });
        disk.crash({ survives });
        const location = await memoryLocation({ disk });
        expect(await location.probe()).toMatchObject({ writable: true });
      }
    }
  });

  it.each([
    ['loses all that was not synced', (_nth: number) => () => false],
    ['loses nothing', (_nth: number) => () => true],
    ['loses some of it', (nth: number) => coins(`replacing ${nth}`)],
    ['loses other parts of it', (nth: number) => coins(`replacing otherwise ${nth}`)],
  ])(
    'that %s while a bad copy is replaced loses neither the new bytes nor the old',
    async (_what, survives) => {
      const good = photos[0]!;
      const name = nameOf(good);
      for (const hardLinks of [true, false]) {
        for (let nth = 1, isOver = false; !isOver; nth++) {
          const { disk, bad, location, before } = await damaged(good, hardLinks);
          disk.inject({ on: 'any', nth, powerCut: true });
          const end: unknown = await location
            .replace(name, chunked(good, 4000), good.length)
            .catch((error: unknown) => error);
          isOver = disk.operations - before < nth;
          disk.crash({ survives: survives(nth) });
          const restarted = await memoryLocation({ disk });
          const kept = Object.values(await quarantinedOn(disk)).map(nameOf);
          const there = await restarted.stat(name);
          const now = there && ((await hashOf((await restarted.get(name)).body)) as ObjectName);
          // On a file system without links the order of two directories is all that a rename has.
          if (hardLinks) expect([now, ...kept]).toContain(nameOf(bad));
          expect([name, nameOf(bad), undefined]).toContain(now);
          // Both of the names that the old bytes have for a moment may still be there.
          if (end === 'replaced') expect([now, new Set(kept)]).toEqual([name, new Set([nameOf(bad)])]);

          await restarted.replace(name, chunked(good), good.length);
          expect(await hashOf((await restarted.get(name)).body)).toBe(name);
          if (hardLinks)
            expect(new Set(Object.values(await quarantinedOn(disk)).map(nameOf))).toContain(nameOf(bad));
          if (isOver) expect(nth).toBeGreaterThan(15);
        }
      }
    },
  );

  afterAll(() => {
    // The cuts must come at moments when something was acknowledged and something was not.
    expect(outcomes.cuts).toBeGreaterThan(300);
    expect(outcomes.acknowledged).toBeGreaterThan(outcomes.cuts / 2);
    expect(outcomes.acknowledged).toBeLessThan(outcomes.cuts * photos.length);
  });
});
