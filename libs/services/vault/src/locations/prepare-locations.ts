import { Inject, Injectable, Logger, type OnModuleInit } from '@nestjs/common';
import { Database } from '../database/database.ts';
import { LOCATION_PLACES, type LocationPlace } from './location-place.ts';

/**
 * Sets up the locations that are new. One that ever held an object is left alone: where its disk is away, the empty
 * folder in its place must not be filled.
 */
@Injectable()
export class PrepareLocations implements OnModuleInit {
  readonly #log = new Logger(PrepareLocations.name);

  constructor(
    private readonly db: Database,
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
      } catch (err) {
        this.#log.warn({ err, location: location.id }, 'a storage location cannot be set up');
      }
    }
  }

  async #everHeldAnObject(locationId: string): Promise<boolean> {
    const replica = await this.db.replica.findFirst({
      where: { locationId, state: { not: 'wanted' } },
      select: { state: true },
    });
    return replica !== null;
  }
}
