import { describe, expect, it } from '@jest/globals';
import { namesTag, parseRange } from './byte-range.ts';

describe('parseRange', () => {
  it.each([
    ['bytes=0-0', { offset: 0, length: 1 }],
    ['bytes=0-', { offset: 0, length: 100 }],
    ['bytes=10-19', { offset: 10, length: 10 }],
    ['bytes=99-', { offset: 99, length: 1 }],
    ['bytes=90-1000', { offset: 90, length: 10 }],
    ['bytes=-1', { offset: 99, length: 1 }],
    ['bytes=-1000', { offset: 0, length: 100 }],
    ['BYTES= 5-6 ', { offset: 5, length: 2 }],
  ])('%s of 100 bytes', (header, range) => {
    expect(parseRange(header, 100)).toEqual(range);
  });

  it.each([
    undefined,
    '',
    'bytes=',
    'bytes=-',
    'bytes=5-2',
    'bytes=0-1,3-4',
    'lines=0-1',
    'bytes=a-b',
    'bytes 0-1',
  ])('ignores %s', (header) => {
    expect(parseRange(header, 100)).toBeUndefined();
  });

  it.each(['bytes=100-', 'bytes=100-200', 'bytes=-0', 'bytes=999999999999999-'])('refuses %s', (header) => {
    expect(() => parseRange(header, 100)).toThrow(expect.objectContaining({ code: 'range-not-satisfiable' }));
  });
});

describe('namesTag', () => {
  it('knows lists, weak tags and the star', () => {
    expect(namesTag('"a"', '"a"')).toBe(true);
    expect(namesTag('"b", W/"a"', '"a"')).toBe(true);
    expect(namesTag('*', '"a"')).toBe(true);
    expect(namesTag('"ab"', '"a"')).toBe(false);
    expect(namesTag(undefined, '"a"')).toBe(false);
  });
});
