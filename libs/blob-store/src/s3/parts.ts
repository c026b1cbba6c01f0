import type { CompletedPart } from '@aws-sdk/client-s3';
import type { ByteRange } from '../location.ts';
import type { BucketStore } from './bucket-store.ts';
import { hasName } from './errors.ts';

/** One multipart upload of this process. Nothing of it is visible before it is complete. */
export class Parts {
  readonly #store: BucketStore;
  readonly #key: string;
  readonly #uploadId: string;
  readonly #parts: CompletedPart[] = [];
  #isComplete = false;

  private constructor(store: BucketStore, key: string, uploadId: string) {
    this.#store = store;
    this.#key = key;
    this.#uploadId = uploadId;
  }

  /** Makes an upload for `key`, runs `work`, and leaves no upload behind. */
  static async within<T>(store: BucketStore, key: string, work: (parts: Parts) => Promise<T>): Promise<T> {
    const uploadId = await store.bucket.beginUpload(key);
    return store.busy.exclusively(busyPath(uploadId), async () => {
      const parts = new Parts(store, key, uploadId);
      try {
        return await work(parts);
      } finally {
        // What stays behind because of an error is swept when it is old.
        if (!parts.#isComplete) await store.bucket.abortUpload(key, uploadId).catch(() => undefined);
      }
    });
  }

  async put(bytes: Uint8Array): Promise<void> {
    this.#parts.push(await this.#store.bucket.putPart(this.#key, this.#uploadId, this.#next(), bytes));
  }

  async copy(from: string, options?: { range: ByteRange; etag: string | undefined }): Promise<void> {
    const { bucket } = this.#store;
    this.#parts.push(await bucket.copyPart(this.#key, this.#uploadId, this.#next(), from, options));
  }

  /** Gives the object its name. Safe when an answer was lost and the SDK asked again. */
  async complete(): Promise<void> {
    try {
      await this.#store.bucket.completeUpload(this.#key, this.#uploadId, this.#parts);
    } catch (error) {
      if (!hasName(error, 'NoSuchUpload') || !(await this.#store.bucket.head(this.#key))) throw error;
    }
    this.#isComplete = true;
  }

  #next(): number {
    return this.#parts.length + 1;
  }
}

/** Under what a running upload is noted as busy. */
export const busyPath = (uploadId: string): string => `upload ${uploadId}`;
