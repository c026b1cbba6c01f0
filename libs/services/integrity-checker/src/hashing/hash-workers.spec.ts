import { createHash, randomBytes } from 'node:crypto';
import { afterAll, describe, expect, it } from '@jest/globals';
import { memoryGauge } from '@heirloom/blob-store/testing';
import { HashWorkers } from './hash-workers.ts';

const workers = new HashWorkers(2);
afterAll(() => workers[Symbol.asyncDispose]());

const sha256 = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex');
async function* chunked(bytes: Uint8Array, size: number) {
  for (let at = 0; at < bytes.length; at += size) yield bytes.slice(at, at + size);
}

describe('hashing on other threads', () => {
  it.each([0, 1, 63, 64, 65, 1_000_000])('gives the hash of %i bytes', async (length) => {
    const bytes = new Uint8Array(randomBytes(length));
    expect(await workers.hash(chunked(bytes, 10_007))).toBe(sha256(bytes));
  });

  it('keeps many streams apart', async () => {
    const all = Array.from({ length: 20 }, () => new Uint8Array(randomBytes(50_000)));
    expect(await Promise.all(all.map((bytes) => workers.hash(chunked(bytes, 999))))).toEqual(all.map(sha256));
  });

  it('copies a chunk that shares its memory', async () => {
    const bytes = new Uint8Array(randomBytes(1000));
    async function* views() {
      for (let at = 0; at < bytes.length; at += 100) yield bytes.subarray(at, at + 100);
    }
    expect(await workers.hash(views())).toBe(sha256(bytes));
    expect(bytes.length).toBe(1000);
  });

  it('rejects as the stream does, and goes on with others', async () => {
    const cut = new Error('cut');
    async function* failing() {
      yield new Uint8Array(1000);
      throw cut;
    }
    await expect(workers.hash(failing())).rejects.toBe(cut);
    const bytes = new Uint8Array(randomBytes(1000));
    expect(await workers.hash(chunked(bytes, 100))).toBe(sha256(bytes));
  });

  it('reads no further ahead than it hashes', async () => {
    const [chunks, chunkBytes] = [1600, 256 * 1024];
    const gauge = memoryGauge();
    async function* large() {
      for (let i = 0; i < chunks; i++) {
        yield new Uint8Array(chunkBytes);
        if (i % 50 === 0) gauge.sample();
      }
    }
    const hash = createHash('sha256');
    for (let i = 0; i < chunks; i++) hash.update(new Uint8Array(chunkBytes));
    expect(await workers.hash(large())).toBe(hash.digest('hex'));
    // What the other thread has done with is garbage there, which the gauge cannot collect; all of it would be all there is.
    expect(gauge.peak()).toBeLessThan((chunks * chunkBytes) / 2);
  });
});
