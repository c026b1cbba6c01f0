import { describe, expect, it } from '@jest/globals';
import { limits } from '@heirloom/contracts';
import { sliceBounds } from './slice-bounds.ts';

describe('slices', () => {
  it('cover everything once, whatever its name is', () => {
    const all = Array.from({ length: limits.slicesPerLocation }, (_, number) => sliceBounds(number));
    for (const name of [
      '',
      '.x',
      '00',
      '0f3',
      '7f'.repeat(32),
      'README',
      'fe',
      'ff'.repeat(32),
      'zebra',
      '~',
    ])
      expect(all.filter(({ from, to }) => name >= from && (to === undefined || name < to))).toHaveLength(1);
    expect([all[0], all[1], all[255]]).toEqual([
      { from: '', to: '01' },
      { from: '01', to: '02' },
      { from: 'ff' },
    ]);
  });

  it.each([-1, 256, 0.5])('%d is none', (number) => {
    expect(() => sliceBounds(number)).toThrow(RangeError);
  });
});
