import { Injectable } from '@nestjs/common';
import { randomUUID } from 'node:crypto';
import { Database } from '../database/database.ts';

/** Which life of the catalogue this is: made once, when a catalogue is used for the first time. */
@Injectable()
export class CatalogueIncarnation {
  #incarnation: Promise<string> | undefined;

  constructor(private readonly db: Database) {}

  read(): Promise<string> {
    this.#incarnation ??= this.#readOrMake().catch((error: unknown) => {
      this.#incarnation = undefined;
      throw error;
    });
    return this.#incarnation;
  }

  async #readOrMake(): Promise<string> {
    await this.db.catalogue.createMany({ data: [{ incarnation: randomUUID() }], skipDuplicates: true });
    const { incarnation } = await this.db.catalogue.findUniqueOrThrow({ where: { id: 1 } });
    return incarnation;
  }
}
