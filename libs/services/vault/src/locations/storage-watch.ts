import { Metrics, StaffNudges, type Sample } from '@heirloom/service-kit';
import { Injectable, type OnApplicationBootstrap, type OnModuleDestroy } from '@nestjs/common';
import { locationStatus, type LocationStatus, type StorageFigures } from '@heirloom/contracts';
import { LocationStatuses } from './location-statuses.ts';
import { Locations } from './locations.ts';

const lookEveryMs = 5_000;
const msPerSecond = 1000;

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

/** One question to the database and the locations serves all of them. */
function addStorageGauges(metrics: Metrics, read: () => Promise<StorageFigures>): void {
  let last: { at: number; figures: Promise<StorageFigures> } | undefined;
  const figures = (): Promise<StorageFigures> => {
    if (!last || performance.now() - last.at > lookEveryMs) last = { at: performance.now(), figures: read() };
    return last.figures;
  };
  const ofEach =
    (samples: (location: LocationStatus) => readonly [Record<string, string>, number | null][]) => async () =>
      (await figures()).locations.flatMap((location) =>
        samples(location).flatMap(([labels, value]): Sample[] =>
          value === null ? [] : [{ labels: { location: location.locationId, ...labels }, value }],
        ),
      );
  metrics.gauge({
    name: 'heirloom_replicas',
    help: 'Copies of objects by location and state: wanted, present, damaged, missing.',
    labels: ['location', 'state'],
    read: ofEach(({ copies }) => Object.entries(copies).map(([state, count]) => [{ state }, count])),
  });
  metrics.gauge({
    name: 'heirloom_location_state',
    help: '1 for the state that a location is in: writable, read-only, unavailable, removed.',
    labels: ['location', 'state'],
    read: ofEach(({ state }) =>
      locationStatus.shape.state.options.map((option) => [{ state: option }, Number(option === state)]),
    ),
  });
  metrics.gauge({
    name: 'heirloom_location_used_bytes',
    help: 'Bytes of the copies that are present in a location.',
    labels: ['location'],
    read: ofEach(({ usedBytes }) => [[{}, usedBytes]]),
  });
  metrics.gauge({
    name: 'heirloom_location_free_bytes',
    help: 'Room that is left in a location; absent where the storage does not say.',
    labels: ['location'],
    read: ofEach(({ freeBytes }) => [[{}, freeBytes]]),
  });
  metrics.gauge({
    name: 'heirloom_location_size_bytes',
    help: 'Room that a location has in all; absent where the storage does not say.',
    labels: ['location'],
    read: ofEach(({ totalBytes }) => [[{}, totalBytes ?? null]]),
  });
  metrics.gauge({
    name: 'heirloom_copies_waiting',
    help: 'Copies that are still to be made or repaired.',
    labels: [],
    read: async () => [{ labels: {}, value: (await figures()).copiesWaiting }],
  });
  metrics.gauge({
    name: 'heirloom_copies_oldest_waiting_seconds',
    help: 'For how long the object has been stored that waits longest for a copy; 0 when none does.',
    labels: [],
    read: async () => {
      const { oldestWaitingSince: since } = await figures();
      return [{ labels: {}, value: since ? Math.max(0, Date.now() - since.getTime()) / msPerSecond : 0 }];
    },
  });
}
