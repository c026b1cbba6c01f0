import { AppError, type ObjectName } from '@heirloom/contracts';
import { checkedRange } from '../files/bytes.ts';
import type { ByteRange, Stage } from '../location.ts';
import { fromSource } from '../source.ts';
import type { BucketStore } from './bucket-store.ts';
import { sendEach } from './blocks.ts';
import { toCallersError } from './errors.ts';
import { join } from './join.ts';
import { objectKey, parseSegment, segmentKey, stageMark } from './keys.ts';
import { confirm } from './publish.ts';
import { readExactly } from './read.ts';

/** Bytes of a stage that are one object in the bucket. */
export interface Segment {
  key: string;
  offset: number;
  length: number;
}

interface Found {
  /** Each begins where the one before ends. */
  chain: Segment[];
  length: number;
  /** What an append or a removal that was cut off has left. */
  strays: string[];
  mark: string | undefined;
}

/**
 * A stage that is a row of small objects in `tmp/<upload>/`, since the parts of an open multipart upload cannot be read
 * back. Each key says where its bytes begin and how many they are, so a request that arrives late changes nothing.
 */
export class S3Stage implements Stage {
  readonly #store: BucketStore;
  readonly #prefix: string;

  /** @param prefix `tmp/<upload>/` */
  constructor(store: BucketStore, prefix: string) {
    this.#store = store;
    this.#prefix = prefix;
  }

  /** Makes the stage unless it is there. */
  async create(): Promise<this> {
    const { mark } = await this.#find();
    if (mark === undefined) await this.#store.bucket.put(stageMark(this.#prefix), new Uint8Array());
    return this;
  }

  length(): Promise<number> {
    return this.#store.run(async () => (await this.#require()).length);
  }

  append(offset: number, source: AsyncIterable<Uint8Array>): Promise<number> {
    return this.#exclusively(async () => {
      const { length, strays } = await this.#require();
      if (offset !== length) throw new AppError('upload-offset');
      for (const key of strays) await this.#store.bucket.delete(key);
      let end = offset;
      await sendEach(fromSource(source), async (block) => {
        await this.#store.bucket.put(segmentKey(this.#prefix, end, block.length), block);
        end += block.length;
      });
      return end;
    });
  }

  async *read(range?: ByteRange): AsyncGenerator<Uint8Array> {
    try {
      const { chain, length } = await this.#store.run(() => this.#require());
      const { offset, length: count } = checkedRange(length, range);
      for (const segment of chain) {
        const from = Math.max(offset, segment.offset);
        const to = Math.min(offset + count, segment.offset + segment.length);
        if (from >= to) continue;
        const inside = { offset: from - segment.offset, length: to - from };
        yield* readExactly(this.#store, segment.key, inside);
      }
    } catch (error) {
      throw toCallersError(this.#store.id, error);
    }
  }

  commit(name: ObjectName, sizeBytes: number): Promise<void> {
    objectKey(name);
    return this.#exclusively(async () => {
      if (!(await this.#store.holds(name, sizeBytes))) {
        const { chain, length } = await this.#require();
        if (length !== sizeBytes) throw new AppError('hash-mismatch');
        await join(this.#store, name, chain, sizeBytes);
        await confirm(this.#store, name, sizeBytes);
      }
      // The object is on stable storage: what stays behind because of an error is swept when it is old.
      await this.#remove().catch(() => undefined);
    });
  }

  discard(): Promise<void> {
    return this.#exclusively(() => this.#remove());
  }

  /** The beginning goes first and the mark last: what a removal that is cut off leaves has no bytes. */
  async #remove(): Promise<void> {
    const { chain, strays, mark } = await this.#find();
    for (const { key } of chain) await this.#store.bucket.delete(key);
    for (const key of strays) await this.#store.bucket.delete(key);
    if (mark !== undefined) await this.#store.bucket.delete(mark);
  }

  async #require(): Promise<Found> {
    const found = await this.#find();
    if (found.mark !== undefined) return found;
    // A bucket that was emptied must not look like an upload that nobody knows.
    await this.#store.checkMarker();
    throw new AppError('not-found', { detail: 'This upload is not known here (any more).' });
  }

  async #find(): Promise<Found> {
    const byOffset = new Map<number, Segment>();
    const found: Found = { chain: [], length: 0, strays: [], mark: undefined };
    for await (const { key, sizeBytes } of this.#store.bucket.list(this.#prefix)) {
      const parsed = parseSegment(this.#prefix, key);
      if (key === stageMark(this.#prefix)) found.mark = key;
      else if (parsed?.length !== sizeBytes || sizeBytes === 0) found.strays.push(key);
      else {
        // Of two writers where one was thought dead, the longer one's bytes: they sort behind the shorter one's.
        const shorter = byOffset.get(parsed.offset);
        if (shorter) found.strays.push(shorter.key);
        byOffset.set(parsed.offset, { key, ...parsed });
      }
    }
    for (let next = byOffset.get(0); next; next = byOffset.get(found.length)) {
      byOffset.delete(next.offset);
      found.chain.push(next);
      found.length += next.length;
    }
    found.strays.push(...[...byOffset.values()].map(({ key }) => key));
    return found;
  }

  #exclusively<T>(work: () => Promise<T>): Promise<T> {
    return this.#store.run(() => this.#store.busy.exclusively(this.#prefix, work));
  }
}
