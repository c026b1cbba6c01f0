import type { Location, LocationHealth } from '@heirloom/blob-store';
import { AppError, type LocationId } from '@heirloom/contracts';
import { shuffled } from './shuffled.ts';

/** How long the answer of a probe is believed. */
const healthMs = 10_000;

/** All locations of the installation, and how many of them must hold an object before it is acknowledged (W of N). */
export class Locations {
  readonly all: readonly Location[];
  readonly writeCopies: number;
  readonly #byId: ReadonlyMap<string, Location>;
  readonly #health = new Map<LocationId, { untilMs: number; health: Promise<LocationHealth> }>();

  constructor(all: readonly Location[], writeCopies: number) {
    if (writeCopies < 1 || writeCopies > all.length) throw new RangeError('more copies than locations');
    this.all = all;
    this.writeCopies = writeCopies;
    this.#byId = new Map(all.map((location) => [location.id, location]));
  }

  get ids(): LocationId[] {
    return this.all.map(({ id }) => id);
  }

  /** `undefined` for a location that is not configured (any more). */
  find(id: string): Location | undefined {
    return this.#byId.get(id);
  }

  /** Distrusts a location until the next probe. To be called when it failed. */
  doubt(id: LocationId): void {
    this.#health.delete(id);
  }

  /** What a location can do, as of a moment ago. Does not throw for one that is out of order. */
  health(location: Location): Promise<LocationHealth> {
    return this.#probe(location);
  }

  /**
   * Chooses W places for an object of this size.
   *
   * @throws AppError `storage-full` when only room is lacking, `unavailable` when too few locations can be written to.
   */
  async choose(sizeBytes: number): Promise<Location[]> {
    const candidates = await this.#writable();
    const roomy = candidates.filter(({ health }) => hasRoom(health, sizeBytes));
    if (roomy.length < this.writeCopies) {
      throw new AppError(candidates.length < this.writeCopies ? 'unavailable' : 'storage-full');
    }
    return spread(
      roomy.map(({ location }) => location),
      this.writeCopies,
    );
  }

  /** The places that could take an object besides those that have it, best first. */
  async others(sizeBytes: number, having: readonly string[]): Promise<Location[]> {
    const writable = await this.#writable();
    return writable
      .filter(({ location, health }) => !having.includes(location.id) && hasRoom(health, sizeBytes))
      .map(({ location }) => location);
  }

  async #writable(): Promise<{ location: Location; health: LocationHealth }[]> {
    const all = await Promise.all(
      shuffled(this.all).map(async (location) => ({ location, health: await this.#probe(location) })),
    );
    return all.filter(({ health }) => health.writable);
  }

  #probe(location: Location): Promise<LocationHealth> {
    const known = this.#health.get(location.id);
    if (known && known.untilMs > performance.now()) return known.health;
    const health = location.probe();
    this.#health.set(location.id, { untilMs: performance.now() + healthMs, health });
    return health;
  }
}

const hasRoom = ({ freeBytes }: LocationHealth, sizeBytes: number): boolean =>
  freeBytes === undefined || freeBytes > sizeBytes;

/** Takes `count` locations, from as many regions as there are: those of one region are expected to fail together. */
function spread(locations: readonly Location[], count: number): Location[] {
  const regions = new Map<string, number>();
  const ranked = locations.map((location) => {
    const rank = regions.get(location.region) ?? 0;
    regions.set(location.region, rank + 1);
    return { location, rank };
  });
  return ranked
    .sort((a, b) => a.rank - b.rank)
    .slice(0, count)
    .map(({ location }) => location);
}
