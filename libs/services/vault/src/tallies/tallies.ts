import { Injectable, Logger, type OnApplicationBootstrap } from '@nestjs/common';
import type { LibraryId } from '@heirloom/contracts';
import { Jobs } from '@heirloom/service-kit';
import { Database, type Transaction } from '../database/database.ts';
import type { ReplicaState } from '../generated/client.ts';

const foldEveryMs = 60_000;
const librariesPerFold = 10_000;

/** The copies in one location that are in one state, and the bytes of their objects. */
export interface ReplicaTally {
  locationId: string;
  state: ReplicaState;
  copies: number;
  bytes: number;
}

/** What a library keeps. */
export interface LibraryTally {
  libraryId: LibraryId;
  photos: number;
  bytes: number;
  storedAt: Date | null;
}

/**
 * How much there is, without counting it. Triggers of the database add a row for each change of replicas, photos and
 * versions, in the transaction that makes it; the sum of the rows is what there is, at every moment. Folding replaces
 * rows by their sum and changes nothing that is read: without it, reading only gets slower.
 */
@Injectable()
export class Tallies implements OnApplicationBootstrap {
  readonly #log = new Logger(Tallies.name);

  constructor(
    private readonly db: Database,
    private readonly jobs: Jobs,
  ) {}

  async onApplicationBootstrap(): Promise<void> {
    await this.jobs.every('fold-tallies', foldEveryMs, async () => void (await this.fold()));
  }

  /** Of all locations that the catalogue knows, in their order. */
  async replicas(): Promise<ReplicaTally[]> {
    const rows = await this.db.$queryRaw<
      (Omit<ReplicaTally, 'copies' | 'bytes'> & Sums<'copies' | 'bytes'>)[]
    >`
      SELECT location_id AS "locationId", state, sum(copies)::bigint AS copies, sum(bytes)::bigint AS bytes
      FROM replica_tallies GROUP BY location_id, state
      HAVING sum(copies) <> 0 ORDER BY location_id, state`;
    return rows.map((row) => ({ ...row, copies: Number(row.copies), bytes: Number(row.bytes) }));
  }

  /** Of those libraries in which something is, or was. */
  async libraries(ids: readonly LibraryId[], tx: Transaction = this.db): Promise<LibraryTally[]> {
    if (ids.length === 0) return [];
    const rows = await tx.$queryRaw<(Omit<LibraryTally, 'photos' | 'bytes'> & Sums<'photos' | 'bytes'>)[]>`
      SELECT library_id AS "libraryId", sum(photos)::bigint AS photos, sum(bytes)::bigint AS bytes,
        max(stored_at) AS "storedAt"
      FROM library_tallies WHERE library_id = ANY(${[...ids]}::uuid[]) GROUP BY library_id`;
    return rows.map((row) => ({ ...row, photos: Number(row.photos), bytes: Number(row.bytes) }));
  }

  /** Replaces rows by their sums. Safe to be done by several processes at once. @returns how many rows were replaced */
  async fold(): Promise<number> {
    // Whoever deletes a row is the one that adds it up, so no row counts twice or never.
    const [replicas] = await this.db.$queryRaw<[{ folded: bigint }]>`
      WITH gone AS (
        DELETE FROM replica_tallies WHERE id IN (SELECT id FROM replica_tallies ORDER BY id FOR UPDATE SKIP LOCKED)
        RETURNING location_id, state, copies, bytes
      ), sums AS (
        INSERT INTO replica_tallies (location_id, state, copies, bytes)
        SELECT location_id, state, sum(copies), sum(bytes) FROM gone GROUP BY 1, 2 HAVING sum(copies) <> 0
      )
      SELECT count(*) AS folded FROM gone`;
    const [libraries] = await this.db.$queryRaw<[{ folded: bigint }]>`
      WITH fresh AS (
        SELECT DISTINCT library_id FROM library_tallies WHERE NOT folded LIMIT ${librariesPerFold}
      ), mine AS (
        SELECT id FROM library_tallies WHERE library_id IN (SELECT library_id FROM fresh)
        ORDER BY id FOR UPDATE SKIP LOCKED
      ), gone AS (
        DELETE FROM library_tallies WHERE id IN (SELECT id FROM mine)
        RETURNING library_id, photos, versions, bytes, stored_at
      ), sums AS (
        INSERT INTO library_tallies (library_id, photos, versions, bytes, stored_at, folded)
        SELECT library_id, sum(photos), sum(versions), sum(bytes), max(stored_at), true FROM gone GROUP BY 1
      )
      SELECT count(*) AS folded FROM gone`;
    const rows = Number(replicas.folded) + Number(libraries.folded);
    this.#log.debug({ rows }, 'tallies were folded');
    return rows;
  }
}

type Sums<K extends string> = Record<K, bigint>;
