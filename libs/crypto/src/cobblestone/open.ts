import { cobblestone, equalBytes, plainLength, readAll, type ReadRange } from '@heirloom/formats';
import { DamagedError } from '../errors.ts';
import { batchChunks, batches, iterate, pipelined, toReadable } from './batches.ts';
import { chunkCipher, type ChunkCipher, type CobblestoneKey } from './chunks.ts';

const { headerBytes, saltBytes, chunkBytes, sealedChunkBytes } = cobblestone;
const batchSealedBytes = batchChunks * sealedChunkBytes;

async function readHeader(bytes: Uint8Array, options: CobblestoneKey): Promise<ChunkCipher> {
  const cipher = await chunkCipher({ ...options, salt: bytes.slice(0, saltBytes) });
  if (!equalBytes(cipher.commitment, bytes.subarray(saltBytes, headerBytes))) {
    throw new DamagedError('header', 'A sealed part is damaged, or it is for another key or another place.');
  }
  return cipher;
}

async function* openBatches(
  cipher: ChunkCipher,
  source: AsyncIterable<Uint8Array>,
  firstChunk: number,
): AsyncGenerator<Uint8Array<ArrayBuffer>> {
  let next = firstChunk;
  const opened = pipelined(batches(source, batchSealedBytes), ({ bytes, last }) => {
    const first = next;
    next += batchChunks;
    return cipher.open(first, bytes, last);
  });
  for await (const bytes of opened) if (bytes.length > 0) yield bytes;
}

/** Reads the header, and gives back what was read beyond it. */
async function takeHeader(iterator: AsyncIterator<Uint8Array>) {
  const head = new Uint8Array(headerBytes);
  let filled = 0;
  let rest: Uint8Array = new Uint8Array();
  while (filled < headerBytes) {
    const next = await iterator.next();
    if (next.done) throw new DamagedError('length', 'A sealed part is too short.');
    const taken = Math.min(headerBytes - filled, next.value.length);
    head.set(next.value.subarray(0, taken), filled);
    filled += taken;
    rest = next.value.subarray(taken);
  }
  return { head, rest };
}

async function* tail(rest: Uint8Array, iterator: AsyncIterator<Uint8Array>): AsyncGenerator<Uint8Array> {
  yield rest;
  for (let next = await iterator.next(); !next.done; next = await iterator.next()) yield next.value;
}

/**
 * Opens a Cobblestone-256 stream. What it yields is authentic, but only its normal end says that it was all.
 * @throws DamagedError
 */
export async function* open(
  source: AsyncIterable<Uint8Array>,
  options: CobblestoneKey,
): AsyncGenerator<Uint8Array<ArrayBuffer>> {
  const iterator = source[Symbol.asyncIterator]();
  try {
    const { head, rest } = await takeHeader(iterator);
    yield* openBatches(await readHeader(head, options), tail(rest, iterator), 0);
  } finally {
    await iterator.return?.();
  }
}

/** {@link open} as a WHATWG transform. */
export function openingStream(options: CobblestoneKey): ReadableWritablePair<Uint8Array, Uint8Array> {
  const { readable, writable } = new TransformStream<Uint8Array, Uint8Array>();
  return { writable, readable: toReadable(open(iterate(readable), options)) };
}

/** Random access to a sealed part whose ciphertext can be read in ranges. */
export interface RangeReader {
  /** Of the plaintext, in bytes. */
  readonly size: number;
  /**
   * The plaintext from `offset`, `length` bytes; reads only the chunks that hold it.
   * @throws RangeError when it lies outside; DamagedError.
   */
  range(offset: number, length: number): AsyncGenerator<Uint8Array<ArrayBuffer>>;
}

/**
 * Reads and checks the header. `sealedBytes` must come from something that is signed (a manifest): a range alone
 * cannot show that the end was cut off.
 * @throws DamagedError
 */
export async function openRanges(
  read: ReadRange,
  sealedBytes: number,
  options: CobblestoneKey,
): Promise<RangeReader> {
  const size = plainLength(sealedBytes);
  if (size === undefined)
    throw new DamagedError('length', 'A sealed part has a length that no part can have.');
  const cipher = await readHeader(await readAll(read, 0, headerBytes), options);
  return {
    size,
    async *range(offset, length) {
      if (!(offset >= 0 && length >= 0 && offset + length <= size))
        throw new RangeError('outside of the part');
      if (length === 0) return;
      const first = Math.floor(offset / chunkBytes);
      const last = Math.floor((offset + length - 1) / chunkBytes);
      const from = headerBytes + first * sealedChunkBytes;
      const to = Math.min(headerBytes + (last + 1) * sealedChunkBytes, sealedBytes);
      const complete = last === Math.floor(size / chunkBytes);
      let skip = offset - first * chunkBytes;
      let left = length;
      for await (const bytes of openRun(cipher, read(from, to - from), first, to - from, complete)) {
        const useful = bytes.subarray(skip, skip + left);
        skip = Math.max(0, skip - bytes.length);
        left -= useful.length;
        if (useful.length > 0) yield useful;
      }
    },
  };
}

/** Opens a run of chunks that was asked for by its exact length. `complete` says that it ends with the final chunk. */
async function* openRun(
  cipher: ChunkCipher,
  source: AsyncIterable<Uint8Array>,
  firstChunk: number,
  sealedBytes: number,
  complete: boolean,
): AsyncGenerator<Uint8Array<ArrayBuffer>> {
  let next = firstChunk;
  let seen = 0;
  const opened = pipelined(batches(source, batchSealedBytes), async ({ bytes, last }) => {
    const first = next;
    next += batchChunks;
    seen += bytes.length;
    if (seen > sealedBytes || (last && seen !== sealedBytes)) {
      throw new DamagedError('length', 'A part of an object is shorter or longer than it should be.');
    }
    return cipher.open(first, bytes, complete && last);
  });
  yield* opened;
}
