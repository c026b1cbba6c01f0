/** A value of a TIFF entry: numbers or text, or bytes or a directory that the entry points to. */
export type TiffValue =
  | { kind: 'short' | 'long'; values: readonly number[] }
  | { kind: 'text'; text: string }
  | { kind: 'opaque'; bytes: Uint8Array }
  | { kind: 'pointer'; bytes: Uint8Array }
  | { kind: 'directories'; directories: readonly TiffTags[] };
export type TiffTags = Readonly<Record<number, TiffValue>>;

export const short = (...values: number[]): TiffValue => ({ kind: 'short', values });
export const long = (...values: number[]): TiffValue => ({ kind: 'long', values });
export const text = (value: string): TiffValue => ({ kind: 'text', text: value });
export const pointer = (bytes: Uint8Array): TiffValue => ({ kind: 'pointer', bytes });
export const directories = (...list: TiffTags[]): TiffValue => ({ kind: 'directories', directories: list });

/**
 * A little-endian TIFF structure.
 *
 * @param chain directories that follow each other
 * @param header the first bytes, up to the offset of the first directory: other cameras, other magic numbers
 */
export function writeTiff(chain: readonly TiffTags[], header = 'II*\0', room = 8): Uint8Array<ArrayBuffer> {
  const out: number[] = [...header].map((letter) => letter.charCodeAt(0));
  out.length = room;
  out.fill(0, header.length);
  let link = 4;
  for (const tags of chain) {
    put(out, link, out.length, 4);
    link = writeDirectory(out, tags);
  }
  return Uint8Array.from(out);
}

/** @returns where the offset of the next directory is to be written */
function writeDirectory(out: number[], tags: TiffTags): number {
  const entries = Object.entries(tags).map(([tag, value]) => ({ tag: Number(tag), value }));
  const start = out.length;
  const end = start + 2 + entries.length * 12;
  append(out, new Uint8Array(end + 4 - start));
  put(out, start, entries.length, 2);
  for (const [i, { tag, value }] of entries.entries()) {
    const at = start + 2 + i * 12;
    const { type, count, data } = dataOf(out, value);
    put(out, at, tag, 2);
    put(out, at + 2, type, 2);
    put(out, at + 4, count, 4);
    if (data.length <= 4) data.forEach((byte, j) => (out[at + 8 + j] = byte));
    else put(out, at + 8, append(out, data), 4);
  }
  return end;
}

function dataOf(out: number[], value: TiffValue): { type: number; count: number; data: readonly number[] } {
  if (value.kind === 'text') {
    const data = [...`${value.text}\0`].map((letter) => letter.charCodeAt(0));
    return { type: 2, count: data.length, data };
  }
  if (value.kind === 'opaque') return { type: 7, count: value.bytes.length, data: [...value.bytes] };
  if (value.kind === 'pointer') return { type: 4, count: 1, data: little(append(out, value.bytes), 4) };
  if (value.kind === 'directories') {
    const places = value.directories.map((tags) => {
      const at = out.length;
      writeDirectory(out, tags);
      return at;
    });
    return { type: 4, count: places.length, data: places.flatMap((at) => little(at, 4)) };
  }
  const size = value.kind === 'short' ? 2 : 4;
  return {
    type: value.kind === 'short' ? 3 : 4,
    count: value.values.length,
    data: value.values.flatMap((number) => little(number, size)),
  };
}

const little = (value: number, size: number): number[] =>
  Array.from({ length: size }, (_, i) => Math.floor(value / 256 ** i) % 256);

function put(out: number[], at: number, value: number, size: number): void {
  little(value, size).forEach((byte, i) => (out[at + i] = byte));
}

/** @returns where the bytes stand; places are even, as TIFF wants them */
function append(out: number[], bytes: ArrayLike<number>): number {
  if (out.length % 2 === 1) out.push(0);
  const at = out.length;
  for (let i = 0; i < bytes.length; i += 1) out.push(bytes[i] ?? 0);
  return at;
}
