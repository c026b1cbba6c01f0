import { cobblestone } from '@heirloom/formats';
import { randomBytes } from '../ports/ports.ts';
import { batchChunks, batches, iterate, pipelined, toReadable } from './batches.ts';
import { chunkCipher, type ChunkCipher, type CobblestoneKey } from './chunks.ts';

const { headerBytes, saltBytes, chunkBytes, sealedChunkBytes } = cobblestone;
export const batchPlainBytes = batchChunks * chunkBytes;

export interface SealOptions extends CobblestoneKey {
  /**
   * 24 bytes; fresh and random when left out. Give one only to make the same ciphertext of the same plaintext
   * again: two plaintexts under one key, context and salt break AES-GCM.
   */
  salt?: Uint8Array;
}

export function header(salt: Uint8Array, cipher: ChunkCipher): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(headerBytes);
  bytes.set(salt);
  bytes.set(cipher.commitment, saltBytes);
  return bytes;
}

async function* sealBatches(
  cipher: ChunkCipher,
  source: AsyncIterable<Uint8Array>,
  firstChunk: number,
): AsyncGenerator<Uint8Array<ArrayBuffer>> {
  let next = firstChunk;
  yield* pipelined(batches(source, batchPlainBytes), ({ bytes, last }) => {
    const first = next;
    next += batchChunks;
    return cipher.seal(first, bytes, last);
  });
}

/** Seals a stream with Cobblestone-256. Holds about 4 MiB, whatever the length. */
export async function* seal(
  source: AsyncIterable<Uint8Array>,
  options: SealOptions,
): AsyncGenerator<Uint8Array<ArrayBuffer>> {
  const salt = options.salt ?? randomBytes(saltBytes);
  const cipher = await chunkCipher({ ...options, salt });
  yield header(salt, cipher);
  yield* sealBatches(cipher, source, 0);
}

/**
 * The rest of the same ciphertext from `offset` on, without sealing what comes before. `source` is asked for the
 * plaintext from a place on, which is at most one chunk before the offset's own. The plaintext must be the one that
 * was sealed before.
 */
export async function* sealFrom(
  offset: number,
  source: (plainOffset: number) => AsyncIterable<Uint8Array>,
  options: SealOptions & { salt: Uint8Array },
): AsyncGenerator<Uint8Array<ArrayBuffer>> {
  const cipher = await chunkCipher(options);
  if (offset < headerBytes) yield header(options.salt, cipher).subarray(offset);
  const body = Math.max(0, offset - headerBytes);
  const firstChunk = Math.floor(body / sealedChunkBytes);
  let skip = body - firstChunk * sealedChunkBytes;
  for await (const bytes of sealBatches(cipher, source(firstChunk * chunkBytes), firstChunk)) {
    if (skip < bytes.length) yield bytes.subarray(skip);
    skip = Math.max(0, skip - bytes.length);
  }
}

/** {@link seal} as a WHATWG transform. */
export function sealingStream(options: SealOptions): ReadableWritablePair<Uint8Array, Uint8Array> {
  const { readable, writable } = new TransformStream<Uint8Array, Uint8Array>();
  return { writable, readable: toReadable(seal(iterate(readable), options)) };
}
