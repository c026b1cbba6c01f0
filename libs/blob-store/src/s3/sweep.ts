import { isStageName, objectsFolder, quarantineFolder, stagesFolder } from '../files/paths.ts';
import type { BucketEntry } from './bucket.ts';
import type { BucketStore } from './bucket-store.ts';
import { busyPath } from './parts.ts';

/** Removes stages, probes and multipart uploads that are ours and older than `newestMs`. Answers how many. */
export async function sweep(store: BucketStore, newestMs: number): Promise<number> {
  let count = 0;
  for await (const [name, entries] of stages(store)) {
    const touchedMs = Math.max(...entries.map(({ modifiedMs }) => modifiedMs));
    const path = `${stagesFolder}/${name}/`;
    if (!isStageName(name) || touchedMs > newestMs || store.busy.has(path)) continue;
    await store.busy.exclusively(path, () => removeAll(store, entries));
    count++;
  }
  for (const folder of [objectsFolder, quarantineFolder]) {
    for await (const { key, uploadId, startedMs } of store.bucket.openUploads(`${folder}/`)) {
      if (startedMs > newestMs || store.busy.has(busyPath(uploadId))) continue;
      await store.bucket.abortUpload(key, uploadId);
      count++;
    }
  }
  return count;
}

/** What lies in `tmp/`, by the name below it. */
async function* stages({ bucket }: BucketStore): AsyncGenerator<[name: string, entries: BucketEntry[]]> {
  let entries: BucketEntry[] = [];
  let name = '';
  for await (const entry of bucket.list(`${stagesFolder}/`)) {
    const own = entry.key.split('/')[1]!;
    if (own !== name && entries.length > 0) {
      yield [name, entries];
      entries = [];
    }
    name = own;
    entries.push(entry);
  }
  if (entries.length > 0) yield [name, entries];
}

/** In the order of their keys, in which a stage's mark comes last. */
async function removeAll({ bucket }: BucketStore, entries: readonly BucketEntry[]): Promise<void> {
  for (const { key } of entries) await bucket.delete(key);
}
