import { createHash } from 'node:crypto';
import type { HashStream } from '../hashing/hash-workers.ts';
import type { LocationReader, ObjectBody } from '@heirloom/blob-store';
import { AppError, type CopyState, type ObjectName } from '@heirloom/contracts';

/** An object as the catalogue knows it: named by the SHA-256 of its bytes. */
export interface ExpectedObject {
  object: ObjectName;
  objectBytes: number;
}
export interface CopyReading {
  state: Exclude<CopyState, 'pending'>;
  bytesRead: number;
}

export interface ReadingOptions {
  /** Where to hash; on the calling thread when left out. */
  hash?: HashStream;
  /** Waits until so many bytes may be read. */
  pace?: (bytes: number, signal: AbortSignal) => Promise<void>;
}

const isCode = (error: unknown, code: AppError['code']) => error instanceof AppError && error.code === code;

/**
 * Reads a whole copy, a chunk at a time, and compares its length and hash with what they should be. A copy of another
 * length is known to be bad without being read.
 * @throws the signal's reason when it aborts; whatever else goes wrong is an answer
 */
export async function readCopy(
  location: LocationReader,
  { object, objectBytes }: ExpectedObject,
  signal: AbortSignal,
  { hash = hashHere, pace = async () => undefined }: ReadingOptions = {},
): Promise<CopyReading> {
  signal.throwIfAborted();
  let found: ObjectBody;
  try {
    found = await location.get(object);
  } catch (error) {
    if (isCode(error, 'not-found')) return { state: 'missing', bytesRead: 0 };
    if (isCode(error, 'unavailable')) return { state: 'unreachable', bytesRead: 0 };
    throw error;
  }
  if (found.sizeBytes < objectBytes) return { state: 'short', bytesRead: 0 };
  if (found.sizeBytes > objectBytes) return { state: 'damaged', bytesRead: 0 };
  let bytesRead = 0;
  async function* bytes(): AsyncGenerator<Uint8Array> {
    for await (const chunk of found.body) {
      signal.throwIfAborted();
      bytesRead += chunk.length;
      await pace(chunk.length, signal);
      yield chunk;
    }
  }
  try {
    return { state: (await hash(bytes())) === object ? 'intact' : 'damaged', bytesRead };
  } catch (error) {
    if (!isCode(error, 'unavailable')) throw error;
    return { state: await whyUnreadable(location, object), bytesRead };
  }
}

const hashHere: HashStream = async (source) => {
  const hash = createHash('sha256');
  for await (const chunk of source) hash.update(chunk);
  return hash.digest('hex');
};

/** A copy that cannot be read in a location that answers is a bad copy: a disk says so of its broken sectors. */
async function whyUnreadable(location: LocationReader, object: ObjectName): Promise<CopyReading['state']> {
  try {
    return (await location.stat(object)) ? 'damaged' : 'missing';
  } catch (error) {
    if (isCode(error, 'unavailable')) return 'unreachable';
    throw error;
  }
}
