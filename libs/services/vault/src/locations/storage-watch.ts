import { Metrics, StaffNudges } from '@heirloom/service-kit';
import { Injectable, type OnApplicationBootstrap, type OnModuleDestroy } from '@nestjs/common';
import { LocationStatuses } from './location-statuses.ts';
import { Locations } from './locations.ts';
import { addStorageGauges } from './storage-gauges.ts';

const lookEveryMs = 5_000;

/** Looks at the locations from time to time, so that somebody hears of one that has gone or come back; and their metrics. */
@Injectable()
export class StorageWatch implements OnApplicationBootstrap, OnModuleDestroy {
  #timer: NodeJS.Timeout | undefined;
  #seen: string | undefined;

  constructor(
    private readonly locations: Locations,
    private readonly statuses: LocationStatuses,
    private readonly nudges: StaffNudges,
    private readonly metrics: Metrics,
  ) {}

  onApplicationBootstrap(): void {
    this.#timer = setInterval(() => void this.#look().catch(() => undefined), lookEveryMs).unref();
    addStorageGauges(this.metrics, () => this.statuses.figures());
  }

  onModuleDestroy(): void {
    clearInterval(this.#timer);
  }

  async #look(): Promise<void> {
    const seen = await Promise.all(
      this.locations.all.map(async (location) => {
        const { readable, writable, problem } = await this.locations.health(location);
        return [location.id, readable, writable, problem?.message].join();
      }),
    );
    const now = seen.join(';');
    if (this.#seen !== undefined && this.#seen !== now) this.nudges.tell('locations');
    this.#seen = now;
  }
}
