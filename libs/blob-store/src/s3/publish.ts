import { createHash } from 'node:crypto';
import type { ObjectName } from '@heirloom/contracts';
import { fromSource, verified } from '../source.ts';
import { partBytes, sendEach } from './blocks.ts';
import type { BucketStore } from './bucket-store.ts';
import { unavailable } from './errors.ts';
import { objectKey } from './keys.ts';
import { Parts } from './parts.ts';
import { keepInQuarantine } from './quarantine.ts';
import { readExactly } from './read.ts';

/**
 * Stages what `source` gives and runs `work` once it is known to be the object; `publish` gives it its name. A small
 * object waits in memory, a large one as a multipart upload. A failure leaves nothing.
 */
export async function withStaged<T>(
  store: BucketStore,
  name: ObjectName,
  source: AsyncIterable<Uint8Array>,
  sizeBytes: number,
  work: (publish: () => Promise<void>) => Promise<T>,
): Promise<T> {
  const key = objectKey(name);
  const bytes = fromSource(verified(source, name, sizeBytes));
  if (sizeBytes <= partBytes) {
    let body = new Uint8Array();
    await sendEach(bytes, async (block) => void (body = Uint8Array.from(block)));
    return work(() => store.bucket.put(key, body));
  }
  return Parts.within(store, key, async (parts) => {
    await sendEach(bytes, (block) => parts.put(block));
    return work(() => parts.complete());
  });
}

/**
 * To be called when an object got its name. Reads it back where the endpoint would have taken a damaged body; what is
 * wrong goes to quarantine.
 */
export async function confirm(store: BucketStore, name: ObjectName, sizeBytes: number): Promise<void> {
  const { refusesWrongBody } = await store.facts();
  if (refusesWrongBody) return;
  const hash = createHash('sha256');
  for await (const chunk of readExactly(store, objectKey(name), { offset: 0, length: sizeBytes }))
    hash.update(chunk);
  if (hash.digest('hex') === name) return;
  await keepInQuarantine(store, name);
  await store.bucket.delete(objectKey(name));
  throw unavailable(store.id, 'gives back other bytes than it was given');
}
