import { Injectable } from '@nestjs/common';
import type { LocationReader } from '@heirloom/blob-store';
import type { CopyState, LocationId, ObjectName, Replica, VersionId } from '@heirloom/contracts';
import type { HashStream } from '../hashing/hash-workers.ts';
import { readCopy, type CopyReading } from './read-copy.ts';
import { Turns } from './turns.ts';

export interface CheckedCopy {
  versionId: VersionId;
  object: ObjectName;
  locationId: LocationId;
  state: CopyState;
}

/** Copies that one instance reads at the same time, for all who asked. A read holds 256 KiB. */
const readsAtOnce = 6;

/** Reads copies where they lie, with no way to change them. */
@Injectable()
export class Copies {
  readonly #locations: ReadonlyMap<LocationId, LocationReader>;
  readonly #turns = new Turns(readsAtOnce);

  constructor(
    locations: readonly LocationReader[],
    private readonly hash?: HashStream,
  ) {
    this.#locations = new Map(locations.map((location) => [location.id, location]));
  }

  /**
   * Looks at a copy, whatever the catalogue thinks of it, unless it is still to be made.
   * @throws the signal's reason when it aborts
   */
  async check(replica: Replica, signal: AbortSignal): Promise<{ copy: CheckedCopy; bytesRead: number }> {
    const { versionId, object, locationId } = replica;
    const { state, bytesRead } = await this.#read(replica, signal);
    return { copy: { versionId, object, locationId, state }, bytesRead };
  }

  async #read(
    replica: Replica,
    signal: AbortSignal,
  ): Promise<CopyReading | { state: 'pending'; bytesRead: 0 }> {
    if (replica.state === 'wanted') return { state: 'pending', bytesRead: 0 };
    const location = this.#locations.get(replica.locationId);
    if (!location) return { state: 'unreachable', bytesRead: 0 };
    return this.#turns.take(() => readCopy(location, replica, signal, this.hash ? { hash: this.hash } : {}));
  }
}
