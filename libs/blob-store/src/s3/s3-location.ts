import { AppError, type LocationId, type ObjectName, type UploadId } from '@heirloom/contracts';
import { checkedRange } from '../files/bytes.ts';
import type {
  ByteRange,
  ListPage,
  ListQuery,
  Location,
  LocationHealth,
  ObjectBody,
  Stage,
} from '../location.ts';
import { closeUnread, holdsGood, SourceError } from '../source.ts';
import type { Bucket } from './bucket.ts';
import { BucketStore } from './bucket-store.ts';
import { probeHealth } from './health.ts';
import { objectKey, stagePrefix } from './keys.ts';
import { listPage } from './list.ts';
import { confirm, withStaged } from './publish.ts';
import { keepInQuarantine, removeFromQuarantine } from './quarantine.ts';
import { readExactly } from './read.ts';
import { S3Stage } from './s3-stage.ts';
import { sweep } from './sweep.ts';

export interface S3LocationOptions {
  id: LocationId;
  region: string;
  bucket: Bucket;
}

/**
 * A location in a bucket. It expects of an endpoint that what it acknowledged is stored and shown by the next request,
 * and nothing else. An object gets its name by one request that happens as a whole or not at all, and only when its
 * bytes are known to be right, so it does no harm when two processes store the same one.
 */
export class S3Location implements Location {
  readonly id: LocationId;
  readonly region: string;
  readonly driver = 's3';
  readonly #store: BucketStore;

  constructor({ id, region, bucket }: S3LocationOptions) {
    this.id = id;
    this.region = region;
    this.#store = new BucketStore(id, bucket);
  }

  async get(name: ObjectName, range?: ByteRange): Promise<ObjectBody> {
    const found = await this.stat(name);
    if (!found) throw new AppError('not-found');
    const checked = checkedRange(found.sizeBytes, range);
    return { sizeBytes: found.sizeBytes, body: readExactly(this.#store, objectKey(name), checked) };
  }

  async stat(name: ObjectName): Promise<{ sizeBytes: number } | undefined> {
    objectKey(name);
    const found = await this.#store.run(() => this.#store.find(name));
    return found && { sizeBytes: found.sizeBytes };
  }

  list(query: ListQuery): Promise<ListPage> {
    return this.#store.run(() => listPage(this.#store.bucket, query));
  }

  async openStage(upload: UploadId): Promise<Stage> {
    const stage = new S3Stage(this.#store, stagePrefix(upload));
    return this.#store.run(() => stage.create());
  }

  async put(name: ObjectName, source: AsyncIterable<Uint8Array>, sizeBytes: number): Promise<void> {
    objectKey(name);
    await this.#store.run(async () => {
      if (await this.#store.holds(name, sizeBytes)) return closeUnread(source);
      await withStaged(this.#store, name, source, sizeBytes, (publish) => publish());
      await confirm(this.#store, name, sizeBytes);
    });
  }

  /** A key can be written over by one request, so the object is never away in between. */
  async replace(
    name: ObjectName,
    source: AsyncIterable<Uint8Array>,
    sizeBytes: number,
    beforeMove: () => Promise<void> = async () => undefined,
  ): Promise<'replaced' | 'was-good'> {
    objectKey(name);
    return this.#store.run(() =>
      withStaged(this.#store, name, source, sizeBytes, async (publish) => {
        await beforeMove().catch((error: unknown) => {
          throw new SourceError(error);
        });
        if (await holdsGood(this, name, sizeBytes)) return 'was-good';
        await keepInQuarantine(this.#store, name);
        await publish();
        await confirm(this.#store, name, sizeBytes);
        return 'replaced';
      }),
    );
  }

  /** Copies, then removes: a copy that is stored in between is removed with it, and found missing. */
  async quarantine(name: ObjectName): Promise<string | undefined> {
    objectKey(name);
    return this.#store.run(async () => {
      const path = await keepInQuarantine(this.#store, name);
      if (path !== undefined) await this.#store.bucket.delete(objectKey(name));
      return path;
    });
  }

  async remove(name: ObjectName): Promise<void> {
    const key = objectKey(name);
    await this.#store.run(async () => {
      await this.#store.bucket.delete(key);
      await removeFromQuarantine(this.#store, name);
    });
  }

  sweepStages(olderThanMs: number): Promise<number> {
    return this.#store.run(() => sweep(this.#store, Date.now() - olderThanMs));
  }

  probe(): Promise<LocationHealth> {
    return probeHealth(this.#store);
  }
}
