import type { AccountId, Collection, CollectionId, Cursor } from '@heirloom/contracts';
import { beginning, changesWhere, decodeCursor, encodeCursor } from '@heirloom/service-kit';
import type { Transaction } from '../database.ts';
import { Prisma } from '../generated/client.ts';

interface FeedRow {
  xid: string;
  seq: bigint;
  collection_id: string;
  kind: Collection['kind'];
  role: Collection['role'];
  epoch: number;
  rotation_due: boolean;
  sealed_name: Uint8Array | null;
  grant_index: number;
  sealed_key: Uint8Array;
  removed: boolean;
}

export interface CollectionPage {
  collections: Collection[];
  cursor: Cursor;
  more: boolean;
}

/**
 * The grants of a person that are new or have changed since the cursor, in the order of (xid, seq). It stops before
 * the oldest transaction that is still open, so that no row can come to lie behind a cursor that was given out.
 */
export async function collectionsAfter(
  tx: Transaction,
  accountId: AccountId,
  { cursor, limit }: { cursor?: Cursor | undefined; limit: number },
): Promise<CollectionPage> {
  const after = cursor === undefined ? beginning : decodeCursor(cursor);
  const rows = await tx.$queryRaw<FeedRow[]>`
    SELECT g.xid::text, g.seq, g.collection_id, c.kind::text, g.role::text, g.epoch, c.rotation_due,
      c.sealed_name, g.grant_index, g.sealed_key, g.removed
    FROM grants g JOIN collections c ON c.id = g.collection_id
    WHERE g.account_id = ${accountId}::uuid AND ${Prisma.raw(changesWhere(after, 'g'))}
    ORDER BY g.xid, g.seq LIMIT ${limit + 1}::int`;
  const page = rows.slice(0, limit);
  const last = page.at(-1);
  return {
    collections: page.map(toCollection),
    cursor: encodeCursor(last ? { xid: BigInt(last.xid), seq: last.seq } : after),
    more: rows.length > limit,
  };
}

const toCollection = (row: FeedRow): Collection => ({
  collectionId: row.collection_id as CollectionId,
  kind: row.kind,
  role: row.role,
  epoch: row.epoch,
  rotationDue: row.rotation_due,
  sealedName: row.sealed_name && new Uint8Array(row.sealed_name),
  grantIndex: row.grant_index,
  sealedKey: new Uint8Array(row.sealed_key),
  removed: row.removed,
});
