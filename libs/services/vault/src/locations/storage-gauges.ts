import { locationStatus, type LocationStatus, type StorageFigures } from '@heirloom/contracts';
import type { Metrics, Sample } from '@heirloom/service-kit';

const keepMs = 5_000;
const msPerSecond = 1000;

/** One question to the database and the locations serves all of them. */
export function addStorageGauges(metrics: Metrics, read: () => Promise<StorageFigures>): void {
  let last: { at: number; figures: Promise<StorageFigures> } | undefined;
  const figures = (): Promise<StorageFigures> => {
    if (!last || performance.now() - last.at > keepMs) last = { at: performance.now(), figures: read() };
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
  addWaiting(metrics, figures);
}

function addWaiting(metrics: Metrics, figures: () => Promise<StorageFigures>): void {
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
