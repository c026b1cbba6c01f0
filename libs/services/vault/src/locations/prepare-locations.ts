import type { Location } from '@heirloom/blob-store';
import { Inject, Injectable, Logger, type OnModuleInit } from '@nestjs/common';
import { Tallies } from '../tallies/tallies.ts';
import { LOCATION_PLACES, type LocationPlace } from './location-place.ts';

/**
 * Sets up the locations that are new. One that ever held an object is left alone: where its disk is away, the empty
 * folder in its place must not be filled.
 */
@Injectable()
export class PrepareLocations implements OnModuleInit {
  readonly #log = new Logger(PrepareLocations.name);

  /** Whose storage was described in the log. */
  readonly #described = new Set<string>();

  constructor(
    private readonly tallies: Tallies,
    @Inject(LOCATION_PLACES) private readonly places: readonly LocationPlace[],
  ) {}

  async onModuleInit(): Promise<void> {
    await this.prepare();
  }

  /** A location that cannot be set up now is logged and tried again with the next call. */
  async prepare(): Promise<void> {
    for (const { location, initialise } of this.places) {
      try {
        if (!(await this.#everHeldAnObject(location.id))) await initialise();
        if (location.driver === 's3') await this.#describe(location);
      } catch (err) {
        this.#log.warn({ err, location: location.id }, 'a storage location cannot be set up');
      }
    }
  }

  /** Says once what an endpoint was found to do: no two engines that call themselves S3 do the same. */
  async #describe(location: Location): Promise<void> {
    if (this.#described.has(location.id)) return;
    const { notes, problem } = await location.probe();
    if (problem) throw problem;
    this.#described.add(location.id);
    this.#log.log({ location: location.id, notes }, 'a storage location was tried out');
  }

  async #everHeldAnObject(locationId: string): Promise<boolean> {
    const tallies = await this.tallies.replicas();
    return tallies.some((tally) => tally.locationId === locationId && tally.state !== 'wanted');
  }
}
