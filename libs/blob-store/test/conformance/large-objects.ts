import { createHash } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import { newId, type ObjectName, type UploadId } from '@heirloom/contracts';
import { memoryGauge } from '../../src/testing/memory-gauge.ts';
import { seeded } from '../bytes.ts';
import type { CurrentFixture } from '../conformance.ts';

const MiB = 1024 * 1024;
/** A driver in memory keeps the object and the stage, so its object is smaller. */
const sizeBytesOf = (isInMemory: boolean): number => (isInMemory ? 64 : 128) * MiB;
/** What a driver may hold of a transfer: parts of an S3 upload, and what waits in sockets on a busy machine. */
const allowanceBytes = 80 * MiB;

const block = seeded(256 * 1024, 'a large object');

function nameOfLarge(blocks: number): ObjectName {
  const hash = createHash('sha256');
  for (let i = 0; i < blocks; i++) hash.update(block);
  return hash.digest('hex') as ObjectName;
}

export function describeLargeObjects(current: CurrentFixture): void {
  describe('a large object', () => {
    it('is put, staged, and read in bounded memory', async () => {
      const { location, isInMemory } = current();
      const sizeBytes = sizeBytesOf(isInMemory);
      const blocks = sizeBytes / block.length;
      const name = nameOfLarge(blocks);
      const gauge = memoryGauge();
      async function* source() {
        for (let i = 0; i < blocks; i++) {
          if (i % 32 === 0) gauge.sample();
          yield block;
        }
      }
      await location.put(name, source(), sizeBytes);
      const stage = await location.openStage(newId<UploadId>());
      expect(await stage.append(0, source())).toBe(sizeBytes);

      for (const body of [(await location.get(name)).body, stage.read()]) {
        const hash = createHash('sha256');
        let length = 0;
        for await (const chunk of body) {
          hash.update(chunk);
          length += chunk.length;
          if (length % (8 * MiB) === 0) gauge.sample();
        }
        expect(hash.digest('hex')).toBe(name);
      }
      // The object and the stage are all that a driver in memory may keep.
      expect(gauge.peak()).toBeLessThan(allowanceBytes + (isInMemory ? 2 * sizeBytes : 0));
    });
  });
}
