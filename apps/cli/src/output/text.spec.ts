import { describe, expect, it } from '@jest/globals';
import { count, printable, sizeText, table } from './text.ts';

describe('texts for people', () => {
  it('tell sizes and counts', () => {
    expect([0, 1023, 1024, 60_000_000, 2 ** 31].map(sizeText)).toEqual([
      '0 B',
      '1023 B',
      '1.0 KiB',
      '57.2 MiB',
      '2.0 GiB',
    ]);
    expect([0, 1, 2, 14203].map((n) => count(n, 'photo'))).toEqual([
      '0 photos',
      '1 photo',
      '2 photos',
      '14,203 photos',
    ]);
    expect(count(2, 'copy', 'copies')).toBe('2 copies');
  });

  it('line up, and cannot be used to command a terminal', () => {
    expect(
      table(
        ['id', 'name'],
        [
          ['1', 'a\u001b[2Jb'],
          ['22', 'c\u202ed'],
        ],
      ),
    ).toEqual(['id  name', '1   a�[2Jb', '22  c�d']);
    expect(printable('line\nbreak')).toBe('line�break');
  });
});
