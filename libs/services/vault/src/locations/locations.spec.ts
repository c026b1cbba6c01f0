import { describe, expect, it } from '@jest/globals';
import { MemoryDisk, memoryLocation } from '@heirloom/blob-store';
import { Locations } from './locations.ts';

const MiB = 1024 * 1024;
async function locationsOf(
  spec: Record<string, { region?: string; capacityBytes?: number }>,
  writeCopies = 2,
) {
  const disks = new Map<string, MemoryDisk>();
  const all = await Promise.all(
    Object.entries(spec).map(async ([id, { region = id, ...options }]) => {
      const disk = new MemoryDisk(options);
      disks.set(id, disk);
      return memoryLocation({ id, region, disk });
    }),
  );
  return { locations: new Locations(all, writeCopies), disks };
}
const chosen = async (locations: Locations, sizeBytes = 1) =>
  (await locations.choose(sizeBytes)).map(({ id }) => id as string).sort();

describe('choosing locations', () => {
  it('takes W different ones, in turn all of them', async () => {
    const { locations } = await locationsOf({ a: {}, b: {}, c: {} });
    const seen = new Set<string>();
    for (let i = 0; i < 60; i++) {
      const ids = await chosen(locations);
      expect(new Set(ids).size).toBe(2);
      seen.add(ids.join());
    }
    expect([...seen].sort()).toEqual(['a,b', 'a,c', 'b,c']);
  });

  it('takes different regions where there are', async () => {
    const { locations } = await locationsOf({ a: { region: 'x' }, b: { region: 'x' }, c: { region: 'y' } });
    for (let i = 0; i < 30; i++) expect(await chosen(locations)).toContain('c');
  });

  it('passes over what is full or broken, and says which it is when too few are left', async () => {
    const small = { capacityBytes: MiB };
    const { locations, disks } = await locationsOf({ a: {}, b: small, c: {} });
    for (let i = 0; i < 20; i++) expect(await chosen(locations, 2 * MiB)).toEqual(['a', 'c']);
    expect((await locations.others(2 * MiB, ['a'])).map(({ id }) => id)).toEqual(['c']);
    disks.get('a')!.inject({ on: 'any', times: 1_000_000, error: 'EIO' });
    for (const { id } of locations.all) locations.doubt(id);
    await expect(locations.choose(2 * MiB)).rejects.toMatchObject({ code: 'storage-full' });
    disks.get('c')!.inject({ on: 'any', times: 1_000_000, error: 'EIO' });
    for (const { id } of locations.all) locations.doubt(id);
    await expect(locations.choose(1)).rejects.toMatchObject({ code: 'unavailable' });
  });
});
