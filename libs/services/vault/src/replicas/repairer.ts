import type { Location } from '@heirloom/blob-store';
import { AppError, type ObjectName } from '@heirloom/contracts';
import { Injectable, Logger } from '@nestjs/common';
import { createHash } from 'node:crypto';
import { Locations } from '../locations/locations.ts';
import { CopyLeases, type CopyTask } from './copy-leases.ts';
import { CopySources } from './copy-sources.ts';

/**
 * Makes bad copies good again. It looks at the copy itself before it believes that it is bad; the new copy is whole and
 * verified before the old bytes move to quarantine; and it is read once more before it counts. Every step may be cut
 * off and done again.
 */
@Injectable()
export class Repairer {
  readonly #log = new Logger(Repairer.name);

  constructor(
    private readonly leases: CopyLeases,
    private readonly sources: CopySources,
    private readonly locations: Locations,
  ) {}

  /**
   * @returns false when no other copy can be read, so that nothing was changed
   * @throws AppError `unavailable`, `storage-full` when the location does not take the new copy, `locked` when another
   * process took the repair over
   */
  async repair(task: CopyTask, signal: AbortSignal): Promise<boolean> {
    const { objectName, locationId, sizeBytes } = task;
    const name = objectName as ObjectName;
    const target = this.locations.find(locationId)!;
    if (await isGood(target, name, sizeBytes, signal)) {
      this.#log.log({ object: name, location: locationId }, 'a copy that was thought to be bad is good');
      return true;
    }
    let outcome: string | undefined;
    const store = async (source: AsyncIterable<Uint8Array>) => {
      outcome = await target.replace(name, source, sizeBytes, () => this.#requireLease(task));
    };
    if (!(await this.sources.copy(task, store, signal))) return false;
    if (!(await isGood(target, name, sizeBytes, signal))) {
      throw new AppError('unavailable', {
        detail: `Storage location ${locationId} gives back other bytes than it was given.`,
      });
    }
    this.#log.log({ object: name, location: locationId, outcome }, 'a copy was repaired');
    return true;
  }

  /** Whoever lost the lease leaves the copy to its new holder, who may have put a good one there already. */
  async #requireLease(task: CopyTask): Promise<void> {
    if (!(await this.leases.renew(task))) throw new AppError('locked');
  }
}

/**
 * Whether a location has the object, by its bytes. A file that cannot be read in a location that answers is not good.
 *
 * @throws AppError `unavailable` when the location does not answer; the signal's reason when it aborts
 */
async function isGood(
  location: Location,
  name: ObjectName,
  sizeBytes: number,
  signal: AbortSignal,
): Promise<boolean> {
  const found = await location.stat(name);
  if (found?.sizeBytes !== sizeBytes) return false;
  const hash = createHash('sha256');
  try {
    for await (const chunk of (await location.get(name)).body) {
      signal.throwIfAborted();
      hash.update(chunk);
    }
  } catch (error) {
    signal.throwIfAborted();
    if (!(error instanceof AppError)) throw error;
    await location.stat(name);
    return false;
  }
  return hash.digest('hex') === name;
}
