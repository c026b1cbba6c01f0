import { newId, type ObjectName } from '@heirloom/contracts';
import { quarantinePath } from '../files/paths.ts';
import type { BucketStore } from './bucket-store.ts';
import { isAnswer, unavailable } from './errors.ts';
import { objectKey } from './keys.ts';
import { Parts } from './parts.ts';

const attempts = 3;
/** More than this cannot be copied by one request. */
const copyMaxBytes = 5 * 1024 ** 3;
const copyPartBytes = 1024 ** 3;

/**
 * Keeps a copy of what has the object's name in `quarantine/`. Answers its path, and undefined when there is nothing.
 * What changes while it is copied is copied anew.
 */
export async function keepInQuarantine(store: BucketStore, name: ObjectName): Promise<string | undefined> {
  const from = objectKey(name);
  for (let attempt = 0; attempt < attempts; attempt++) {
    const found = await store.find(name);
    if (!found) return undefined;
    const to = quarantinePath(name, newId());
    try {
      if (found.sizeBytes <= copyMaxBytes) await store.bucket.copy(from, to, found.etag);
      else await copyInParts(store, from, to, found);
      return to;
    } catch (error) {
      if (!isAnswer(error, 412, 'PreconditionFailed') && !isAnswer(error, 404, 'NoSuchKey')) throw error;
    }
  }
  throw unavailable(store.id, 'changes an object while it is moved to quarantine');
}

function copyInParts(
  store: BucketStore,
  from: string,
  to: string,
  { sizeBytes, etag }: { sizeBytes: number; etag: string | undefined },
): Promise<void> {
  return Parts.within(store, to, async (parts) => {
    for (let offset = 0; offset < sizeBytes; offset += copyPartBytes) {
      const length = Math.min(copyPartBytes, sizeBytes - offset);
      await parts.copy(from, { range: { offset, length }, etag });
    }
    await parts.complete();
  });
}

/** Deletes what of an object was kept in quarantine. */
export async function removeFromQuarantine({ bucket }: BucketStore, name: ObjectName): Promise<void> {
  for await (const { key } of bucket.list(quarantinePath(name, ''))) await bucket.delete(key);
}
