import { AppError, type ObjectName } from '@heirloom/contracts';
import { Jobs } from '@heirloom/service-kit';
import { Injectable, Logger, type OnApplicationBootstrap, type OnModuleDestroy } from '@nestjs/common';
import { Locations } from '../locations/locations.ts';
import { PurgeQueue, type RemovalTask } from './purge-queue.ts';

const lookEveryMs = 60_000;
const photosPerRound = 100;
/** Copies that one process deletes at the same time. */
const concurrency = 4;

/**
 * Deletes for good what was emptied from the trash and has been there long enough: first its copies in all locations,
 * then its rows. A location that does not answer is asked again later; until then the rows stay.
 */
@Injectable()
export class Purger implements OnApplicationBootstrap, OnModuleDestroy {
  readonly #log = new Logger(Purger.name);
  readonly #stop = new AbortController();
  #round: Promise<void> | undefined;

  constructor(
    private readonly queue: PurgeQueue,
    private readonly locations: Locations,
    private readonly jobs: Jobs,
  ) {}

  async onApplicationBootstrap(): Promise<void> {
    await this.jobs.every('purge-trash', lookEveryMs, () => this.run());
  }

  async onModuleDestroy(): Promise<void> {
    this.#stop.abort();
    await this.#round?.catch(() => undefined);
  }

  /** Deletes what is due now. */
  run(): Promise<void> {
    this.#round ??= this.#run().finally(() => (this.#round = undefined));
    return this.#round;
  }

  async #run(): Promise<void> {
    const { signal } = this.#stop;
    let begun: number;
    do {
      begun = await this.queue.begin(photosPerRound);
      await this.queue.mark();
      for (let tasks = await this.queue.lease(concurrency); tasks.length > 0;) {
        await Promise.all(tasks.map((task) => this.#remove(task)));
        if (signal.aborted) return;
        tasks = await this.queue.lease(concurrency);
      }
      const photos = await this.queue.finish(photosPerRound);
      if (photos > 0) this.#log.log({ photos }, 'photos were deleted for good');
    } while (begun === photosPerRound);
  }

  async #remove(task: RemovalTask): Promise<void> {
    const { objectName: object, locationId: location } = task;
    try {
      await this.locations.find(location)!.remove(object as ObjectName);
      await this.queue.removed(task);
    } catch (err) {
      if (err instanceof AppError) this.locations.doubt(this.locations.find(location)!.id);
      this.#log.warn({ err, object, location }, 'a copy could not be deleted; this is tried again');
      await this.queue.giveBack(task).catch(() => undefined);
    }
  }
}
