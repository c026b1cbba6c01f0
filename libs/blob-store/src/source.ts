import { createHash } from 'node:crypto';
import { AppError, type ObjectName } from '@heirloom/contracts';
import type { Location } from './location.ts';

/** Carries an error of the caller's byte source past the translation of the storage's own errors. */
export class SourceError extends Error {
  constructor(cause: unknown) {
    super('the byte source failed', { cause });
  }
}

/** The source's chunks. What it throws comes out of a location's methods unchanged. */
export async function* fromSource(source: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  try {
    yield* source;
  } catch (error) {
    throw new SourceError(error);
  }
}

/** Passes the chunks on and throws `hash-mismatch` as soon as they cannot be the announced object. */
export async function* verified(
  source: AsyncIterable<Uint8Array>,
  name: ObjectName,
  sizeBytes: number,
): AsyncGenerator<Uint8Array> {
  const hash = createHash('sha256');
  let length = 0;
  for await (const chunk of source) {
    length += chunk.length;
    if (length > sizeBytes) throw new AppError('hash-mismatch');
    hash.update(chunk);
    yield chunk;
  }
  if (length !== sizeBytes || hash.digest('hex') !== name) throw new AppError('hash-mismatch');
}

/** Closes a source that nobody will read. */
export async function closeUnread(source: AsyncIterable<Uint8Array>): Promise<void> {
  await source[Symbol.asyncIterator]().return?.();
}

/** Whether the bytes under a name are the object. A copy that cannot be read in a location that answers is not. */
export async function holdsGood(
  location: Pick<Location, 'get' | 'stat'>,
  name: ObjectName,
  sizeBytes: number,
): Promise<boolean> {
  const found = await location.stat(name);
  if (found?.sizeBytes !== sizeBytes) return false;
  const hash = createHash('sha256');
  try {
    for await (const chunk of (await location.get(name)).body) hash.update(chunk);
  } catch {
    // A location that is gone altogether says so here.
    await location.stat(name);
    return false;
  }
  return hash.digest('hex') === name;
}
