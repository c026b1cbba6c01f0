import type { ByteRange } from '../location.ts';
import type { BucketStore } from './bucket-store.ts';
import { toCallersError, unavailable } from './errors.ts';

const chunkBytes = 256 * 1024;

/** Bytes of a key, in chunks as a location gives them. Throws `unavailable` when they are fewer or more. */
export async function* readExactly(
  { id, bucket }: BucketStore,
  key: string,
  range: ByteRange,
): AsyncGenerator<Uint8Array> {
  let length = 0;
  if (range.length === 0) return;
  try {
    for await (const bytes of bucket.get(key, range)) {
      length += bytes.length;
      if (length > range.length) break;
      for (let at = 0; at < bytes.length; at += chunkBytes) yield bytes.subarray(at, at + chunkBytes);
    }
  } catch (error) {
    throw toCallersError(id, error);
  }
  if (length !== range.length) throw unavailable(id, 'gives other bytes of an object than it was asked for');
}
