import { beforeEach, describe, expect, it } from '@jest/globals';
import type { ListPage, ListQuery, LocationReader } from '../../src/index.ts';
import { chunked, nameOf, seeded } from '../bytes.ts';
import type { CurrentFixture } from '../conformance.ts';

const photos = Array.from({ length: 60 }, (_, i) => seeded(100 + i, `listed ${i}`));
const entries = photos
  .map((bytes) => ({ name: nameOf(bytes), sizeBytes: bytes.length }))
  .sort((a, b) => (a.name < b.name ? -1 : 1));
const names = entries.map(({ name }) => name);
/** What does not belong there, in the order of paths. `names[7]` lies in the folders of another object. */
const foreign = [
  '.hidden',
  `${names[9]!.slice(0, 2)}/${names[9]!.slice(2, 4)}/notes.txt`,
  `${names[9]!.slice(0, 2)}/${names[9]!.slice(2, 4)}/${names[7]}`,
  `${names[9]!.slice(0, 2)}/thumbs.db`,
  `${names[20]!.slice(0, 2)}-copy`,
  'README',
  names[30]!,
  `${names[31]!.slice(0, 2)}/${names[31]!.slice(2, 4)}/${names[31]}.part`,
].sort((a, b) => (a < b ? -1 : 1));

async function pages(at: LocationReader, query: ListQuery): Promise<ListPage[]> {
  const all: ListPage[] = [];
  for (let after: string | undefined; ;) {
    const page = await at.list({ ...query, ...(after === undefined ? {} : { after }) });
    all.push(page);
    if (page.next === undefined) return all;
    after = page.next;
  }
}

export function describeListing(current: CurrentFixture): void {
  describe('a list', () => {
    it('is empty at first', async () => {
      expect(await current().location.list({ limit: 5 })).toEqual({ entries: [], unknown: [] });
    });

    describe('of many objects', () => {
      beforeEach(async () => {
        const { location } = current();
        await Promise.all(photos.map((bytes) => location.put(nameOf(bytes), chunked(bytes), bytes.length)));
      });

      it.each([1, 7, 60, 61, 1000])('comes in the order of names by pages of %d', async (limit) => {
        const all = await pages(current().location, { limit });
        expect(all.flatMap((page) => page.entries)).toEqual(entries);
        expect(all.flatMap((page) => page.unknown)).toEqual([]);
        expect(Math.max(...all.map((page) => page.entries.length))).toBeLessThanOrEqual(limit);
      });

      it('goes on in another process', async () => {
        const { location, reopen } = current();
        const first = await location.list({ limit: 25 });
        const rest = await (await reopen()).list({ limit: 100, after: first.next! });
        expect([...first.entries, ...rest.entries]).toEqual(entries);
      });

      it.each([
        ['', '8'],
        ['8', undefined],
        ['3f', 'c'],
        ['2', '2'],
        [names[10]!.slice(0, 3), names[20]!.slice(0, 4)],
        [names[10]!.slice(0, 5), names[20]!.slice(0, 9)],
        [names[10]!, names[11]!],
        [names[11]!, names[10]!],
      ])('holds the slice from %j to %j', async (from, to) => {
        const all = await pages(current().location, { from, limit: 4, ...(to === undefined ? {} : { to }) });
        expect(all.flatMap((page) => page.entries)).toEqual(
          entries.filter(({ name }) => name >= from && (to === undefined || name < to)),
        );
      });

      it('reports what is no object, once, and is not disturbed by it', async () => {
        const { location, plant } = current();
        for (const path of foreign) await plant(path, seeded(10, path));
        for (const limit of [1, 3, 1000]) {
          const all = await pages(location, { limit });
          expect(all.flatMap((page) => page.entries)).toEqual(entries);
          expect(all.flatMap((page) => page.unknown)).toEqual(foreign);
        }
        const bounds = ['1', '15d', '15d48', names[9]!, names[20]!.slice(0, 2), '8', 'b00000'];
        const edges = ['', ...new Set([...bounds].sort()), undefined];
        const slices: ListPage[] = [];
        for (let i = 0; i + 1 < edges.length; i++) {
          const to = edges[i + 1];
          slices.push(
            ...(await pages(location, { from: edges[i]!, limit: 5, ...(to === undefined ? {} : { to }) })),
          );
        }
        expect(slices.flatMap((page) => page.entries)).toEqual(entries);
        expect(slices.flatMap((page) => page.unknown)).toEqual(foreign);
      });
    });

    it.each(['x', 'AB', '../', 'a'.repeat(65)])('refuses the bound %j', async (from) => {
      await expect(current().location.list({ from, limit: 5 })).rejects.toMatchObject({
        code: 'bad-request',
      });
    });
  });
}
