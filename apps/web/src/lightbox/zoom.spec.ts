import { describe, expect, it } from '@jest/globals';
import { fitIn, keepInside, mostScale, swipeOf, whole, zoomTo } from './zoom.ts';

const frame = { width: 1000, height: 500 };

describe('a picture in its frame', () => {
  it('is as large as fits', () => {
    expect(fitIn(frame, 4)).toEqual({ width: 1000, height: 250 });
    expect(fitIn(frame, 1)).toEqual({ width: 500, height: 500 });
    expect(fitIn({ width: 0, height: 0 }, 1)).toEqual({ width: 0, height: 0 });
  });

  it('stays inside, and in the middle where it is smaller', () => {
    const fitted = fitIn(frame, 1);
    expect(keepInside({ scale: 1, x: 300, y: -80 }, frame, fitted)).toEqual(whole);
    expect(keepInside({ scale: 4, x: 9999, y: -9999 }, frame, fitted)).toEqual({ scale: 4, x: 500, y: -750 });
  });

  it('grows around the point under the finger', () => {
    const fitted = fitIn(frame, 2);
    const at = { x: 200, y: -100 };
    const view = zoomTo(whole, 2, at, frame, fitted, 8);
    // The same spot of the picture before and after.
    const spot = (v: { scale: number; x: number; y: number }) => [
      (at.x - v.x) / v.scale,
      (at.y - v.y) / v.scale,
    ];
    expect(spot(view)).toEqual(spot(whole));
    expect(zoomTo(view, 0.1, at, frame, fitted, 8)).toEqual(whole);
    expect(zoomTo(view, 99, at, frame, fitted, 8).scale).toBe(8);
  });

  it('may be seen at two pixels for one, and four times as large at least', () => {
    expect(mostScale({ width: 500, height: 500 }, 6000)).toBe(24);
    expect(mostScale({ width: 500, height: 500 }, 0)).toBe(4);
    expect(mostScale({ width: 0, height: 0 }, 6000)).toBe(4);
  });

  it('is left by a long drag sideways only', () => {
    expect(swipeOf({ x: -200, y: 20 }, 1000)).toBe(1);
    expect(swipeOf({ x: 200, y: 20 }, 1000)).toBe(-1);
    expect(swipeOf({ x: -100, y: 0 }, 1000)).toBe(0);
    expect(swipeOf({ x: -200, y: 190 }, 1000)).toBe(0);
    expect(swipeOf({ x: -70, y: 0 }, 300)).toBe(1);
  });
});
