import { describe, expect, it } from '@jest/globals';
import { newId, type ObjectName, type UploadId } from '@heirloom/contracts';
import { readOnly } from '../../src/index.ts';
import { chunked, collect, cutAfter, hashOf, nameOf, seeded } from '../bytes.ts';
import type { CurrentFixture } from '../conformance.ts';

const photo = seeded(700_001, 'photo');
const name = nameOf(photo);
const absent = nameOf(seeded(10, 'absent'));

export function describeObjects(current: CurrentFixture): void {
  describe('objects', () => {
    it('gives back what was put, to this and to another process', async () => {
      const { location, reopen } = current();
      await location.put(name, chunked(photo), photo.length);
      for (const reader of [location, await reopen()]) {
        const { sizeBytes, body } = await reader.get(name);
        expect(sizeBytes).toBe(photo.length);
        expect(await hashOf(body)).toBe(name);
        expect(await reader.stat(name)).toEqual({ sizeBytes: photo.length });
      }
    });

    it('keeps an empty object', async () => {
      const { location } = current();
      const empty = new Uint8Array();
      await location.put(nameOf(empty), chunked(empty), 0);
      const { sizeBytes, body } = await location.get(nameOf(empty));
      expect([sizeBytes, await collect(body)]).toEqual([0, empty]);
    });

    it('takes chunks of one byte and of none', async () => {
      const { location } = current();
      const bytes = seeded(3000, 'drops');
      async function* drops() {
        for await (const chunk of chunked(bytes, 1)) {
          yield chunk;
          yield new Uint8Array();
        }
      }
      await location.put(nameOf(bytes), drops(), bytes.length);
      expect(await hashOf((await location.get(nameOf(bytes))).body)).toBe(nameOf(bytes));
    });

    it('knows nothing of an object that is not there', async () => {
      const { location } = current();
      expect(await location.stat(absent)).toBeUndefined();
      await expect(location.get(absent)).rejects.toMatchObject({ code: 'not-found' });
    });

    it.each([
      [0, 1],
      [0, 0],
      [700_001, 0],
      [262_143, 3],
      [262_144, 262_144],
      [1, 700_000],
      [700_000, 1],
    ])('gives the range at %d of length %d', async (offset, length) => {
      const { location } = current();
      await location.put(name, chunked(photo), photo.length);
      const { sizeBytes, body } = await location.get(name, { offset, length });
      expect(sizeBytes).toBe(photo.length);
      expect(Buffer.from(await collect(body)).equals(photo.subarray(offset, offset + length))).toBe(true);
    });

    it.each([
      [0, 700_002],
      [700_001, 1],
      [-1, 1],
      [1, -1],
      [0.5, 1],
      [Number.NaN, 1],
      [Number.MAX_SAFE_INTEGER, 1],
    ])('refuses the range at %d of length %d', async (offset, length) => {
      const { location } = current();
      await location.put(name, chunked(photo), photo.length);
      await expect(location.get(name, { offset, length })).rejects.toMatchObject({
        code: 'range-not-satisfiable',
      });
    });

    it('lets a reader stop early and leave a body unread', async () => {
      const { location } = current();
      await location.put(name, chunked(photo), photo.length);
      await location.get(name);
      for await (const chunk of (await location.get(name)).body) {
        expect(chunk.length).toBeGreaterThan(0);
        break;
      }
      expect(await hashOf((await location.get(name)).body)).toBe(name);
    });

    it.each([
      '',
      'abc',
      '../../etc/passwd',
      `${'a'.repeat(63)}/`,
      'A'.repeat(64),
      'g'.repeat(64),
      `${'a'.repeat(64)}\0`,
    ])('refuses the name %j everywhere', async (wrong) => {
      const { location } = current();
      const bad = wrong as ObjectName;
      const stage = await location.openStage(newId<UploadId>());
      for (const attempt of [
        () => location.get(bad),
        () => location.stat(bad),
        () => location.put(bad, chunked(photo), photo.length),
        () => stage.commit(bad, 0),
        () => location.openStage(wrong as UploadId),
      ]) {
        await expect(async () => attempt()).rejects.toMatchObject({ code: 'bad-request' });
      }
    });
  });

  describe('put', () => {
    it('closes the source unread when the object is there', async () => {
      const { location } = current();
      await location.put(name, chunked(photo), photo.length);
      let isClosed = false;
      const source: AsyncIterable<Uint8Array> = {
        [Symbol.asyncIterator]: () => ({
          next: () => Promise.reject(new Error('read although the object is there')),
          return: async () => {
            isClosed = true;
            return { done: true, value: undefined };
          },
        }),
      };
      await location.put(name, source, photo.length);
      expect(isClosed).toBe(true);
    });

    it('refuses another size for an object that is there', async () => {
      const { location } = current();
      await location.put(name, chunked(photo), photo.length);
      await expect(location.put(name, chunked(photo), 5)).rejects.toMatchObject({ code: 'conflict' });
      expect(await location.stat(name)).toEqual({ sizeBytes: photo.length });
    });

    it.each([
      ['one bit is wrong', Uint8Array.from(photo, (byte, i) => (i === 699_999 ? byte ^ 1 : byte))],
      ['it is too short', photo.subarray(0, 700_000)],
      ['it is too long', Uint8Array.from([...photo, 0])],
      ['it is empty', new Uint8Array()],
    ])('stores nothing when %s', async (_what, bytes) => {
      const { location } = current();
      await expect(location.put(name, chunked(bytes), photo.length)).rejects.toMatchObject({
        code: 'hash-mismatch',
      });
      expect(await location.stat(name)).toBeUndefined();
      expect(await location.sweepStages(-1000)).toBe(0);
    });

    it('does not swallow a source that never ends', async () => {
      const { location } = current();
      let given = 0;
      async function* endless() {
        for (;;) {
          given += 1000;
          yield new Uint8Array(1000);
        }
      }
      await expect(location.put(name, endless(), 10_000)).rejects.toMatchObject({ code: 'hash-mismatch' });
      expect(given).toBeLessThanOrEqual(12_000);
    });

    it("passes the source's own error on and leaves nothing behind", async () => {
      const { location } = current();
      const cut = Object.assign(new Error('cut'), { code: 'ECONNRESET' });
      await expect(location.put(name, cutAfter(photo.subarray(0, 5000), cut), photo.length)).rejects.toBe(
        cut,
      );
      expect(await location.stat(name)).toBeUndefined();
      expect(await location.sweepStages(-1000)).toBe(0);
    });

    it('works when several put the same object at once', async () => {
      const { location, reopen } = current();
      const other = await reopen();
      await Promise.all(
        [location, other, location, other].map((at) => at.put(name, chunked(photo), photo.length)),
      );
      expect((await location.list({ limit: 10 })).entries).toEqual([{ name, sizeBytes: photo.length }]);
      expect(await hashOf((await location.get(name)).body)).toBe(name);
    });
  });

  describe('health', () => {
    it('is good, and a probe leaves nothing behind', async () => {
      const { location } = current();
      const health = await location.probe();
      expect(health).toMatchObject({ readable: true, writable: true });
      expect(health.problem).toBeUndefined();
      if (health.freeBytes !== undefined) {
        expect(health.freeBytes).toBeGreaterThan(0);
        expect(health.totalBytes).toBeGreaterThanOrEqual(health.freeBytes);
      }
      expect(await location.sweepStages(-1000)).toBe(0);
      expect(await location.list({ limit: 10 })).toEqual({ entries: [], unknown: [] });
    });
  });

  describe('a read-only view', () => {
    it('reads and has nothing to write with', async () => {
      const { location } = current();
      await location.put(name, chunked(photo), photo.length);
      const reader = readOnly(location);
      expect(await hashOf((await reader.get(name)).body)).toBe(name);
      expect(await reader.stat(name)).toEqual({ sizeBytes: photo.length });
      expect((await reader.list({ limit: 1 })).entries).toHaveLength(1);
      expect(Object.keys(reader).sort()).toEqual(['driver', 'get', 'id', 'list', 'region', 'stat']);
      expect(Object.getPrototypeOf(reader)).toBe(Object.prototype);
    });
  });
}
