import { describe, expect, it } from '@jest/globals';
import { newId, type UploadId } from '@heirloom/contracts';
import type { Stage } from '../../src/index.ts';
import { chunked, collect, cutAfter, hashOf, nameOf, seeded } from '../bytes.ts';
import type { CurrentFixture } from '../conformance.ts';

const photo = seeded(300_000, 'staged photo');
const name = nameOf(photo);
const upload = newId<UploadId>();

/** A source that waits until it is let go. */
function held(bytes: Uint8Array) {
  const { promise, resolve } = Promise.withResolvers<void>();
  async function* source() {
    yield bytes;
    await promise;
  }
  return { source: source(), letGo: resolve };
}

export function describeStages(current: CurrentFixture): void {
  describe('a stage', () => {
    it('grows, is read back, and becomes the object', async () => {
      const { location } = current();
      const stage = await location.openStage(upload);
      expect(await stage.length()).toBe(0);
      expect(await stage.append(0, chunked(photo.subarray(0, 100_000)))).toBe(100_000);
      expect(await stage.append(100_000, chunked(new Uint8Array()))).toBe(100_000);
      expect(await stage.append(100_000, chunked(photo.subarray(100_000), 777))).toBe(300_000);
      expect(await hashOf(stage.read())).toBe(name);
      expect(await hashOf(stage.read({ offset: 99_999, length: 2 }))).toBe(
        nameOf(photo.subarray(99_999, 100_001)),
      );
      expect(await location.stat(name)).toBeUndefined();

      await stage.commit(name, photo.length);
      expect(await hashOf((await location.get(name)).body)).toBe(name);
      await expect(stage.length()).rejects.toMatchObject({ code: 'not-found' });
      await expect(stage.append(0, chunked(photo))).rejects.toMatchObject({ code: 'not-found' });
      await expect(collect(stage.read())).rejects.toMatchObject({ code: 'not-found' });
    });

    it('is found again by another process and continued there', async () => {
      const { location, reopen } = current();
      await (await location.openStage(upload)).append(0, chunked(photo.subarray(0, 123_456)));
      const stage = await (await reopen()).openStage(upload);
      expect(await stage.length()).toBe(123_456);
      expect(await hashOf(stage.read())).toBe(nameOf(photo.subarray(0, 123_456)));
      await stage.append(123_456, chunked(photo.subarray(123_456)));
      await stage.commit(name, photo.length);
      expect(await hashOf((await location.get(name)).body)).toBe(name);
    });

    it('takes bytes at its end only', async () => {
      const stage = await current().location.openStage(upload);
      await stage.append(0, chunked(photo.subarray(0, 1000)));
      for (const offset of [0, 999, 1001]) {
        await expect(stage.append(offset, chunked(photo))).rejects.toMatchObject({ code: 'upload-offset' });
      }
      expect(await stage.length()).toBe(1000);
    });

    it('tells the truth about its length after a cut, and goes on from there', async () => {
      const { location } = current();
      const stage = await location.openStage(upload);
      const cut = Object.assign(new Error('cut'), { code: 'ECONNRESET' });
      await expect(stage.append(0, cutAfter(photo.subarray(0, 54_321), cut))).rejects.toBe(cut);
      const length = await stage.length();
      expect(length).toBeLessThanOrEqual(54_321);
      expect(await hashOf(stage.read())).toBe(nameOf(photo.subarray(0, length)));
      await stage.append(length, chunked(photo.subarray(length)));
      await stage.commit(name, photo.length);
      expect(await hashOf((await location.get(name)).body)).toBe(name);
    });

    it('has one writer at a time', async () => {
      const { location } = current();
      const stage = await location.openStage(upload);
      const again = await location.openStage(upload);
      const { source, letGo } = held(photo);
      const first = stage.append(0, source);
      const attempts: ((stage: Stage) => Promise<unknown>)[] = [
        (it) => it.append(0, chunked(photo)),
        (it) => it.commit(name, photo.length),
        (it) => it.discard(),
      ];
      for (const attempt of attempts) await expect(attempt(again)).rejects.toMatchObject({ code: 'locked' });
      letGo();
      expect(await first).toBe(photo.length);
      await again.commit(name, photo.length);
    });

    it('is gone after it was discarded, and may be begun anew', async () => {
      const { location } = current();
      const stage = await location.openStage(upload);
      await stage.append(0, chunked(photo));
      await stage.discard();
      await stage.discard();
      await expect(stage.length()).rejects.toMatchObject({ code: 'not-found' });
      await expect(stage.commit(name, photo.length)).rejects.toMatchObject({ code: 'not-found' });
      expect(await location.stat(name)).toBeUndefined();
      expect(await (await location.openStage(upload)).length()).toBe(0);
    });

    it('does not become an object of another length', async () => {
      const { location } = current();
      const stage = await location.openStage(upload);
      await stage.append(0, chunked(photo.subarray(1)));
      await expect(stage.commit(name, photo.length)).rejects.toMatchObject({ code: 'hash-mismatch' });
      expect(await location.stat(name)).toBeUndefined();
    });
  });

  describe('a commit', () => {
    it('may be repeated, also with an empty stage', async () => {
      const { location } = current();
      for (let i = 0; i < 2; i++) {
        const stage = await location.openStage(upload);
        if (i === 0) await stage.append(0, chunked(photo));
        await stage.commit(name, photo.length);
        await stage.commit(name, photo.length);
        await expect(stage.length()).rejects.toMatchObject({ code: 'not-found' });
      }
      expect(await hashOf((await location.get(name)).body)).toBe(name);
    });

    it('never overwrites', async () => {
      const { location } = current();
      await location.put(name, chunked(photo), photo.length);
      const other = seeded(photo.length, 'other bytes of the same length');
      const sameSize = await location.openStage(upload);
      await sameSize.append(0, chunked(other));
      await sameSize.commit(name, other.length);
      const otherSize = await location.openStage(newId<UploadId>());
      await otherSize.append(0, chunked(other.subarray(1)));
      await expect(otherSize.commit(name, other.length - 1)).rejects.toMatchObject({ code: 'conflict' });
      expect(await hashOf((await location.get(name)).body)).toBe(name);
    });

    it('succeeds for all who commit one object at once, and leaves one', async () => {
      const { location, reopen } = current();
      const other = await reopen();
      const stages = await Promise.all(
        [location, other, location, other].map(async (at) => {
          const stage = await at.openStage(newId<UploadId>());
          await stage.append(0, chunked(photo));
          return stage;
        }),
      );
      await Promise.all(stages.map((stage) => stage.commit(name, photo.length)));
      expect((await location.list({ limit: 10 })).entries).toEqual([{ name, sizeBytes: photo.length }]);
      expect(await hashOf((await location.get(name)).body)).toBe(name);
    });

    it('works for many objects at once', async () => {
      const { location } = current();
      const photos = Array.from({ length: 40 }, (_, i) => seeded(2000 + i, `many ${i}`));
      await Promise.all(photos.map((bytes) => location.put(nameOf(bytes), chunked(bytes), bytes.length)));
      const { entries } = await location.list({ limit: 100 });
      expect(entries.map((entry) => entry.name)).toEqual(photos.map(nameOf).sort());
    });
  });

  describe('a sweep', () => {
    it('takes what is old and leaves what is young or in use', async () => {
      const { location } = current();
      const old = await location.openStage(upload);
      await old.append(0, chunked(photo));
      const busy = await location.openStage(newId<UploadId>());
      const { source, letGo } = held(photo);
      const appending = busy.append(0, source);
      await location.put(name, chunked(photo), photo.length);

      expect(await location.sweepStages(3600_000)).toBe(0);
      expect(await old.length()).toBe(photo.length);
      expect(await location.sweepStages(-1000)).toBe(1);
      await expect(old.length()).rejects.toMatchObject({ code: 'not-found' });
      letGo();
      expect(await appending).toBe(photo.length);
      expect(await location.stat(name)).toEqual({ sizeBytes: photo.length });
    });
  });
}
