import { describe, expect, it } from '@jest/globals';
import { createHash } from 'node:crypto';
import { safetyNumber } from './safety-number.ts';

const identity = (n: number) => new Uint8Array(createHash('sha256').update(`identity ${n}`).digest());

/** As docs/FORMAT.md has it, by other means. */
function plainDigits(hash: Uint8Array): string {
  const digest = createHash('sha512').update('heirloom/1/safety-number\0').update(hash).digest('hex');
  const blocks = digest.slice(0, 60).match(/.{10}/g) ?? [];
  return blocks.map((block) => String(BigInt(`0x${block}`) % 100_000n).padStart(5, '0')).join('');
}

describe('a safety number', () => {
  it('has 60 digits in 12 groups, as the format says, and is the same on both sides', () => {
    for (let n = 0; n < 50; n++) {
      const [one, other] = [identity(n), identity(n + 1)];
      const number = safetyNumber(one, other);
      expect(number).toEqual(safetyNumber(other, one));
      expect(number.digits).toMatch(/^\d{60}$/);
      expect(number.groups.map((group) => group.length)).toEqual(Array.from({ length: 12 }, () => 5));
      expect(number.digits).toBe([plainDigits(one), plainDigits(other)].sort().join(''));
    }
  });

  it('stays as it is for ever', () => {
    expect(safetyNumber(identity(1), identity(2)).groups.join(' ')).toBe(
      '73497 31813 61205 31480 54317 34859 83451 47810 75607 73366 93547 03341',
    );
  });

  it('is another one for another identity, in digits and QR code', () => {
    const numbers = [2, 3, 4].map((n) => safetyNumber(identity(1), identity(n)));
    expect(new Set(numbers.map(({ digits }) => digits)).size).toBe(3);
    expect(new Set(numbers.map(({ qrPayload }) => qrPayload)).size).toBe(3);
    expect(() => safetyNumber(identity(1), identity(1))).toThrow(RangeError);
  });
});
