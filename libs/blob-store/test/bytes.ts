import { createHash } from 'node:crypto';
import type { ObjectName } from '@heirloom/contracts';

/** Bytes that look random and are the same in every run. */
export const seeded = (length: number, seed: string): Uint8Array =>
  new Uint8Array(
    createHash('shake256', { outputLength: Math.max(1, length) })
      .update(seed)
      .digest(),
  ).subarray(0, length);

export const nameOf = (bytes: Uint8Array): ObjectName =>
  createHash('sha256').update(bytes).digest('hex') as ObjectName;

/** The bytes as a source of chunks of this size. */
export async function* chunked(bytes: Uint8Array, chunkBytes = 64 * 1024): AsyncGenerator<Uint8Array> {
  for (let i = 0; i < bytes.length; i += chunkBytes) yield bytes.subarray(i, i + chunkBytes);
}

/** Gives the bytes, then fails as a connection does that is cut. */
export async function* cutAfter(bytes: Uint8Array, error: Error): AsyncGenerator<Uint8Array> {
  yield* chunked(bytes, 1000);
  throw error;
}

export async function collect(source: AsyncIterable<Uint8Array>): Promise<Uint8Array> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of source) chunks.push(chunk);
  return new Uint8Array(Buffer.concat(chunks));
}

/** What `sha256sum` says of a body; for comparing more bytes than a test's report should show. */
export async function hashOf(source: AsyncIterable<Uint8Array>): Promise<string> {
  const hash = createHash('sha256');
  for await (const chunk of source) hash.update(chunk);
  return hash.digest('hex');
}
