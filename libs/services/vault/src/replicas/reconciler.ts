import { Injectable } from '@nestjs/common';
import { Database } from '../database/database.ts';
import { Locations } from '../locations/locations.ts';

const objectsPerBatch = 1_000;

/** Finds copies that nobody asked for yet: those of a location that was added to the configuration. */
@Injectable()
export class Reconciler {
  constructor(
    private readonly db: Database,
    private readonly locations: Locations,
  ) {}

  /** Adds a row `wanted` for each object and configured location without one. @returns how many. */
  async addWanted(): Promise<number> {
    let added = 0;
    let after = '';
    for (;;) {
      const names = await this.#nextNames(after);
      if (names.length === 0) return added;
      added += await this.db.$executeRaw`
        INSERT INTO replicas (object_name, location_id, state)
        SELECT name, location, 'wanted'
        FROM unnest(${names}::text[]) AS name, unnest(${this.locations.ids}::text[]) AS location
        ON CONFLICT DO NOTHING`;
      after = names.at(-1)!;
    }
  }

  async #nextNames(after: string): Promise<string[]> {
    const objects = await this.db.storedObject.findMany({
      // What is being deleted is not to come back.
      where: { name: { gt: after }, OR: [{ version: null }, { version: { photo: { purgedAt: null } } }] },
      orderBy: { name: 'asc' },
      take: objectsPerBatch,
      select: { name: true },
    });
    return objects.map(({ name }) => name);
  }
}
