import { describe, expect, it } from '@jest/globals';
import { newId, type UploadId } from '@heirloom/contracts';
import { chunked, hashOf, nameOf, seeded } from '../bytes.ts';
import type { CurrentFixture, LocationFixture } from '../conformance.ts';

const photo = seeded(200_000, 'photo before the crash');
const name = nameOf(photo);

const crash = async ({ crash, reopen }: LocationFixture) => {
  await crash!();
  return reopen();
};

export function describeCrashes(current: CurrentFixture): void {
  describe('after a power cut', () => {
    it('has what a put acknowledged', async () => {
      await current().location.put(name, chunked(photo), photo.length);
      const location = await crash(current());
      expect(await hashOf((await location.get(name)).body)).toBe(name);
    });

    it('has what a commit acknowledged, also beside objects from before', async () => {
      const { location } = current();
      await location.put(nameOf(photo.subarray(1)), chunked(photo.subarray(1)), photo.length - 1);
      const stage = await location.openStage(newId<UploadId>());
      await stage.append(0, chunked(photo));
      await stage.commit(name, photo.length);
      const { entries, unknown } = await (await crash(current())).list({ limit: 10 });
      expect(entries.map((entry) => entry.name)).toEqual([name, nameOf(photo.subarray(1))].sort());
      expect(unknown).toEqual([]);
    });

    it('shows no object that was not committed, and lets its upload be done again', async () => {
      const upload = newId<UploadId>();
      await (await current().location.openStage(upload)).append(0, chunked(photo));
      const location = await crash(current());
      expect(await location.list({ limit: 10 })).toEqual({ entries: [], unknown: [] });
      const stage = await location.openStage(upload);
      await stage.discard();
      await (await location.openStage(upload)).append(0, chunked(photo));
      await (await location.openStage(upload)).commit(name, photo.length);
      expect(await hashOf((await location.get(name)).body)).toBe(name);
    });

    it('does not bring back what was removed', async () => {
      const { location } = current();
      await location.put(name, chunked(photo), photo.length);
      await location.remove(name);
      expect(await (await crash(current())).stat(name)).toBeUndefined();
    });

    it('is still itself', async () => {
      const location = await crash(current());
      expect(await location.probe()).toMatchObject({ readable: true, writable: true });
    });
  });
}
