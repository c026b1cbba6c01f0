import { describe, expect, it } from '@jest/globals';
import { stepAt, stepOfCode } from './one-time-codes.ts';

/** RFC 6238, appendix B, SHA-1: the times in seconds, and the codes of eight digits, of which six are the last ones. */
const secret = Buffer.from('12345678901234567890');
const vectors = [
  [59, '94287082'],
  [1111111109, '07081804'],
  [1111111111, '14050471'],
  [1234567890, '89005924'],
  [2000000000, '69279037'],
  [20000000000, '65353130'],
] as const;
const at = (seconds: number) => new Date(seconds * 1000);

describe('one-time codes', () => {
  it.each(vectors)('are those of RFC 6238 at %d s', (seconds, code) => {
    expect(stepOfCode(secret, code.slice(2), at(seconds))).toBe(Math.floor(seconds / 30));
  });

  it('are taken one step early and one step late, and name their own step', () => {
    const [seconds, code] = [vectors[3][0], vectors[3][1].slice(2)];
    const step = stepAt(at(seconds));
    for (const away of [-30, 0, 30]) expect(stepOfCode(secret, code, at(seconds + away))).toBe(step);
    for (const away of [-60, 60, 3600]) expect(stepOfCode(secret, code, at(seconds + away))).toBeUndefined();
  });

  it('of another secret, or with another digit, are wrong', () => {
    const [seconds, code] = [vectors[0][0], vectors[0][1].slice(2)];
    expect(stepOfCode(Buffer.from('12345678901234567891'), code, at(seconds))).toBeUndefined();
    for (let place = 0; place < code.length; place += 1) {
      const digit = String((Number(code[place]) + 1) % 10);
      const changed = code.slice(0, place) + digit + code.slice(place + 1);
      expect(stepOfCode(secret, changed, at(seconds))).toBeUndefined();
    }
  });
});
