import { AppError, type LocationId } from '@heirloom/contracts';
import type { ByteRange } from '../location.ts';
import type { Disk, DiskFile } from '../disk/disk.ts';
import { toCallersError, unavailable } from './errors.ts';

const chunkBytes = 256 * 1024;

/** Checks a range against the size it must fit in. Throws `range-not-satisfiable`. */
export function checkedRange(
  sizeBytes: number,
  range: ByteRange = { offset: 0, length: sizeBytes },
): ByteRange {
  const { offset, length } = range;
  const isWhole = Number.isSafeInteger(offset) && Number.isSafeInteger(length);
  if (!isWhole || offset < 0 || length < 0 || offset + length > sizeBytes)
    throw new AppError('range-not-satisfiable');
  return range;
}

/** A file's bytes. The file is open only while they are read. */
export async function* readBytes(
  id: LocationId,
  disk: Disk,
  path: string,
  { offset, length }: ByteRange,
): AsyncGenerator<Uint8Array> {
  try {
    await using file = await disk.open(path, 'read');
    const end = offset + length;
    for (let position = offset; position < end;) {
      const chunk = new Uint8Array(Math.min(chunkBytes, end - position));
      const filled = await fill(file, chunk, position);
      if (filled < chunk.length) throw unavailable(id, 'holds fewer bytes of an object than it should');
      position += filled;
      yield chunk;
    }
  } catch (error) {
    throw toCallersError(id, error);
  }
}

/** Reads until `chunk` is full or the file ends, however few bytes the disk gives at a time. Answers how many. */
export async function fill(file: DiskFile, chunk: Uint8Array, position: number): Promise<number> {
  let filled = 0;
  while (filled < chunk.length) {
    const count = await file.read(chunk.subarray(filled), position + filled);
    if (count === 0) break;
    filled += count;
  }
  return filled;
}

/** Writes all of `bytes`, however few the disk takes at a time. */
export async function writeAll(file: DiskFile, bytes: Uint8Array, position: number): Promise<void> {
  for (let written = 0; written < bytes.length;) {
    written += await file.write(bytes.subarray(written), position + written);
  }
}
