import { AppError, type LocationId, type ObjectName } from '@heirloom/contracts';
import { Busy } from '../busy.ts';
import type { Bucket } from './bucket.ts';
import { probeEndpoint, type EndpointFacts } from './endpoint.ts';
import { translated } from './errors.ts';
import { objectKey } from './keys.ts';
import { checkMarker } from './marker.ts';

/** What a location's methods and its stages share: the bucket, and what this process knows about it. */
export class BucketStore {
  readonly id: LocationId;
  readonly bucket: Bucket;
  /** Stages and multipart uploads that this process is writing to. */
  readonly busy = new Busy();
  #checked = false;
  #checking: Promise<void> | undefined;
  #facts: Promise<EndpointFacts> | undefined;

  constructor(id: LocationId, bucket: Bucket) {
    this.id = id;
    this.bucket = bucket;
  }

  /** Runs storage code once the bucket has been seen to be this location's. */
  run<T>(work: () => Promise<T>): Promise<T> {
    return translated(this.id, async () => {
      if (!this.#checked) await this.checkMarker();
      return work();
    });
  }

  /** Who asks while it is being asked shares the answer. */
  async checkMarker(): Promise<void> {
    this.#checking ??= checkMarker(this.bucket, this.id).finally(() => (this.#checking = undefined));
    await this.#checking;
    this.#checked = true;
  }

  /** What the endpoint does, tried out once in this process. Needs to write. */
  facts(): Promise<EndpointFacts> {
    this.#facts ??= probeEndpoint(this.bucket).catch((error: unknown) => {
      this.#facts = undefined;
      throw error;
    });
    return this.#facts;
  }

  /** Size and version of what has the object's name. `undefined` only if the bucket is ours and lacks it. */
  async find(name: ObjectName): Promise<{ sizeBytes: number; etag: string | undefined } | undefined> {
    const found = await this.bucket.head(objectKey(name));
    // A bucket that was emptied, or another one behind the same address, must not look like ours without objects.
    if (!found) await this.checkMarker();
    return found;
  }

  /** Whether the object is there. Throws `conflict` when something else has its name. */
  async holds(name: ObjectName, sizeBytes: number): Promise<boolean> {
    const found = await this.find(name);
    if (found === undefined || found.sizeBytes === sizeBytes) return found !== undefined;
    throw new AppError('conflict', {
      detail: `Storage location ${this.id} holds ${found.sizeBytes} bytes under this name instead of ${sizeBytes}.`,
    });
  }
}
