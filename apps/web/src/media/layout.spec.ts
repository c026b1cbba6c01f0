import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { layOut, monthsOf, placesIn, rowAt, rowOf, stepFrom, type Laid } from './layout.ts';

const dayMs = 24 * 3600_000;
const options = { width: 1000, rowHeight: 200, gap: 6, headingHeight: 50 };

/** Photos of these days, the newest first, each with the same aspect unless given. */
const listOf = (days: readonly number[], aspects: readonly number[] = []): Laid => ({
  length: days.length,
  takenAt: (place) => (days[place] ?? 0) * dayMs + 3600_000,
  aspect: (place) => aspects[place] ?? 1.5,
});

describe('the layout of a grid', () => {
  it('fills each full row to the width, and never makes a row higher than wanted', () => {
    fc.assert(
      fc.property(
        fc.array(fc.tuple(fc.integer({ min: 0, max: 3 }), fc.double({ min: 0.2, max: 5, noNaN: true })), {
          minLength: 1,
          maxLength: 60,
        }),
        fc.integer({ min: 200, max: 3000 }),
        (photos, width) => {
          const sorted = photos.toSorted(([a], [b]) => b - a);
          const list = listOf(
            sorted.map(([day]) => day),
            sorted.map(([, aspect]) => aspect),
          );
          const layout = layOut(list, { ...options, width });
          const seen: number[] = [];
          let bottom = 0;
          for (const row of layout.rows) {
            expect(row.top).toBeGreaterThanOrEqual(bottom - 1e-6);
            bottom = row.top + row.height;
            if (row.kind === 'heading') continue;
            const places = placesIn(list, row, options.gap);
            const last = places.at(-1);
            const used = (last?.left ?? 0) + (last?.width ?? 0);
            expect(row.height).toBeLessThanOrEqual(options.rowHeight + 1e-6);
            expect(used).toBeLessThanOrEqual(width + 1e-3);
            const endsDay = row.to === layout.sections[row.section]?.to;
            if (!endsDay) expect(used).toBeCloseTo(width, 3);
            for (let at = row.from; at < row.to; at += 1) seen.push(at);
          }
          expect(seen).toEqual(sorted.map((_, i) => i));
          expect(layout.height).toBeGreaterThanOrEqual(bottom);
        },
      ),
    );
  });

  it('begins a row and a heading with each day', () => {
    const { rows, sections } = layOut(listOf([9, 9, 9, 8, 8, 2]), options);
    expect(sections.map(({ from, to }) => [from, to])).toEqual([
      [0, 3],
      [3, 5],
      [5, 6],
    ]);
    expect(rows.filter(({ kind }) => kind === 'heading').map(({ from, to }) => [from, to])).toEqual([
      [0, 3],
      [3, 5],
      [5, 6],
    ]);
  });

  it('finds rows by height and by photo', () => {
    const list = listOf(Array.from({ length: 500 }, (_, i) => 400 - Math.floor(i / 7)));
    const layout = layOut(list, options);
    expect(rowAt(layout.rows, -1)).toBe(-1);
    for (const place of [0, 1, 6, 7, 250, 499]) {
      const row = layout.rows[rowOf(layout, place)];
      expect(row?.kind).toBe('tiles');
      expect(row && row.from <= place && place < row.to).toBe(true);
      expect(row && rowAt(layout.rows, row.top + 1)).toBe(rowOf(layout, place));
    }
    expect(rowOf(layout, 500)).toBe(-1);
  });

  it('looks at each of fifty thousand photos a few times only', () => {
    const photos = 50_000;
    const list = listOf(Array.from({ length: photos }, (_, i) => 9000 - Math.floor(i / 9)));
    let looks = 0;
    const counted: Laid = {
      length: photos,
      takenAt: (place) => ((looks += 1), list.takenAt(place)),
      aspect: (place) => ((looks += 1), list.aspect(place)),
    };
    const layout = layOut(counted, options);
    expect(monthsOf(counted, layout).length).toBeGreaterThan(150);
    expect(looks).toBeGreaterThanOrEqual(photos);
    expect(looks).toBeLessThan(5 * photos);
  });
});

describe('the keyboard in a grid', () => {
  // Rows of three, three and one; then another day with two.
  const list = listOf([5, 5, 5, 5, 5, 5, 5, 4, 4]);
  const layout = layOut(list, options);
  const go = (place: number, step: Parameters<typeof stepFrom>[3]) =>
    stepFrom(list, layout, place, step, { gap: options.gap, pageHeight: 300 });

  it('goes to neighbours and to the tiles above and below', () => {
    expect(layout.rows.filter(({ kind }) => kind === 'tiles').map(({ from, to }) => to - from)).toEqual([
      4, 3, 2,
    ]);
    expect([go(0, 'right'), go(1, 'left'), go(0, 'left'), go(8, 'right')]).toEqual([1, 0, 0, 8]);
    expect([go(0, 'down'), go(4, 'down'), go(7, 'up'), go(4, 'up')]).toEqual([4, 7, 4, 0]);
  });

  it('stays where there is nothing further', () => {
    expect([go(1, 'up'), go(8, 'down')]).toEqual([1, 8]);
  });

  it('goes to the ends and by pages', () => {
    expect([go(4, 'home'), go(4, 'end'), go(8, 'pageUp'), go(0, 'pageDown')]).toEqual([0, 8, 1, 4]);
    expect(go(4, 'pageUp')).toBe(0);
  });
});

describe('the months of a scrubber', () => {
  it('begin where their first photo is', () => {
    const march = Date.UTC(2021, 2, 31) / dayMs;
    const list = listOf([march + 1, march, march, march - 31]);
    const layout = layOut(list, options);
    const months = monthsOf(list, layout);
    expect(months.map(({ takenAt }) => new Date(takenAt).getUTCMonth())).toEqual([3, 2, 1]);
    expect(months.map(({ photos }) => photos)).toEqual([1, 2, 1]);
    expect(months.map(({ top }) => top)).toEqual(layout.sections.map(({ top }) => top));
  });
});
