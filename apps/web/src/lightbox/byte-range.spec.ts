import { describe, expect, it } from '@jest/globals';
import { answerRange, rangeBytes } from './byte-range.ts';

const part = (start: number, end: number) => ({ status: 206, start, end });

describe('a range of a film', () => {
  it('is what was asked for, cut to the file', () => {
    expect(answerRange('bytes=0-0', 100)).toEqual(part(0, 1));
    expect(answerRange('bytes=10-19', 100)).toEqual(part(10, 20));
    expect(answerRange('bytes=90-500', 100)).toEqual(part(90, 100));
    expect(answerRange('bytes=99-', 100)).toEqual(part(99, 100));
    expect(answerRange('bytes=-7', 100)).toEqual(part(93, 100));
    expect(answerRange('bytes=-700', 100)).toEqual(part(0, 100));
  });

  it('is never more than a few megabytes', () => {
    const size = 10 * rangeBytes;
    expect(answerRange('bytes=0-', size)).toEqual(part(0, rangeBytes));
    expect(answerRange(`bytes=5-${size}`, size)).toEqual(part(5, 5 + rangeBytes));
  });

  it('outside of the file is refused', () => {
    expect(answerRange('bytes=100-', 100)).toEqual({ status: 416 });
    expect(answerRange('bytes=20-10', 100)).toEqual({ status: 416 });
    expect(answerRange('bytes=-0', 100)).toEqual({ status: 416 });
    expect(answerRange('bytes=0-', 0)).toEqual({ status: 416 });
  });

  it('that is none is answered by the whole', () => {
    for (const header of [null, '', 'bytes=-', 'bytes=0-1,5-6', 'lines=1-2', 'bytes=a-b'])
      expect(answerRange(header, 100)).toEqual({ status: 200, start: 0, end: 100 });
  });
});
