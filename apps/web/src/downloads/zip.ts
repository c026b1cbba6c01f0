import { AppError } from '@heirloom/contracts/errors';
import { crc32 } from './crc32.ts';

/** A file on its way into an archive. */
export interface ZipFile {
  name: string;
  /** Milliseconds since 1970. */
  modifiedAt: number;
  /** What the body will be long. */
  sizeBytes: number;
  body: AsyncIterable<Uint8Array>;
}

interface Written {
  name: Uint8Array;
  modifiedAt: number;
  offset: number;
  sizeBytes: number;
  crc: number;
  isLarge: boolean;
}

/** From here on, sizes and places stand in fields of 64 bits. */
const large = 0xffffffff;
const many = 0xffff;
/** Of the specification that a reader must know: 4.5 for Zip64. */
const version = 45;
const unix = 3;
/** Sizes and checksum stand behind the file, and its name is UTF-8. */
const flags = 0x0808;
const regularFile = 0o100644;

/**
 * A ZIP archive, as long as its files and never in memory: stored without compression, since pictures and films have theirs.
 * After PKWARE's APPNOTE 6.3.10 with Zip64, and Info-ZIP's extended timestamp.
 * @param passOver - decides about a file that ended in an error: true leaves it out, and what was written of it belongs to no
 *   file; false ends the archive with that error
 */
export async function* zip(
  files: AsyncIterable<ZipFile>,
  passOver: (file: ZipFile, error: unknown) => boolean,
): AsyncGenerator<Uint8Array<ArrayBuffer>, void, undefined> {
  const written: Written[] = [];
  let offset = 0;
  for await (const file of files) {
    const one = {
      name: new TextEncoder().encode(file.name),
      modifiedAt: file.modifiedAt,
      offset,
      sizeBytes: 0,
      crc: 0,
      isLarge: file.sizeBytes >= large,
    };
    const head = fileHead(one);
    offset += head.length;
    yield head;
    try {
      for await (const piece of file.body) {
        one.crc = crc32(piece, one.crc);
        one.sizeBytes += piece.length;
        offset += piece.length;
        yield new Uint8Array(piece);
      }
      if (one.sizeBytes !== file.sizeBytes) throw new AppError('damaged');
    } catch (error) {
      if (!passOver(file, error)) throw error;
      continue;
    }
    const tail = fileTail(one);
    offset += tail.length;
    yield tail;
    written.push(one);
  }
  const from = offset;
  for (const one of written) {
    const entry = directoryEntry(one);
    offset += entry.length;
    yield entry;
  }
  yield directoryEnd(written.length, from, offset);
}

type Field = readonly [bytes: 2 | 4 | 8, value: number] | Uint8Array;

/** Numbers in the order of the format: the smallest byte first. */
function fields(...all: readonly Field[]): Uint8Array<ArrayBuffer> {
  const sizeOf = (field: Field) => (field instanceof Uint8Array ? field.length : field[0]);
  const bytes = new Uint8Array(all.reduce((sum, field) => sum + sizeOf(field), 0));
  const view = new DataView(bytes.buffer);
  let at = 0;
  for (const field of all) {
    if (field instanceof Uint8Array) bytes.set(field, at);
    else if (field[0] === 8) view.setBigUint64(at, BigInt(field[1]), true);
    else if (field[0] === 4) view.setUint32(at, field[1], true);
    else view.setUint16(at, field[1], true);
    at += sizeOf(field);
  }
  return bytes;
}

const two = (value: number): Field => [2, value];
const four = (value: number): Field => [4, value];
const eight = (value: number): Field => [8, value];

/** Two seconds are the finest that it knows, and 1980 to 2107 all years. */
function dosTime(milliseconds: number): readonly [time: Field, date: Field] {
  const at = new Date(Number.isFinite(milliseconds) ? milliseconds : 0);
  const year = Math.min(2107, Math.max(1980, at.getFullYear())) - 1980;
  return [
    two((at.getHours() << 11) | (at.getMinutes() << 5) | (at.getSeconds() >> 1)),
    two((year << 9) | ((at.getMonth() + 1) << 5) | at.getDate()),
  ];
}

/** The moment itself, whatever clock the reader goes by; left out where it does not fit. */
function timestamp(milliseconds: number): Uint8Array {
  const seconds = Math.floor(milliseconds / 1000);
  if (!(seconds >= 0 && seconds < 2 ** 31)) return new Uint8Array();
  return fields(two(0x5455), two(5), new Uint8Array([1]), four(seconds));
}

function fileHead({ name, modifiedAt, isLarge }: Written): Uint8Array<ArrayBuffer> {
  const size = four(isLarge ? large : 0);
  const extra = fields(...(isLarge ? [two(1), two(16), eight(0), eight(0)] : []), timestamp(modifiedAt));
  return fields(
    ...[four(0x04034b50), two(version), two(flags), two(0), ...dosTime(modifiedAt)],
    ...[four(0), size, size, two(name.length), two(extra.length), name, extra],
  );
}

function fileTail({ crc, sizeBytes, isLarge }: Written): Uint8Array<ArrayBuffer> {
  const size = isLarge ? eight(sizeBytes) : four(sizeBytes);
  return fields(four(0x08074b50), four(crc), size, size);
}

function directoryEntry(one: Written): Uint8Array<ArrayBuffer> {
  const { name, modifiedAt, sizeBytes, crc, offset } = one;
  const isLarge = one.isLarge || offset >= large;
  const size = four(isLarge ? large : sizeBytes);
  const extra = fields(
    ...(isLarge ? [two(1), two(24), eight(sizeBytes), eight(sizeBytes), eight(offset)] : []),
    timestamp(modifiedAt),
  );
  return fields(
    ...[
      four(0x02014b50),
      two((unix << 8) | version),
      two(version),
      two(flags),
      two(0),
      ...dosTime(modifiedAt),
    ],
    ...[four(crc), size, size, two(name.length), two(extra.length), two(0), two(0), two(0)],
    ...[four(regularFile * 0x10000), four(isLarge ? large : offset), name, extra],
  );
}

/** With the records of 64 bits where there are more files, or more bytes, than the old one can say. */
export function directoryEnd(count: number, from: number, to: number): Uint8Array<ArrayBuffer> {
  const isLarge = count >= many || to >= large;
  const length = to - from;
  const end64 = [
    ...[four(0x06064b50), eight(44), two((unix << 8) | version), two(version), four(0), four(0)],
    ...[eight(count), eight(count), eight(length), eight(from)],
    ...[four(0x07064b50), four(0), eight(to), four(1)],
  ];
  const counted = two(isLarge ? many : count);
  return fields(
    ...(isLarge ? end64 : []),
    ...[four(0x06054b50), two(0), two(0), counted, counted],
    ...[four(isLarge ? large : length), four(isLarge ? large : from), two(0)],
  );
}
