import type { Location, LocationHealth } from '@heirloom/blob-store';
import { AppError, type LocationId, type LocationStatus, type StorageFigures } from '@heirloom/contracts';
import { Injectable } from '@nestjs/common';
import { Database } from '../database/database.ts';
import type { ReplicaState } from '../generated/client.ts';
import { Tallies, type ReplicaTally } from '../tallies/tallies.ts';
import { Locations } from './locations.ts';

/** A disk that hangs must not keep the whole answer waiting. */
const probeMs = 3_000;
const problemCharacters = 500;

/** How much of what is waiting is looked at to find what waits longest. */
const oldestOf = 1_000;

/** How each location is, and what lies there. */
@Injectable()
export class LocationStatuses {
  constructor(
    private readonly db: Database,
    private readonly locations: Locations,
    private readonly tallies: Tallies,
  ) {}

  /** The configured locations in their order, then those that only the catalogue remembers. */
  async list(): Promise<LocationStatus[]> {
    const counts = Map.groupBy(await this.tallies.replicas(), ({ locationId }) => locationId);
    const configured = this.locations.all.map(async (location) => ({
      ...described(location, await this.#health(location)),
      ...totals(counts.get(location.id) ?? []),
    }));
    const removed = [...counts]
      .filter(([id]) => !this.locations.find(id))
      .map(([id, own]) => ({ ...forgotten(id as LocationId), ...totals(own) }));
    return [...(await Promise.all(configured)), ...removed];
  }

  /** The same as a whole, and how far copying lies behind. */
  async figures(): Promise<StorageFigures> {
    const [locations, oldestWaitingSince] = await Promise.all([this.list(), this.#oldestWaiting()]);
    const copiesWaiting = locations
      .map(({ copies }) => copies.wanted + copies.damaged + copies.missing)
      .reduce((sum, waiting) => sum + waiting, 0);
    return { locations, copiesWaiting, oldestWaitingSince };
  }

  /** Of those that are due next, so that it costs the same however many wait. */
  async #oldestWaiting(): Promise<Date | null> {
    const [row] = await this.db.$queryRaw<{ since: Date | null }[]>`
      SELECT min(o.created_at) AS since FROM (
        SELECT object_name FROM replicas WHERE state = 'wanted' ORDER BY due_at LIMIT ${oldestOf}
      ) r JOIN objects o ON o.name = r.object_name`;
    return row?.since ?? null;
  }

  async #health(location: Location): Promise<LocationHealth> {
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<LocationHealth>((resolve) => {
      const problem = new AppError('timeout', { detail: 'The location did not answer in time.' });
      timer = setTimeout(() => resolve({ readable: false, writable: false, problem }), probeMs);
    });
    try {
      return await Promise.race([this.locations.health(location), late]);
    } finally {
      clearTimeout(timer);
    }
  }
}

function described({ id, region, driver }: Location, health: LocationHealth) {
  const { readable, writable, freeBytes, totalBytes, problem, notes } = health;
  const state: LocationStatus['state'] = writable ? 'writable' : readable ? 'read-only' : 'unavailable';
  return {
    locationId: id,
    region,
    driver,
    state,
    problem: problem?.message.slice(0, problemCharacters) ?? null,
    freeBytes: freeBytes ?? null,
    totalBytes: totalBytes ?? null,
    ...(notes ? { notes: [...notes] } : {}),
  };
}

const forgotten = (locationId: LocationId) => ({
  locationId,
  region: null,
  driver: null,
  state: 'removed' as const,
  problem: 'No location of this name is configured any more.',
  freeBytes: null,
  totalBytes: null,
});

function totals(counts: readonly ReplicaTally[]): Pick<LocationStatus, 'usedBytes' | 'copies'> {
  const of = (state: ReplicaState) => counts.find((count) => count.state === state);
  const copies = (state: ReplicaState) => of(state)?.copies ?? 0;
  return {
    usedBytes: of('present')?.bytes ?? 0,
    copies: {
      wanted: copies('wanted'),
      present: copies('present'),
      damaged: copies('damaged'),
      missing: copies('missing'),
    },
  };
}
