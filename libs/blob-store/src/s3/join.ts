import { createHash } from 'node:crypto';
import { AppError, type ObjectName } from '@heirloom/contracts';
import { maxParts, minPartBytes, partBytes } from './blocks.ts';
import type { BucketStore } from './bucket-store.ts';
import { objectKey } from './keys.ts';
import { Parts } from './parts.ts';
import type { Segment } from './s3-stage.ts';

/**
 * Makes the object of a stage's segments. What fits in one request is read, hashed and put; of anything larger, the
 * endpoint copies the segments together itself, and only those that are too short for a part travel once more.
 */
export async function join(
  store: BucketStore,
  name: ObjectName,
  chain: readonly Segment[],
  sizeBytes: number,
): Promise<void> {
  if (sizeBytes <= partBytes) {
    const bytes = await readAll(store, chain);
    if (createHash('sha256').update(bytes).digest('hex') !== name) throw new AppError('hash-mismatch');
    await store.bucket.put(objectKey(name), bytes);
    return;
  }
  // Many short segments must not become more parts than an upload may have.
  const leastBytes = Math.max(minPartBytes, Math.ceil(sizeBytes / (maxParts - 1)));
  await Parts.within(store, objectKey(name), async (parts) => {
    let short: Segment[] = [];
    for (const segment of chain) {
      if (short.length === 0 && segment.length >= leastBytes) {
        await parts.copy(segment.key);
        continue;
      }
      short.push(segment);
      if (short.reduce((sum, { length }) => sum + length, 0) < leastBytes) continue;
      await parts.put(await readAll(store, short));
      short = [];
    }
    if (short.length > 0) await parts.put(await readAll(store, short));
    await parts.complete();
  });
}

async function readAll({ bucket }: BucketStore, segments: readonly Segment[]): Promise<Buffer> {
  const all: Buffer[] = [];
  for (const { key, length } of segments) {
    const bytes = await bucket.read(key);
    if (bytes.length !== length) throw new AppError('unavailable');
    all.push(bytes);
  }
  return Buffer.concat(all);
}
