import type { Location } from '@heirloom/blob-store';
import { AppError, type ObjectName } from '@heirloom/contracts';
import { Injectable, Logger } from '@nestjs/common';
import { Locations } from '../locations/locations.ts';
import { shuffled } from '../locations/shuffled.ts';
import { CopyLeases, type CopyTask } from './copy-leases.ts';

/** Stores what it is given after it has compared size and hash with the object's; `hash-mismatch` when they differ. */
export type StoreCopy = (source: AsyncIterable<Uint8Array>) => Promise<unknown>;

/** Where good copies come from. A source that turns out to be bad is marked, so that it is repaired in its turn. */
@Injectable()
export class CopySources {
  readonly #log = new Logger(CopySources.name);

  constructor(
    private readonly leases: CopyLeases,
    private readonly locations: Locations,
  ) {}

  /**
   * Hands `store` the object from one present copy after the other, until one is good.
   *
   * @returns false when no source could be read
   * @throws what the target's side throws, and the signal's reason when it aborts
   */
  async copy({ objectName, locationId, sizeBytes }: CopyTask, store: StoreCopy, signal: AbortSignal) {
    for (const id of shuffled(await this.leases.sources(objectName))) {
      if (id === locationId) continue;
      const source = this.locations.find(id)!;
      if (await this.#copyFrom(source, objectName as ObjectName, sizeBytes, store, signal)) return true;
    }
    return false;
  }

  /** @returns false when the fault lies with the source. Throws when it lies with the target. */
  async #copyFrom(
    source: Location,
    name: ObjectName,
    sizeBytes: number,
    store: StoreCopy,
    signal: AbortSignal,
  ): Promise<boolean> {
    const reading: { error?: unknown } = {};
    try {
      await store(read(source, name, sizeBytes, reading, signal));
      return true;
    } catch (error) {
      const isMismatch = error instanceof AppError && error.code === 'hash-mismatch';
      const problem = reading.error ?? (isMismatch ? error : undefined);
      if (problem === undefined || signal.aborted) throw error;
      this.#log.warn({ err: problem, object: name, location: source.id }, 'a copy could not be read');
      if (isMismatch) await this.leases.markBad(name, source.id, 'damaged');
      else if (problem instanceof AppError && problem.code === 'not-found') {
        await this.leases.markBad(name, source.id, 'missing');
      }
      return false;
    }
  }
}

/** An object's bytes; notes why when they cannot be read. */
async function* read(
  source: Location,
  name: ObjectName,
  sizeBytes: number,
  reading: { error?: unknown },
  signal: AbortSignal,
): AsyncGenerator<Uint8Array> {
  try {
    const object = await source.get(name);
    if (object.sizeBytes !== sizeBytes) throw new AppError('hash-mismatch');
    for await (const chunk of object.body) {
      signal.throwIfAborted();
      yield chunk;
    }
  } catch (error) {
    reading.error = error;
    throw error;
  }
}
