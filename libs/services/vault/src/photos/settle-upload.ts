import type { ByteRange, Location } from '@heirloom/blob-store';
import { Injectable } from '@nestjs/common';
import { AppError, type LocationId, type ObjectName } from '@heirloom/contracts';
import { createHash } from 'node:crypto';
import type { Upload } from '../generated/client.ts';
import { Locations } from '../locations/locations.ts';
import type { RunningHash } from '../uploads/running-hashes.ts';
import { Staging } from '../uploads/staging.ts';

/** A whole upload in one location: staged, or under its final name already when a commit before was cut off. */
export interface CompleteCopy {
  location: Location;
  read: (range?: ByteRange) => AsyncIterable<Uint8Array>;
  /** Makes it the object, on stable storage. Safe to repeat. */
  commit: () => Promise<void>;
}

/** Turns complete uploads into objects in W locations. */
@Injectable()
export class SettleUpload {
  constructor(
    private readonly locations: Locations,
    private readonly staging: Staging,
  ) {}

  /**
   * The copies that are complete and proven to be the object. A hash of the bytes as they came in proves all of them;
   * without one, each is read again.
   *
   * @throws AppError `upload-offset` when none is complete, `hash-mismatch` when what was sent is something else
   */
  async verify(upload: Upload, object: ObjectName, hash: RunningHash | undefined): Promise<CompleteCopy[]> {
    const sizeBytes = Number(upload.lengthBytes);
    const found = await this.staging.readable(upload);
    const copies = await Promise.all(
      found.map(async ({ location, stage, length }) => {
        const commit = () => stage.commit(object, sizeBytes);
        if (length === sizeBytes)
          return { location, isStaged: true, read: (r?: ByteRange) => stage.read(r), commit };
        const stored = await location.stat(object).catch(() => undefined);
        if (stored?.sizeBytes !== sizeBytes) return undefined;
        return {
          location,
          isStaged: false,
          read: (r?: ByteRange) => readObject(location, object, r),
          commit,
        };
      }),
    );
    const complete = copies.filter((copy) => copy !== undefined);
    if (complete.length === 0) throw new AppError('upload-offset');
    const allStaged = complete.every(({ isStaged }) => isStaged);
    if (hash?.length === sizeBytes && allStaged) {
      if (hash.digest() !== object) throw new AppError('hash-mismatch');
      return complete;
    }
    return this.#rehash(complete, object);
  }

  /**
   * Commits copies until the object is on stable storage in W locations: where one fails or was lacking, another
   * location gets a copy.
   *
   * @returns where it is now
   * @throws AppError `storage-full` or `unavailable` when W cannot be reached; what was stored stays and serves the next
   * attempt
   */
  async commit(
    copies: readonly CompleteCopy[],
    object: ObjectName,
    sizeBytes: number,
  ): Promise<LocationId[]> {
    const results = await Promise.allSettled(copies.map((copy) => copy.commit()));
    const [done, failed] = partition(copies, (_, i) => results[i]!.status === 'fulfilled');
    failed.forEach(({ location }) => this.locations.doubt(location.id));
    const present = done.map(({ location }) => location.id);
    let problem: unknown = results.find((result) => result.status === 'rejected')?.reason;
    const source = done[0]?.location;
    if (source && present.length < this.locations.writeCopies) {
      const tried = copies.map(({ location }) => location.id);
      for (const other of await this.locations.others(sizeBytes, tried)) {
        if (present.length >= this.locations.writeCopies) break;
        try {
          await other.put(object, readObject(source, object), sizeBytes);
          present.push(other.id);
        } catch (error) {
          problem = error;
        }
      }
    }
    if (present.length >= this.locations.writeCopies) return present;
    throw problem instanceof AppError ? problem : new AppError('unavailable', { cause: problem });
  }

  async #rehash(
    copies: readonly (CompleteCopy & { isStaged: boolean })[],
    object: ObjectName,
  ): Promise<CompleteCopy[]> {
    const digests = await Promise.all(copies.map(({ read }) => sha256(read()).catch(() => undefined)));
    if (copies.some(({ isStaged }, i) => isStaged && digests[i] !== undefined && digests[i] !== object)) {
      throw new AppError('hash-mismatch');
    }
    const good = copies.filter((_, i) => digests[i] === object);
    if (good.length === 0) throw new AppError('unavailable');
    return good;
  }
}

async function* readObject(
  location: Location,
  name: ObjectName,
  range?: ByteRange,
): AsyncGenerator<Uint8Array> {
  yield* (await location.get(name, range)).body;
}

async function sha256(source: AsyncIterable<Uint8Array>): Promise<string> {
  const hash = createHash('sha256');
  for await (const chunk of source) hash.update(chunk);
  return hash.digest('hex');
}

function partition<T>(items: readonly T[], test: (item: T, index: number) => boolean): [T[], T[]] {
  const yes = items.filter(test);
  return [yes, items.filter((item) => !yes.includes(item))];
}
