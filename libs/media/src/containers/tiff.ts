import { latin, readExactly, type ByteSource } from '../source/byte-source.ts';

/** An entry of an image file directory (TIFF 6.0 section 2). */
export interface TiffEntry {
  type: number;
  count: number;
  /** Where the value stands, from the start of the source. */
  offset: number;
}
export type Directory = ReadonlyMap<number, TiffEntry>;

const sizes: Readonly<Record<number, number>> = {
  1: 1,
  2: 1,
  3: 2,
  4: 4,
  5: 8,
  6: 1,
  7: 1,
  9: 4,
  10: 8,
  13: 4,
};
const maxEntries = 512;
const maxNumbers = 64;
const maxTextBytes = 1024;

/** A TIFF structure. Every read is checked against the source; what does not fit throws a RangeError. */
export class Tiff {
  readonly source: ByteSource;
  readonly #little: boolean;
  readonly #base: number;

  private constructor(source: ByteSource, little: boolean, base: number) {
    this.source = source;
    this.#little = little;
    this.#base = base;
  }

  /** @returns the structure and its first directory's offset; null when this is no TIFF (nor ORF, nor RW2) */
  static async open(source: ByteSource): Promise<{ tiff: Tiff; first: number } | null> {
    const head = await readExactly(source, 0, 8);
    const order = head.getUint16(0);
    if (order !== 0x4949 && order !== 0x4d4d) return null;
    const little = order === 0x4949;
    const magic = head.getUint16(2, little);
    if (![42, 0x4f52, 0x5352, 0x55].includes(magic)) return null;
    return { tiff: new Tiff(source, little, 0), first: head.getUint32(4, little) };
  }

  /** The same file, with offsets that count from `base`, as some maker notes have them. */
  from(base: number, little = this.#little): Tiff {
    return new Tiff(this.source, little, base);
  }

  /** The directory at an offset, and the offset of the next one (0: none). */
  async directory(at: number): Promise<{ entries: Directory; next: number }> {
    const start = this.#base + at;
    const count = (await readExactly(this.source, start, 2)).getUint16(0, this.#little);
    if (count > maxEntries) throw new RangeError('Too many entries');
    const view = await readExactly(this.source, start + 2, count * 12);
    const entries = new Map<number, TiffEntry>();
    for (let i = 0; i < count; i += 1) {
      const type = view.getUint16(i * 12 + 2, this.#little);
      const values = view.getUint32(i * 12 + 4, this.#little);
      const inline = (sizes[type] ?? 1) * values <= 4;
      const offset = inline ? start + 2 + i * 12 + 8 : this.#base + view.getUint32(i * 12 + 8, this.#little);
      entries.set(view.getUint16(i * 12, this.#little), { type, count: values, offset });
    }
    const after = await this.source.read(start + 2 + count * 12, 4);
    const next = after.length === 4 ? new DataView(after.buffer).getUint32(0, this.#little) : 0;
    return { entries, next };
  }

  /** Whole numbers and fractions of an entry; at most 64. */
  async numbers(entry: TiffEntry | undefined): Promise<number[]> {
    const size = entry && sizes[entry.type];
    if (!entry || !size) return [];
    const count = Math.min(entry.count, maxNumbers);
    const view = await readExactly(this.source, entry.offset, count * size);
    return Array.from({ length: count }, (_, i) => this.#number(view, i * size, entry.type));
  }

  async number(entry: TiffEntry | undefined): Promise<number | undefined> {
    return (await this.numbers(entry))[0];
  }

  async text(entry: TiffEntry | undefined): Promise<string | undefined> {
    if (entry?.type !== 2) return undefined;
    return latin(await this.source.read(entry.offset, Math.min(entry.count, maxTextBytes)));
  }

  #number(view: DataView, at: number, type: number): number {
    const little = this.#little;
    if (type === 3) return view.getUint16(at, little);
    if (type === 4 || type === 13) return view.getUint32(at, little);
    if (type === 9) return view.getInt32(at, little);
    if (type === 5) return view.getUint32(at, little) / view.getUint32(at + 4, little);
    if (type === 10) return view.getInt32(at, little) / view.getInt32(at + 4, little);
    return view.getUint8(at);
  }
}
