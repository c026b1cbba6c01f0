import { describe, expect, it } from '@jest/globals';
import { extend, holdsAll, keepPresent, nothing, toggle, toggleAll } from './selection.ts';

const list = { length: 6, photo: (place: number) => `p${place}` };
const chosen = ({ photos }: { photos: ReadonlySet<string> }) => [...photos].sort();

describe('a selection', () => {
  it('takes photos in and out, and draws ranges both ways from the last one', () => {
    const one = toggle(list, nothing, 3);
    expect(chosen(extend(list, one, 5))).toEqual(['p3', 'p4', 'p5']);
    expect(chosen(extend(list, one, 1))).toEqual(['p1', 'p2', 'p3']);
    expect(chosen(toggle(list, one, 3))).toEqual([]);
    expect(chosen(nothing)).toEqual([]);
  });

  it('takes a whole day, and gives it back when all of it was chosen', () => {
    const day = toggleAll(list, toggle(list, nothing, 0), 1, 4);
    expect(chosen(day)).toEqual(['p0', 'p1', 'p2', 'p3']);
    expect(holdsAll(list, day, 1, 4)).toBe(true);
    expect(chosen(toggleAll(list, day, 1, 4))).toEqual(['p0']);
    expect(chosen(toggleAll(list, toggle(list, nothing, 1), 1, 4))).toEqual(['p1', 'p2', 'p3']);
  });

  it('forgets what is gone', () => {
    const two = toggle(list, toggle(list, nothing, 0), 1);
    expect(chosen(keepPresent(two, (photo) => (photo === 'p1' ? 0 : -1)))).toEqual(['p1']);
    expect(keepPresent(two, () => 0)).toBe(two);
  });
});
