import { Injectable } from '@nestjs/common';
import { randomUUID } from 'node:crypto';
import { Database, type Transaction } from '../database/database.ts';

/**
 * Which life of the catalogue this is. It gets one when it is used for the first time, and another one when it turns out
 * to have been restored into another Postgres, whose transaction ids are lower than those of its changes.
 */
@Injectable()
export class CatalogueIncarnation {
  #incarnation: Promise<string> | undefined;

  constructor(private readonly db: Database) {}

  /** Looked up once a process. */
  read(): Promise<string> {
    this.#incarnation ??= this.#readOrMake().catch((error: unknown) => {
      this.#incarnation = undefined;
      throw error;
    });
    return this.#incarnation;
  }

  async #readOrMake(): Promise<string> {
    await this.db.catalogue.createMany({ data: [{ incarnation: randomUUID() }], skipDuplicates: true });
    await this.db.$transaction(beginAgainIfRestored, { timeout: 60_000 });
    const { incarnation } = await this.db.catalogue.findUniqueOrThrow({ where: { id: 1 } });
    return incarnation;
  }
}

/**
 * A change that can be seen has a transaction id below the snapshot's end, unless it was written under another
 * Postgres. Such changes would stay out of feeds until this one has counted as far, so they are dated to now.
 */
async function beginAgainIfRestored(tx: Transaction): Promise<void> {
  await tx.$executeRaw`SELECT id FROM catalogue FOR UPDATE`;
  const [found] = await tx.$queryRaw<[{ restored: boolean }]>`
    SELECT EXISTS (SELECT 1 FROM changes WHERE xid >= pg_snapshot_xmax(pg_current_snapshot())) AS restored`;
  if (!found.restored) return;
  await tx.$executeRaw`UPDATE changes SET xid = pg_current_xact_id()`;
  await tx.catalogue.update({ where: { id: 1 }, data: { incarnation: randomUUID() } });
}
