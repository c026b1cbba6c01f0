import { describe, expect, it } from '@jest/globals';
import { chunked, nameOf, seeded } from '../bytes.ts';
import type { CurrentFixture } from '../conformance.ts';

const photo = seeded(20_000, 'photo that goes for good');
const name = nameOf(photo);
const kept = seeded(20_000, 'photo that stays');

export function describeRemoving(current: CurrentFixture): void {
  describe('removing', () => {
    it('deletes the object and what of it is in quarantine, and nothing else', async () => {
      const { location, plant, quarantined } = current();
      const path = (of: string) => `${of.slice(0, 2)}/${of.slice(2, 4)}/${of}`;
      for (const bytes of [photo, kept]) {
        await plant(path(nameOf(bytes)), bytes.subarray(1));
        await location.replace(nameOf(bytes), chunked(bytes), bytes.length);
      }
      expect(Object.keys(await quarantined())).toHaveLength(2);
      await location.remove(name);
      expect(await location.stat(name)).toBeUndefined();
      expect(await location.stat(nameOf(kept))).toEqual({ sizeBytes: kept.length });
      expect(Object.keys(await quarantined())).toEqual([expect.stringContaining(nameOf(kept))]);
    });

    it('may be repeated, also where there never was anything', async () => {
      const { location, reopen } = current();
      await location.remove(name);
      await location.put(name, chunked(photo), photo.length);
      await Promise.all([location.remove(name), (await reopen()).remove(name)]);
      await location.remove(name);
      expect(await location.list({ limit: 10 })).toEqual({ entries: [], unknown: [] });
    });

    it('lets the object be stored again', async () => {
      const { location } = current();
      await location.put(name, chunked(photo), photo.length);
      await location.remove(name);
      await location.put(name, chunked(photo), photo.length);
      expect(await location.stat(name)).toEqual({ sizeBytes: photo.length });
    });

    it('refuses what is no name', async () => {
      for (const wrong of ['../../etc/passwd', '', 'ab'])
        await expect(current().location.remove(wrong as never)).rejects.toMatchObject({
          code: 'bad-request',
        });
    });
  });
}
