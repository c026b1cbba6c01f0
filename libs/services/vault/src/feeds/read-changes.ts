import type { CollectionId } from '@heirloom/contracts';
import { changesWhere, type ChangePlace } from '@heirloom/service-kit';
import type { Database } from '../database/database.ts';
import { Prisma, type ChangeKind } from '../generated/client.ts';

/** One change of a collection, and how much there is to send with it. */
export interface ChangeRow extends ChangePlace {
  kind: ChangeKind;
  photoId: string;
  versionId: string | null;
  bytes: number;
}

/**
 * Changes after a position, in the order of (xid, seq). It stops at the oldest transaction that is still open: what that
 * one writes comes before what is committed already, and would be skipped otherwise.
 */
export async function readChanges(
  db: Database,
  collectionId: CollectionId,
  after: ChangePlace,
  limit: number,
): Promise<ChangeRow[]> {
  const rows = await db.$queryRaw<(Omit<ChangeRow, 'xid'> & { xid: string })[]>`
    SELECT c.xid::text AS xid, c.seq, replace(c.kind::text, '-', '_') AS kind,
      c.photo_id AS "photoId", c.version_id AS "versionId",
      (coalesce(octet_length(v.trailer), 0) + coalesce(octet_length(v.sealed_metadata), 0)
        + coalesce(octet_length(n.record), 0))::integer AS bytes
    FROM changes c
    LEFT JOIN album_items i ON i.album_id = c.collection_id AND i.photo_id = c.photo_id AND NOT i.removed
    LEFT JOIN versions v ON v.id = coalesce(i.version_id, c.version_id)
    LEFT JOIN photo_notes n ON c.kind = 'notes' AND n.library_id = c.collection_id AND n.photo_id = c.photo_id
    WHERE c.collection_id = ${collectionId}::uuid
      AND ${Prisma.raw(changesWhere(after, 'c'))}
    ORDER BY c.xid, c.seq
    LIMIT ${limit}`;
  return rows.map((row) => ({ ...row, xid: BigInt(row.xid) }));
}

/** The first rows that fit into `maxBytes` together, and at least one. */
export function takeBytes(rows: readonly ChangeRow[], maxBytes: number): ChangeRow[] {
  let total = 0;
  const end = rows.findIndex(({ bytes }, i) => (total += bytes) > maxBytes && i > 0);
  return end === -1 ? [...rows] : rows.slice(0, end);
}
