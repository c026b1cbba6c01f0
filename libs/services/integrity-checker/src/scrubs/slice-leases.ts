import { randomUUID } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import type { LocationId, ObjectName, ScrubId } from '@heirloom/contracts';
import { Database } from '../database.ts';

/** A slice that this process alone reads until its lease runs out. */
export interface SliceTask {
  leaseId: string;
  scrubId: ScrubId;
  locationId: LocationId;
  number: number;
  /** Where to go on: behind this object. */
  after: ObjectName | null;
  attempts: number;
}

/** What was read since the slice was last saved. */
export interface SliceProgress {
  copies: number;
  bytesRead: number;
  after: ObjectName | null;
}

/** So often in a row a slice is tried that gets no further. */
export const maxAttempts = 6;
const firstBackoffMs = 5_000;

/** The waiting slices are the queue; a lease is a `due_at` in the future. */
@Injectable()
export class SliceLeases {
  constructor(
    private readonly db: Database,
    readonly leaseMs: number,
  ) {}

  /** Leases a slice that is due; those that others lease meanwhile are skipped. Locations take turns. */
  async lease(): Promise<SliceTask | undefined> {
    const leaseId = randomUUID();
    const [row] = await this.db.$queryRaw<Omit<SliceTask, 'leaseId'>[]>`
      WITH due AS (
        SELECT scrub_id, location_id, number FROM slices
        WHERE state = 'waiting' AND due_at <= now()
        ORDER BY number, location_id LIMIT 1 FOR UPDATE SKIP LOCKED
      )
      UPDATE slices s SET
        lease_id = ${leaseId}::uuid, attempts = s.attempts + 1,
        due_at = now() + ${this.leaseMs} * interval '1 millisecond'
      FROM due
      WHERE s.scrub_id = due.scrub_id AND s.location_id = due.location_id AND s.number = due.number
      RETURNING s.scrub_id AS "scrubId", s.location_id AS "locationId", s.number, s.after, s.attempts`;
    return row && { ...row, leaseId };
  }

  /** Puts the end of a lease off. @returns false when somebody else took over */
  async extend({ scrubId, locationId, number, leaseId }: SliceTask): Promise<boolean> {
    const count = await this.db.$executeRaw`
      UPDATE slices SET due_at = now() + ${this.leaseMs} * interval '1 millisecond'
      WHERE scrub_id = ${scrubId}::uuid AND location_id = ${locationId} AND number = ${number}
        AND lease_id = ${leaseId}::uuid AND state = 'waiting'`;
    return count > 0;
  }

  /** Keeps how far it is: whoever takes over reads on from here. @returns false when somebody else took over */
  async save(task: SliceTask, { copies, bytesRead, after }: SliceProgress): Promise<boolean> {
    const isFurther = copies > 0;
    const [row] = await this.db.$queryRaw<{ count: number }[]>`
      WITH saved AS (UPDATE slices SET
        after = ${after}, copies = copies + ${copies}, bytes_read = bytes_read + ${bytesRead},
        attempts = CASE WHEN ${isFurther} THEN 0 ELSE attempts END,
        due_at = now() + ${this.leaseMs} * interval '1 millisecond'
      WHERE scrub_id = ${task.scrubId}::uuid AND location_id = ${task.locationId} AND number = ${task.number}
        AND lease_id = ${task.leaseId}::uuid AND state = 'waiting'
        RETURNING 1
      ), counted AS (
        INSERT INTO reading_days (day, copies, bytes_read)
        SELECT (now() AT TIME ZONE 'UTC')::date, ${copies}, ${bytesRead} FROM saved WHERE ${isFurther}
        ON CONFLICT (day) DO UPDATE SET
          copies = reading_days.copies + excluded.copies, bytes_read = reading_days.bytes_read + excluded.bytes_read
      )
      SELECT count(*)::int AS count FROM saved`;
    const isKept = (row?.count ?? 0) > 0;
    if (isKept && isFurther) task.attempts = 0;
    return isKept;
  }

  /** Everything in it was read. */
  async finish({ scrubId, locationId, number, leaseId }: SliceTask): Promise<void> {
    await this.db.$executeRaw`
      WITH done AS (
        UPDATE slices SET state = 'done', lease_id = NULL
        WHERE scrub_id = ${scrubId}::uuid AND location_id = ${locationId} AND number = ${number}
          AND lease_id = ${leaseId}::uuid AND state = 'waiting'
        RETURNING location_id, number
      )
      INSERT INTO slice_readings (location_id, number, read_at) SELECT location_id, number, now() FROM done
      ON CONFLICT (location_id, number) DO UPDATE SET read_at = excluded.read_at`;
  }

  /** Gives a slice back that could not be read, for later; after too many attempts it counts as failed. */
  async putOff(task: SliceTask): Promise<void> {
    const { scrubId, locationId, number, leaseId, attempts } = task;
    const isOver = attempts >= maxAttempts;
    await this.db.slice.updateMany({
      where: { scrubId, locationId, number, leaseId, state: 'waiting' },
      data: {
        state: isOver ? 'failed' : 'waiting',
        leaseId: null,
        dueAt: new Date(Date.now() + firstBackoffMs * 2 ** attempts),
      },
    });
  }

  /** Gives a slice back for somebody else to go on with at once. */
  async release({ scrubId, locationId, number, leaseId }: SliceTask): Promise<void> {
    await this.db.slice.updateMany({
      where: { scrubId, locationId, number, leaseId, state: 'waiting' },
      data: { leaseId: null, dueAt: new Date(), attempts: 0 },
    });
  }
}
