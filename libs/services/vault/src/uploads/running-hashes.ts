import { Injectable } from '@nestjs/common';
import { createHash, type Hash } from 'node:crypto';
import type { Upload } from '../generated/client.ts';

/** Hashes kept at most; an upload whose hash was dropped is read again at its commit. */
const maxHashes = 4096;

/** SHA-256 of an upload's first `length` bytes, as every stage of it has them. */
export class RunningHash {
  readonly #hash: Hash = createHash('sha256');
  #length = 0;

  get length(): number {
    return this.#length;
  }

  update(chunk: Uint8Array): void {
    this.#hash.update(chunk);
    this.#length += chunk.length;
  }

  /** In lower-case hex, of what there is so far. */
  digest(): string {
    return this.#hash.copy().digest('hex');
  }
}

/**
 * The hashes of uploads that this process received from their first byte on. They cannot be stored (Node gives no
 * access to a hash's state), so after another process wrote, or this one restarted, there is none.
 *
 * {@link take} and {@link keep} frame each lease: the row's generation shows whether anyone else wrote in between.
 */
@Injectable()
export class RunningHashes {
  readonly #hashes = new Map<string, { hash: RunningHash; generation: number }>();

  /** The hash to go on with under the lease of `upload`; `undefined` when the stages must be read again. */
  take({ id, generation }: Upload): RunningHash | undefined {
    const known = this.#hashes.get(id);
    this.#hashes.delete(id);
    if (generation === 1) return new RunningHash();
    return known?.generation === generation - 1 ? known.hash : undefined;
  }

  /** Keeps the hash until the next lease. To be called only while all stages are as long as it. */
  keep({ id, generation }: Upload, hash: RunningHash | undefined): void {
    if (!hash) return;
    const [oldest] = this.#hashes.keys();
    if (oldest !== undefined && this.#hashes.size >= maxHashes) this.#hashes.delete(oldest);
    this.#hashes.set(id, { hash, generation });
  }
}
