import { describe, expect, it } from '@jest/globals';
import { newId, type UploadId } from '@heirloom/contracts';
import { chunked, hashOf, nameOf, seeded } from '../bytes.ts';
import type { CurrentFixture } from '../conformance.ts';

const photo = seeded(300_000, 'photo that is damaged');
const name = nameOf(photo);
const path = `${name.slice(0, 2)}/${name.slice(2, 4)}/${name}`;
const flipped = Uint8Array.from(photo, (byte, i) => (i === 200_000 ? byte ^ 4 : byte));
const quarantinePath = new RegExp(`^quarantine/${name}\\.[0-9a-f-]{36}$`);

export function describeReplacing(current: CurrentFixture): void {
  const plain = async () => Object.entries(await current().quarantined());
  const expectWhole = async () => {
    const { location } = current();
    expect(await hashOf((await location.get(name)).body)).toBe(name);
    expect(await location.list({ limit: 10 })).toEqual({
      entries: [{ name, sizeBytes: photo.length }],
      unknown: [],
    });
    expect(await location.sweepStages(-1000)).toBe(0);
  };

  describe('replacing', () => {
    it.each([
      ['a damaged copy', flipped],
      ['a short copy', photo.subarray(0, 1000)],
      ['an empty one', new Uint8Array()],
      ['one that is too long', Uint8Array.from([...photo, 1])],
    ])('puts a good copy in the place of %s and keeps the old bytes', async (_what, bad) => {
      const { location, plant, reopen } = current();
      await plant(path, bad);
      expect(await location.replace(name, chunked(photo), photo.length)).toBe('replaced');
      await expectWhole();
      const kept = await plain();
      expect(kept).toEqual([[expect.stringMatching(quarantinePath), bad]]);
      expect(await (await reopen()).replace(name, chunked(photo), photo.length)).toBe('was-good');
      expect(await plain()).toEqual(kept);
    });

    it('makes a copy that is gone', async () => {
      const { location } = current();
      expect(await location.replace(name, chunked(photo), photo.length)).toBe('replaced');
      await expectWhole();
      expect(await plain()).toEqual([]);
    });

    it('leaves a copy alone that is good', async () => {
      const { location } = current();
      await location.put(name, chunked(photo), photo.length);
      expect(await location.replace(name, chunked(photo), photo.length)).toBe('was-good');
      await expectWhole();
      expect(await plain()).toEqual([]);
    });

    it('touches nothing when the new bytes are not the object either', async () => {
      const { location, plant } = current();
      await plant(path, flipped);
      for (const bytes of [flipped, photo.subarray(1), Uint8Array.from([...photo, 0])])
        await expect(location.replace(name, chunked(bytes), photo.length)).rejects.toMatchObject({
          code: 'hash-mismatch',
        });
      expect(await hashOf((await location.get(name)).body)).toBe(nameOf(flipped));
      expect(await plain()).toEqual([]);
      expect(await location.sweepStages(-1000)).toBe(0);
    });

    it('touches nothing when it is stopped before the move', async () => {
      const { location, plant } = current();
      await plant(path, flipped);
      const stop = new Error('somebody else took over');
      const stopped = location.replace(name, chunked(photo), photo.length, () => Promise.reject(stop));
      await expect(stopped).rejects.toBe(stop);
      expect(await hashOf((await location.get(name)).body)).toBe(nameOf(flipped));
      expect(await plain()).toEqual([]);
      expect(await location.sweepStages(-1000)).toBe(0);
    });

    it('never overwrites in quarantine', async () => {
      const { location, plant } = current();
      const bad = [flipped, photo.subarray(1), photo.subarray(2)];
      for (const bytes of bad) {
        await location.quarantine(name);
        await plant(path, bytes);
        await location.replace(name, chunked(photo), photo.length);
      }
      const kept = (await plain()).map(([, bytes]) => nameOf(bytes));
      // The good copies that the loop moved away are kept just as well.
      expect(kept.toSorted()).toEqual([...bad.map(nameOf), name, name].toSorted());
      await expectWhole();
    });

    it('by several at once leaves a good copy and loses no bytes', async () => {
      const { location, plant, reopen } = current();
      await plant(path, flipped);
      const all = [location, await reopen(), await reopen()];
      const results = await Promise.allSettled(
        all.map((at) => at.replace(name, chunked(photo), photo.length)),
      );
      expect(results.some(({ status }) => status === 'fulfilled')).toBe(true);
      await expectWhole();
      const kept = (await plain()).map(([, bytes]) => nameOf(bytes));
      expect(kept).toContain(nameOf(flipped));
      expect(kept.filter((hash) => hash !== nameOf(flipped) && hash !== name)).toEqual([]);
    });
  });

  describe('quarantine', () => {
    it('answers where the file went, and nothing when there is none', async () => {
      const { location, plant } = current();
      expect(await location.quarantine(name)).toBeUndefined();
      await plant(path, flipped);
      const to = await location.quarantine(name);
      expect(to).toMatch(quarantinePath);
      expect(await current().quarantined()).toEqual({ [to!]: flipped });
      expect(await location.stat(name)).toBeUndefined();
      expect(await location.list({ limit: 10 })).toEqual({ entries: [], unknown: [] });
    });

    it('lets the object be stored again', async () => {
      const { location, plant } = current();
      await plant(path, flipped.subarray(1));
      const stage = await location.openStage(newId<UploadId>());
      await stage.append(0, chunked(photo));
      await expect(stage.commit(name, photo.length)).rejects.toMatchObject({ code: 'conflict' });
      await location.quarantine(name);
      await stage.commit(name, photo.length);
      await expectWhole();
    });

    it('refuses what is no name', async () => {
      for (const wrong of ['../../etc/passwd', '', 'ab']) {
        await expect(current().location.quarantine(wrong as never)).rejects.toMatchObject({
          code: 'bad-request',
        });
        await expect(current().location.replace(wrong as never, chunked(photo), 1)).rejects.toMatchObject({
          code: 'bad-request',
        });
      }
    });
  });
}
