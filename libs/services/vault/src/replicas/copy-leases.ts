import { Injectable } from '@nestjs/common';
import { randomUUID } from 'node:crypto';
import { Database } from '../database/database.ts';
import { Locations } from '../locations/locations.ts';

/** A copy that somebody else may begin when its lease was not renewed for so long. */
export const copyLeaseMs = 30_000;
const maxBackoffMs = 15 * 60_000;
/** How soon a repair is tried again that has nothing to repair from. A copy that becomes good calls it sooner. */
const hopelessMs = 3600_000;

/** One copy to make or to repair: this process is the only one that works on it until `dueAt` of its row. */
export interface CopyTask {
  leaseId: string;
  objectName: string;
  locationId: string;
  sizeBytes: number;
  attempts: number;
  /** `wanted`: there never was one. The others are to be repaired. */
  state: 'wanted' | 'damaged' | 'missing';
}

/** The rows in one of these states are the queue; a lease is a `due_at` in the future. */
const queued = ['wanted', 'damaged', 'missing'] as const;
@Injectable()
export class CopyLeases {
  constructor(
    private readonly db: Database,
    private readonly locations: Locations,
  ) {}

  /** Leases up to `limit` copies that are due, the longest waiting first. Rows that others lease meanwhile are skipped. */
  async lease(limit: number): Promise<CopyTask[]> {
    const leaseId = randomUUID();
    const rows = await this.db.$queryRaw<(Omit<CopyTask, 'leaseId' | 'sizeBytes'> & { sizeBytes: bigint })[]>`
      WITH due AS (
        SELECT object_name, location_id FROM replicas
        WHERE state IN ('wanted', 'damaged', 'missing') AND due_at <= now() AND location_id = ANY(${this.locations.ids}::text[])
        ORDER BY due_at LIMIT ${limit} FOR UPDATE SKIP LOCKED
      )
      UPDATE replicas r SET
        lease_id = ${leaseId}::uuid, attempts = r.attempts + 1,
        due_at = now() + ${copyLeaseMs} * interval '1 millisecond'
      FROM due, objects o
      WHERE r.object_name = due.object_name AND r.location_id = due.location_id AND o.name = r.object_name
      RETURNING r.object_name AS "objectName", r.location_id AS "locationId", r.attempts, r.state, o.size_bytes AS "sizeBytes"`;
    return rows.map((row) => ({ ...row, leaseId, sizeBytes: Number(row.sizeBytes) }));
  }

  /** Puts the end of a lease off. @returns false when somebody else took over. */
  async renew(task: CopyTask): Promise<boolean> {
    return this.#postpone(task, copyLeaseMs);
  }

  /** Gives a failed copy back, to be tried again later and later. */
  async giveBack(task: CopyTask): Promise<void> {
    await this.#release(task, Math.min(1000 * 2 ** Math.min(task.attempts, 20), maxBackoffMs));
  }

  /** Gives a repair back that has nothing to repair from. */
  async giveUp(task: CopyTask): Promise<void> {
    await this.#release(task, hopelessMs);
  }

  /**
   * Records a finished copy. It is one, whoever holds the lease by now. The object's bad copies have something to be
   * repaired from again, so those that nobody works on are due.
   *
   * @returns false when its photo is being deleted for good, so that the copy must not stay
   */
  async finish({ objectName, locationId }: CopyTask): Promise<boolean> {
    await this.db.$transaction([
      this.db.replica.updateMany({
        where: { objectName, locationId, state: { in: [...queued] } },
        data: { state: 'present', leaseId: null, attempts: 0, changedAt: new Date() },
      }),
      this.db.replica.updateMany({
        where: { objectName, state: { in: ['damaged', 'missing'] }, leaseId: null },
        data: { dueAt: new Date() },
      }),
    ]);
    const row = await this.db.replica.findUnique({
      where: { objectName_locationId: { objectName, locationId } },
      select: { state: true },
    });
    return row?.state === 'present';
  }

  /** Whether no copy of an object is known to be good, in any location. */
  async isLost(objectName: string): Promise<boolean> {
    const good = await this.db.replica.findFirst({
      where: { objectName, state: 'present' },
      select: { state: true },
    });
    return good === null;
  }

  /** Records that a copy thought to be present is not the object. */
  async markBad(objectName: string, locationId: string, state: 'damaged' | 'missing'): Promise<void> {
    await this.db.replica.updateMany({
      where: { objectName, locationId, state: 'present' },
      data: { state, leaseId: null, attempts: 0, dueAt: new Date(), changedAt: new Date() },
    });
  }

  /** Where an object can be read. */
  async sources(objectName: string): Promise<string[]> {
    const rows = await this.db.replica.findMany({
      where: { objectName, state: 'present', locationId: { in: this.locations.ids } },
      select: { locationId: true },
    });
    return rows.map(({ locationId }) => locationId);
  }

  async #postpone({ objectName, locationId, leaseId }: CopyTask, byMs: number): Promise<boolean> {
    const count = await this.db.$executeRaw`
      UPDATE replicas SET due_at = now() + ${byMs} * interval '1 millisecond'
      WHERE object_name = ${objectName} AND location_id = ${locationId}
        AND lease_id = ${leaseId}::uuid AND state IN ('wanted', 'damaged', 'missing')`;
    return count > 0;
  }

  async #release({ objectName, locationId, leaseId }: CopyTask, forMs: number): Promise<void> {
    await this.db.$executeRaw`
      UPDATE replicas SET lease_id = NULL, due_at = now() + ${forMs} * interval '1 millisecond'
      WHERE object_name = ${objectName} AND location_id = ${locationId}
        AND lease_id = ${leaseId}::uuid AND state IN ('wanted', 'damaged', 'missing')`;
  }
}
