import { Injectable } from '@nestjs/common';
import { limits, type AuditAct } from '@heirloom/contracts';
import { byItself, recordAct, withRetry } from '@heirloom/service-kit';
import { randomUUID } from 'node:crypto';
import { Database, type Transaction } from '../database/database.ts';
import { Locations } from '../locations/locations.ts';

const leaseMs = 30_000;
const maxBackoffMs = 3600_000;

/** One copy to delete for good. */
export interface RemovalTask {
  leaseId: string;
  objectName: string;
  locationId: string;
  attempts: number;
}

/**
 * What is to be deleted for good, and how far that is. It is all in rows: photos that were emptied from the trash, then
 * their copies in state `removing` and `removed`, and in the end nothing but tombstones. Each step is one transaction or
 * can be done again, so wherever it is cut off, the next round goes on.
 */
@Injectable()
export class PurgeQueue {
  constructor(
    private readonly db: Database,
    private readonly locations: Locations,
  ) {}

  /**
   * Begins the deletion of emptied photos that have been in the trash for limits.trashMs by the database's clock. Who
   * restores one at the same time either comes first, or is told that it is gone.
   *
   * @returns how many
   */
  async begin(limit: number): Promise<number> {
    return withRetry(() =>
      this.db.$transaction(async (tx) => {
        const photos = await tx.$queryRaw<{ id: string }[]>`
          SELECT id FROM photos
          WHERE emptied_at IS NOT NULL AND purged_at IS NULL
            AND trashed_at <= now() - ${limits.trashMs} * interval '1 millisecond'
          ORDER BY trashed_at LIMIT ${limit} FOR UPDATE SKIP LOCKED`;
        const ids = photos.map(({ id }) => id);
        await tx.$executeRaw`
          INSERT INTO tombstones (version_id, photo_id, library_id, object_name)
          SELECT id, photo_id, library_id, object_name FROM versions WHERE photo_id = ANY(${ids}::uuid[])
          ON CONFLICT DO NOTHING`;
        await tx.$executeRaw`UPDATE photos SET purged_at = now() WHERE id = ANY(${ids}::uuid[])`;
        await recordAct(tx, ...(await purgesOf(tx, ids)));
        return ids.length;
      }),
    );
  }

  /**
   * Marks the copies of what is being deleted, also those that somebody asked for meanwhile. A copy that is being made
   * right now is left alone until its lease has run out.
   */
  async mark(): Promise<void> {
    await this.db.$executeRaw`
      UPDATE replicas r SET
        state = 'removing', attempts = 0, lease_id = NULL, changed_at = now(),
        due_at = CASE WHEN r.lease_id IS NULL THEN now() ELSE greatest(r.due_at, now()) END
      FROM versions v, photos p
      WHERE p.emptied_at IS NOT NULL AND p.purged_at IS NOT NULL AND v.photo_id = p.id
        AND r.object_name = v.object_name AND r.state NOT IN ('removing', 'removed')`;
  }

  /** Leases up to `limit` copies in locations that are configured. Rows that others lease meanwhile are skipped. */
  async lease(limit: number): Promise<RemovalTask[]> {
    const leaseId = randomUUID();
    const rows = await this.db.$queryRaw<Omit<RemovalTask, 'leaseId'>[]>`
      WITH due AS (
        SELECT object_name, location_id FROM replicas
        WHERE state = 'removing' AND due_at <= now() AND location_id = ANY(${this.locations.ids}::text[])
        ORDER BY due_at LIMIT ${limit} FOR UPDATE SKIP LOCKED
      )
      UPDATE replicas r SET
        lease_id = ${leaseId}::uuid, attempts = r.attempts + 1,
        due_at = now() + ${leaseMs} * interval '1 millisecond'
      FROM due WHERE r.object_name = due.object_name AND r.location_id = due.location_id
      RETURNING r.object_name AS "objectName", r.location_id AS "locationId", r.attempts`;
    return rows.map((row) => ({ ...row, leaseId }));
  }

  /** Records that a copy is gone. It is, whoever holds the lease by now. */
  async removed({ objectName, locationId }: RemovalTask): Promise<void> {
    await this.db.replica.updateMany({
      where: { objectName, locationId, state: 'removing' },
      data: { state: 'removed', leaseId: null, changedAt: new Date() },
    });
  }

  /** To be tried again later and later: its location does not answer. */
  async giveBack({ objectName, locationId, leaseId, attempts }: RemovalTask): Promise<void> {
    const forMs = Math.min(1000 * 2 ** Math.min(attempts, 20), maxBackoffMs);
    await this.db.$executeRaw`
      UPDATE replicas SET lease_id = NULL, due_at = now() + ${forMs} * interval '1 millisecond'
      WHERE object_name = ${objectName} AND location_id = ${locationId}
        AND lease_id = ${leaseId}::uuid AND state = 'removing'`;
  }

  /** Drops the rows of photos of which no copy is left anywhere. @returns how many photos */
  async finish(limit: number): Promise<number> {
    return withRetry(() =>
      this.db.$transaction(async (tx) => {
        const photos = await tx.$queryRaw<{ id: string }[]>`
          SELECT p.id FROM photos p
          WHERE p.emptied_at IS NOT NULL AND p.purged_at IS NOT NULL AND NOT EXISTS (
            SELECT FROM versions v JOIN replicas r ON r.object_name = v.object_name
            WHERE v.photo_id = p.id AND r.state <> 'removed')
          ORDER BY p.id LIMIT ${limit} FOR UPDATE OF p SKIP LOCKED`;
        const photoId = { in: photos.map(({ id }) => id) };
        const versions = await tx.version.findMany({ where: { photoId }, select: { objectName: true } });
        const objectName = { in: versions.map((version) => version.objectName) };
        await tx.photoNotes.deleteMany({ where: { photoId } });
        await tx.albumItem.deleteMany({ where: { photoId } });
        await tx.version.deleteMany({ where: { photoId } });
        await tx.replica.deleteMany({ where: { objectName } });
        await tx.storedObject.deleteMany({ where: { name: objectName } });
        await tx.photo.deleteMany({ where: { id: photoId } });
        return photos.length;
      }),
    );
  }
}

/** For the audit trail: how many photos of whom. The author of a library's versions is whose library it is. */
async function purgesOf(tx: Transaction, photoIds: readonly string[]): Promise<AuditAct[]> {
  const rows = await tx.$queryRaw<{ accountId: string; libraryId: string; photos: number }[]>`
    SELECT author_id AS "accountId", library_id AS "libraryId", count(DISTINCT photo_id)::int AS photos
    FROM versions WHERE photo_id = ANY(${[...photoIds]}::uuid[]) GROUP BY author_id, library_id`;
  return rows.map(({ accountId, libraryId, photos }) => ({
    kind: 'photos-purged',
    actor: byItself,
    accountId,
    subjectId: libraryId,
    details: { photos },
  }));
}
