import type { Location } from '@heirloom/blob-store';
import { vaultMessages, AppError, type ObjectName } from '@heirloom/contracts';
import { Bus, Jobs } from '@heirloom/service-kit';
import { Injectable, Logger, type OnApplicationBootstrap, type OnModuleDestroy } from '@nestjs/common';
import { Locations } from '../locations/locations.ts';
import { PrepareLocations } from '../locations/prepare-locations.ts';
import { shuffled } from '../locations/shuffled.ts';
import { copyLeaseMs, CopyLeases, type CopyTask } from './copy-leases.ts';
import { Reconciler } from './reconciler.ts';

/** Copies that one process makes at the same time. */
const concurrency = 2;
const lookEveryMs = 10_000;
const reconcileEveryMs = 6 * 3600_000;

/**
 * Makes the copies that are wanted. Rows are the queue; messages and jobs only say that it is worth looking, so losing
 * them costs time and nothing else.
 */
@Injectable()
export class Replicator implements OnApplicationBootstrap, OnModuleDestroy {
  readonly #log = new Logger(Replicator.name);
  #round: Promise<void> | undefined;
  #again = false;
  readonly #stop = new AbortController();

  constructor(
    private readonly leases: CopyLeases,
    private readonly locations: Locations,
    private readonly prepareLocations: PrepareLocations,
    private readonly reconciler: Reconciler,
    private readonly jobs: Jobs,
    private readonly bus: Bus,
  ) {}

  async onApplicationBootstrap(): Promise<void> {
    await this.jobs.on('copy', () => this.run());
    await this.jobs.every('look-for-copies', lookEveryMs, () => this.run());
    await this.jobs.every('reconcile-replicas', reconcileEveryMs, () => this.reconcile());
    // A location that this start's configuration added is not to wait for that. An older process, which does not know
    // it, must not take this from us, so it is no job.
    this.reconcile().catch((err: unknown) => this.#log.warn({ err }, 'replicas could not be reconciled'));
  }

  /** Gives up the copies that are under way: they are begun again elsewhere or later. */
  async onModuleDestroy(): Promise<void> {
    this.#stop.abort(new AppError('unavailable', { detail: 'This server is stopping.' }));
    await this.#round?.catch(() => undefined);
  }

  /** Says that there are new copies to make, to this process, the others, and the job store. Waits for nothing. */
  wake(): void {
    const attempts = [
      this.jobs.wake('copy', {}, { deduplicateKey: 'copy' }),
      this.bus.broadcast(vaultMessages.copiesWanted, {}),
    ];
    for (const attempt of attempts) {
      attempt.catch((err: unknown) => this.#log.warn({ err }, 'nobody could be told that copies are wanted'));
    }
  }

  /** Makes the copies that are due now, until there are none. A call during a round makes it look once more. */
  run(): Promise<void> {
    this.#again = true;
    this.#round ??= this.#rounds().finally(() => (this.#round = undefined));
    return this.#round;
  }

  async reconcile(): Promise<void> {
    await this.prepareLocations.prepare();
    const added = await this.reconciler.addWanted();
    if (added > 0) await this.run();
  }

  async #rounds(): Promise<void> {
    while (this.#again && !this.#stop.signal.aborted) {
      this.#again = false;
      for (
        let tasks = await this.leases.lease(concurrency);
        tasks.length > 0 && !this.#stop.signal.aborted;
      ) {
        await Promise.all(tasks.map((task) => this.#copy(task)));
        tasks = await this.leases.lease(concurrency);
      }
    }
  }

  async #copy(task: CopyTask): Promise<void> {
    const renewal = setInterval(() => void this.leases.renew(task).catch(() => undefined), copyLeaseMs / 3);
    try {
      if (await this.#copyFromAny(task)) await this.leases.finish(task);
      else await this.leases.giveBack(task);
    } catch (err) {
      this.#log.warn({ err, object: task.objectName, location: task.locationId }, 'a copy could not be made');
      await this.leases.giveBack(task).catch(() => undefined);
    } finally {
      clearInterval(renewal);
    }
  }

  /** @returns false when there was no source that could be read. */
  async #copyFromAny({ objectName, locationId, sizeBytes }: CopyTask): Promise<boolean> {
    const target = this.locations.find(locationId)!;
    for (const id of shuffled(await this.leases.sources(objectName))) {
      const source = this.locations.find(id)!;
      if (await this.#copyFrom(source, target, objectName as ObjectName, sizeBytes)) return true;
    }
    this.#log.warn({ object: objectName, location: locationId }, 'no copy of an object can be read');
    return false;
  }

  /** @returns false when the fault lies with the source. Throws when it lies with the target. */
  async #copyFrom(source: Location, target: Location, name: ObjectName, sizeBytes: number): Promise<boolean> {
    const reading: { error?: unknown } = {};
    try {
      await target.put(name, this.#read(source, name, sizeBytes, reading), sizeBytes);
      return true;
    } catch (error) {
      const isMismatch = error instanceof AppError && error.code === 'hash-mismatch';
      const problem = reading.error ?? (isMismatch ? error : undefined);
      if (problem === undefined || this.#stop.signal.aborted) throw error;
      this.#log.warn({ err: problem, object: name, location: source.id }, 'a copy could not be read');
      if (isMismatch) await this.leases.markBad(name, source.id, 'damaged');
      else if (problem instanceof AppError && problem.code === 'not-found') {
        await this.leases.markBad(name, source.id, 'missing');
      }
      return false;
    }
  }

  /** An object's bytes; notes why when they cannot be read. */
  async *#read(
    source: Location,
    name: ObjectName,
    sizeBytes: number,
    reading: { error?: unknown },
  ): AsyncGenerator<Uint8Array> {
    try {
      const object = await source.get(name);
      if (object.sizeBytes !== sizeBytes) throw new AppError('hash-mismatch');
      for await (const chunk of object.body) {
        this.#stop.signal.throwIfAborted();
        yield chunk;
      }
    } catch (error) {
      reading.error = error;
      throw error;
    }
  }
}
