import { vaultMessages, AppError, type ObjectName } from '@heirloom/contracts';
import { Bus, Jobs } from '@heirloom/service-kit';
import { Injectable, Logger, type OnApplicationBootstrap, type OnModuleDestroy } from '@nestjs/common';
import { Locations } from '../locations/locations.ts';
import { PrepareLocations } from '../locations/prepare-locations.ts';
import { copyLeaseMs, CopyLeases, type CopyTask } from './copy-leases.ts';
import { CopySources } from './copy-sources.ts';
import { Reconciler } from './reconciler.ts';
import { Repairer } from './repairer.ts';

/** Copies that one process makes at the same time. */
const concurrency = 2;
const lookEveryMs = 10_000;
const reconcileEveryMs = 6 * 3600_000;

/**
 * Makes the copies that are wanted and repairs those that are bad. Rows are the queue; messages and jobs only say that it is worth looking, so losing
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
    private readonly sources: CopySources,
    private readonly repairer: Repairer,
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
    const { objectName: object, locationId: location } = task;
    try {
      const isDone = task.state === 'wanted' ? await this.#make(task) : await this.#repair(task);
      if (isDone) await this.#finish(task);
      // Whose lease was taken away, since its photo is being deleted, has nothing to report.
      else if (!(await this.leases.renew(task))) return;
      else if (await this.leases.isLost(object)) await this.#raiseAlarm(task);
      else {
        this.#log.warn({ object, location }, 'no copy of an object can be read right now');
        await this.leases.giveBack(task);
      }
    } catch (err) {
      this.#log.warn({ err, object, location }, 'a copy could not be made');
      await this.leases.giveBack(task).catch(() => undefined);
    } finally {
      clearInterval(renewal);
    }
  }

  async #finish(task: CopyTask): Promise<void> {
    if (await this.leases.finish(task)) return;
    await this.locations.find(task.locationId)!.remove(task.objectName as ObjectName);
  }

  async #make(task: CopyTask): Promise<boolean> {
    const target = this.locations.find(task.locationId)!;
    const name = task.objectName as ObjectName;
    // What lies there already was not put there by a finished copy: it counts when it has been read, and not before.
    if (await target.stat(name)) return this.#repair(task);
    const store = (source: AsyncIterable<Uint8Array>) => target.put(name, source, task.sizeBytes);
    return this.sources.copy(task, store, this.#stop.signal);
  }

  #repair(task: CopyTask): Promise<boolean> {
    return this.repairer.repair(task, this.#stop.signal);
  }

  /** Keeps everything as it is: one of the bad copies may be all that is left of a photo. */
  async #raiseAlarm(task: CopyTask): Promise<void> {
    this.#log.error(
      { object: task.objectName, location: task.locationId },
      'ALARM: no copy of an object is good in any location. Nothing was changed. Bring back a good copy by hand, or a disk that has one.',
    );
    await this.leases.giveUp(task);
  }
}
