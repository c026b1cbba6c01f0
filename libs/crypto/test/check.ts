import type { CryptoPorts } from '../src/index.ts';
import type { FrozenVectors, PublishedCobblestone, PublishedHpke } from './vectors.ts';

/** One thing that must hold, in Node and in browsers alike: it passes, or it throws. */
export interface Check {
  name: string;
  run(): Promise<void>;
}

export interface SuiteInput {
  ports: CryptoPorts;
  vectors: FrozenVectors;
  /** Published test vectors, where the files are at hand. */
  published: { cobblestone?: PublishedCobblestone; hpke?: PublishedHpke };
}

export const check = (name: string, run: () => Promise<void>): Check => ({ name, run });

export function assert(condition: boolean, message: string): asserts condition {
  if (!condition) throw new Error(message);
}

export const hex = (bytes: Uint8Array): string =>
  Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
export const unhex = (text: string): Uint8Array<ArrayBuffer> =>
  Uint8Array.from({ length: text.length / 2 }, (_, i) => Number.parseInt(text.slice(2 * i, 2 * i + 2), 16));

export function assertBytes(actual: Uint8Array, expected: Uint8Array, what: string): void {
  assert(actual.length === expected.length, `${what}: ${actual.length} bytes instead of ${expected.length}`);
  const at = actual.findIndex((byte, i) => byte !== expected[i]);
  assert(at < 0, `${what}: differs at byte ${at}`);
}

export function assertEqual(actual: unknown, expected: unknown, what: string): void {
  assert(actual === expected, `${what}: ${String(actual)} instead of ${String(expected)}`);
}

/** Passes when the work fails as it should: with an error whose `thing`, `code` or `name` is one of `expected`. */
export async function refuses(
  work: () => Promise<unknown>,
  expected: readonly string[],
  what: string,
): Promise<void> {
  try {
    await work();
  } catch (error) {
    const { thing, code, name } = error as { thing?: string; code?: string; name?: string };
    const known = [thing, code, name].some((one) => one !== undefined && expected.includes(one));
    if (!known) throw new Error(`${what}: refused for another reason: ${String(error)}`, { cause: error });
    return;
  }
  throw new Error(`${what}: was not refused`);
}

export async function collect(source: AsyncIterable<Uint8Array>): Promise<Uint8Array<ArrayBuffer>> {
  const pieces: Uint8Array[] = [];
  for await (const piece of source) pieces.push(piece);
  return join(pieces);
}

export function join(pieces: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  const whole = new Uint8Array(pieces.reduce((sum, piece) => sum + piece.length, 0));
  let at = 0;
  for (const piece of pieces) {
    whole.set(piece, at);
    at += piece.length;
  }
  return whole;
}

/** Yields bytes in pieces of the given sizes, round and round; sizes of 0 give empty pieces. */
export async function* inPieces(
  bytes: Uint8Array,
  sizes: readonly number[] = [65_536],
): AsyncGenerator<Uint8Array> {
  const step = sizes.some((size) => size > 0) ? sizes : [1];
  for (let at = 0, i = 0; at < bytes.length; i++) {
    const size = step[i % step.length]!;
    yield await Promise.resolve(bytes.subarray(at, at + size));
    at += size;
  }
}

/** Reads ranges out of bytes in memory, in pieces of an odd size. */
export const rangesOf = (bytes: Uint8Array) => (offset: number, length: number) =>
  inPieces(bytes.subarray(offset, offset + length), [10_007]);

/** The plaintext of the frozen vectors: byte i is (i * 31 + floor(i / 256)) mod 256. */
export const sample = (size: number): Uint8Array<ArrayBuffer> =>
  Uint8Array.from({ length: size }, (_, i) => (i * 31 + (i >> 8)) & 255);
export const counting = (length: number, first = 0): Uint8Array<ArrayBuffer> =>
  Uint8Array.from({ length }, (_, i) => (first + i) & 255);

export function flipBit(bytes: Uint8Array, bit: number): Uint8Array<ArrayBuffer> {
  const changed = new Uint8Array(bytes);
  changed[bit >> 3]! ^= 1 << (bit & 7);
  return changed;
}

/** Runs so many at a time: promises of WebCrypto gain from company, memory does not. */
export async function inParallel(count: number, work: (index: number) => Promise<void>): Promise<void> {
  for (let from = 0; from < count; from += 64) {
    await Promise.all(Array.from({ length: Math.min(64, count - from) }, (_, i) => work(from + i)));
  }
}
