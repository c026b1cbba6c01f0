import { createHash, randomBytes } from 'node:crypto';
import { beforeEach, describe, expect, it } from '@jest/globals';
import { MemoryDisk, memoryLocation, objectFile, type Location } from '@heirloom/blob-store';
import type { ObjectName } from '@heirloom/contracts';
import { readCopy } from './read-copy.ts';

const bytes = new Uint8Array(randomBytes(700_001));
const object = createHash('sha256').update(bytes).digest('hex') as ObjectName;
const expected = { object, objectBytes: bytes.length };
const alive = new AbortController().signal;

let disk: MemoryDisk;
let location: Location;
beforeEach(async () => {
  disk = new MemoryDisk();
  location = await memoryLocation({ disk });
  await location.put(object, whole(), bytes.length);
});

async function* whole() {
  yield bytes;
}

describe('reading a copy', () => {
  it('finds a good one intact, having read all of it', async () => {
    expect(await readCopy(location, expected, alive)).toEqual({ state: 'intact', bytesRead: bytes.length });
  });

  it.each([0, 350_000, 700_000])('finds one wrong bit in byte %i', async (at) => {
    const wrong = bytes.slice();
    wrong[at]! ^= 1;
    disk.tamper(objectFile(object), wrong);
    expect(await readCopy(location, expected, alive)).toEqual({ state: 'damaged', bytesRead: bytes.length });
  });

  it('finds a wrong bit that only the reading brings', async () => {
    disk.inject({ on: 'read', nth: 2, bitFlip: true });
    expect((await readCopy(location, expected, alive)).state).toBe('damaged');
    expect((await readCopy(location, expected, alive)).state).toBe('intact');
  });

  it.each([
    ['short', bytes.slice(0, -1)],
    ['short', new Uint8Array()],
    ['damaged', new Uint8Array([...bytes.slice(0, 1000), ...bytes])],
  ] as const)('finds one of another length %s', async (state, other) => {
    disk.tamper(objectFile(object), other);
    expect(await readCopy(location, expected, alive)).toEqual({ state, bytesRead: 0 });
  });

  it('finds one that is gone missing', async () => {
    disk.tamper(objectFile(object), undefined);
    expect(await readCopy(location, expected, alive)).toEqual({ state: 'missing', bytesRead: 0 });
  });

  it('finds one with a broken sector damaged', async () => {
    disk.inject({ on: 'read', nth: 2, error: 'EIO' });
    const { state, bytesRead } = await readCopy(location, expected, alive);
    expect(state).toBe('damaged');
    expect(bytesRead).toBeGreaterThan(0);
  });

  it('does not blame a copy for its location', async () => {
    disk.inject({ on: 'any', times: 1000, error: 'EIO' });
    expect(await readCopy(location, expected, alive)).toEqual({ state: 'unreachable', bytesRead: 0 });
    disk.heal();
    // The disk goes away while it is read.
    disk.inject({ on: 'read', nth: 2, times: 1000, error: 'EIO' });
    disk.inject({ on: 'stat', nth: 2, times: 1000, error: 'EIO' });
    expect((await readCopy(location, expected, alive)).state).toBe('unreachable');
  });

  it('stops in its middle when nobody wants the answer any more', async () => {
    const asker = new AbortController();
    disk.inject({ on: 'read', delayMs: 20, times: 1000 });
    setTimeout(() => asker.abort(new Error('gone')), 30);
    await expect(readCopy(location, expected, asker.signal)).rejects.toThrow('gone');
    const reads = disk.operations;
    await new Promise((resolve) => setTimeout(resolve, 60));
    expect(disk.operations).toBe(reads);
  });
});
