import { latin, readExactly, type ByteSource } from '../source/byte-source.ts';

/** From coded values of a wider colour space to sRGB. */
export interface ColourConversion {
  /** Linear light of each coded value. */
  linear: Float64Array;
  /** From linear light of the space to linear sRGB, row by row. */
  matrix: readonly number[];
}

/** IEC 61966-2-1, both ways. */
const fromSrgb = (v: number): number => (v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4);
const toSrgb = (v: number): number => (v <= 0.0031308 ? v * 12.92 : 1.055 * v ** (1 / 2.4) - 0.055);
const curve = (f: (v: number) => number): Float64Array =>
  Float64Array.from({ length: 256 }, (_, i) => f(i / 255));

/** From XYZ under D50 (ICC's) to linear sRGB, adapted by Bradford. */
const xyzToSrgb = [
  3.1338561, -1.6168667, -0.4906146, -0.9787684, 1.9161415, 0.033454, 0.0719453, -0.2289914, 1.4052427,
];

/** Display P3 (SMPTE EG 432-1 primaries, D65, the curve of sRGB). */
export const displayP3: ColourConversion = {
  linear: curve(fromSrgb),
  matrix: [1.2249402, -0.2249402, 0, -0.0420569, 1.0420569, 0, -0.0196376, -0.0786361, 1.0982736],
};

const steps = 4096;
const encoded = Uint8Array.from({ length: steps + 1 }, (_, i) => Math.round(255 * toSrgb(i / steps)));

/** Converts RGBA in place; what lies outside of sRGB is clipped. */
export function convertToSrgb(rgba: Uint8ClampedArray, { linear, matrix }: ColourConversion): void {
  const [a = 0, b = 0, c = 0, d = 0, e = 0, f = 0, g = 0, h = 0, i = 0] = matrix;
  const code = (light: number): number => encoded[Math.round(Math.min(1, Math.max(0, light)) * steps)] ?? 0;
  for (let at = 0; at < rgba.length; at += 4) {
    const red = linear[rgba[at] ?? 0] ?? 0;
    const green = linear[rgba[at + 1] ?? 0] ?? 0;
    const blue = linear[rgba[at + 2] ?? 0] ?? 0;
    rgba[at] = code(a * red + b * green + c * blue);
    rgba[at + 1] = code(d * red + e * green + f * blue);
    rgba[at + 2] = code(g * red + h * green + i * blue);
  }
}

/**
 * The conversion that an ICC profile of matrix and curves describes (ICC.1:2022). Undefined for other profiles and
 * for those that are sRGB, near enough.
 */
export async function iccConversion(profile: ByteSource): Promise<ColourConversion | undefined> {
  const count = Math.min((await readExactly(profile, 128, 4)).getUint32(0), 100);
  const table = await readExactly(profile, 132, count * 12);
  const tags = new Map<string, number>();
  for (let i = 0; i < count; i += 1)
    tags.set(latin(new Uint8Array(table.buffer, table.byteOffset + i * 12, 4)), table.getUint32(i * 12 + 4));
  const columns: number[][] = [];
  for (const name of ['rXYZ', 'gXYZ', 'bXYZ']) {
    const at = tags.get(name);
    if (at === undefined) return undefined;
    const view = await readExactly(profile, at + 8, 12);
    columns.push([0, 4, 8].map((i) => view.getInt32(i) / 65536));
  }
  const matrix = [0, 3, 6].flatMap((row) =>
    columns.map(([x = 0, y = 0, z = 0]) => {
      const [p = 0, q = 0, r = 0] = xyzToSrgb.slice(row, row + 3);
      return p * x + q * y + r * z;
    }),
  );
  const isSrgb = matrix.every((value, i) => Math.abs(value - (i % 4 === 0 ? 1 : 0)) < 0.02);
  return isSrgb ? undefined : { matrix, linear: curve(await toneCurve(profile, tags.get('rTRC'))) };
}

/** A gamma or a curve with a linear foot; sampled curves are nearly always sRGB's. */
async function toneCurve(profile: ByteSource, at: number | undefined): Promise<(value: number) => number> {
  if (at === undefined) return fromSrgb;
  const head = await readExactly(profile, at, 12);
  const type = latin(new Uint8Array(head.buffer, head.byteOffset, 4));
  if (type === 'curv' && head.getUint32(8) === 1) {
    const gamma = (await readExactly(profile, at + 12, 2)).getUint16(0) / 256;
    return (value) => value ** gamma;
  }
  if (type !== 'para') return fromSrgb;
  const kind = head.getUint16(8);
  if (kind !== 0 && kind !== 3) return fromSrgb;
  const view = await readExactly(profile, at + 12, kind === 0 ? 4 : 20);
  const parameter = (i: number) => view.getInt32(i * 4) / 65536;
  const gamma = parameter(0);
  if (kind === 0) return (value) => value ** gamma;
  const [a, b, c, d] = [1, 2, 3, 4].map(parameter) as [number, number, number, number];
  return (value) => (value >= d ? (a * value + b) ** gamma : c * value);
}
