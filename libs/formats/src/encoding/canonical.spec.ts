import { AppError } from '@heirloom/contracts';
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { z } from 'zod';
import { hex, unhex } from '../../test/samples.ts';
import { decodeCanonical, encodeCanonical } from './canonical.ts';

const decode = (bytes: Uint8Array) => decodeCanonical(z.unknown(), bytes, { maxBytes: 1 << 20 });

describe('encodeCanonical', () => {
  it('encodes as RFC 8949 appendix A does', () => {
    const cases: [unknown, string][] = [
      [0, '00'],
      [23, '17'],
      [24, '1818'],
      [1000, '1903e8'],
      [1_000_000_000_000, '1b000000e8d4a51000'],
      [-1, '20'],
      [-1000, '3903e7'],
      [1.5, 'f93e00'],
      [1.1, 'fb3ff199999999999a'],
      [100_000.5, 'fa47c35040'],
      [false, 'f4'],
      [null, 'f6'],
      [new Uint8Array([1, 2, 3, 4]), '4401020304'],
      ['', '60'],
      ['ü', '62c3bc'],
      [[1, [2, 3], [4, 5]], '8301820203820405'],
      [{ a: 1, b: [2, 3] }, 'a26161016162820203'],
    ];
    for (const [value, expected] of cases) expect(hex(encodeCanonical(value))).toBe(expected);
  });

  it('sorts keys by the bytes of their encodings', () => {
    const bytes = encodeCanonical({ aa: 1, b: 2, z: 3, ['c'.repeat(24)]: 4 });
    expect(hex(bytes)).toBe(`a4616202617a036261610178${'18'}${'63'.repeat(24)}04`);
  });

  it('writes whole numbers as integers and leaves undefined fields out', () => {
    expect(hex(encodeCanonical(-0))).toBe('00');
    expect(hex(encodeCanonical({ a: undefined, b: 2.0 }))).toBe('a1616202');
  });

  it.each([['half a surrogate pair \ud800'], [Number.NaN], [Infinity]])('refuses %p', (value) => {
    expect(() => encodeCanonical([value])).toThrow(TypeError);
  });
});

describe('decodeCanonical', () => {
  it('gives back what was encoded', () => {
    const leaf = fc.oneof(
      fc.string({ unit: 'binary' }),
      fc.maxSafeInteger(),
      fc.double({ noNaN: true, noDefaultInfinity: true }).filter((n) => !Number.isInteger(n)),
      fc.boolean(),
      fc.constant(null),
      fc.uint8Array({ maxLength: 300 }),
    );
    const { tree } = fc.letrec((tie) => ({
      tree: fc.oneof(
        { maxDepth: 4 },
        leaf,
        fc.array(tie('tree'), { maxLength: 5 }),
        fc.dictionary(fc.string({ unit: 'grapheme' }), tie('tree'), { maxKeys: 5, noNullPrototype: true }),
      ),
    }));
    fc.assert(
      fc.property(tree, (value) => {
        const bytes = encodeCanonical(value);
        expect(encodeCanonical(decode(bytes))).toEqual(bytes);
      }),
    );
  });

  it('keeps a leading byte order mark, which names of files may have', () => {
    expect(decode(encodeCanonical('\ufeffname'))).toBe('\ufeffname');
  });

  it.each([
    ['an integer in a longer form', '1817'],
    ['a length in a longer form', '5801ff'],
    ['keys out of order', 'a2616201616101'],
    ['a key twice', 'a2616101616102'],
    ['an indefinite array', '9f01ff'],
    ['a whole number as a float', 'f93c00'],
    ['minus zero', 'f98000'],
    ['a float in a longer form', 'fa3fc00000'],
    ['NaN', 'f97e00'],
    ['undefined', 'f7'],
    ['a tag', 'c100'],
    ['an integer that no double holds', '1b0020000000000001'],
    ['a key that is no string', 'a10101'],
    ['bytes after the end', '0000'],
    ['a cut', '4401'],
    ['nothing', ''],
    ['a string that is not UTF-8', '62c328'],
    ['nesting without end', '81'.repeat(500_000)],
  ])('refuses %s', (_, bytes) => {
    expect(() => decode(unhex(bytes))).toThrow(AppError);
  });

  it('names the place and keeps to the size', () => {
    const schema = z.strictObject({ a: z.strictObject({ b: z.int() }) });
    const bytes = encodeCanonical({ a: { b: 'x' } });
    expect(() => decodeCanonical(schema, bytes, { maxBytes: 100 })).toThrow(/at a\.b/);
    expect(() => decodeCanonical(schema, bytes, { maxBytes: 4, code: 'object-malformed' })).toThrow(
      expect.objectContaining({ code: 'object-malformed' }),
    );
  });
});
