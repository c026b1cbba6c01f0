import pg from 'pg';
import type { System } from '../system/system.ts';

/** The key of an epoch, as it lies in the database sealed to a member or an invite. */
export interface SealedKeyRow {
  collection: string;
  scope: 'family' | 'album';
  epoch: number;
  /** Member or invite. */
  holder: string;
  sealedKey: Uint8Array;
}

/** A photo in an album, and the object that holds it. */
export interface ItemRow {
  album: string;
  photo: string;
  version: string;
  epoch: number;
  wrappedFileKey: Uint8Array;
  object: string;
  /** Milliseconds since 1970. */
  addedAt: number;
}

export interface Records {
  items: readonly ItemRow[];
  sealedKeys: readonly SealedKeyRow[];
}

/** All wraps that the server has, as whoever steals its database finds them. */
export async function recordsOf(system: System): Promise<Records> {
  const client = new pg.Client({ connectionString: await system.databaseUrl() });
  await client.connect();
  try {
    const items = await client.query<ItemRow>(
      `SELECT i.album_id AS album, i.photo_id AS photo, i.version_id AS version, i.epoch,
              i.wrapped_file_key AS "wrappedFileKey", v.object_name AS object,
              (extract(epoch FROM i.changed_at) * 1000)::float8 AS "addedAt"
       FROM vault.album_items i JOIN vault.versions v ON v.id = i.version_id ORDER BY i.changed_at`,
    );
    const sealedKeys = await client.query<SealedKeyRow>(
      `SELECT g.collection_id AS collection, c.kind AS scope, g.epoch, g.holder, g.sealed_key AS "sealedKey"
       FROM (SELECT collection_id, epoch, account_id AS holder, sealed_key FROM sharing_policy.grants
             UNION ALL SELECT collection_id, epoch, invite_id, sealed_key FROM sharing_policy.invite_grants) g
       JOIN sharing_policy.collections c ON c.id = g.collection_id`,
    );
    return {
      items: items.rows.map((row) => ({ ...row, wrappedFileKey: new Uint8Array(row.wrappedFileKey) })),
      sealedKeys: sealedKeys.rows.map((row) => ({ ...row, sealedKey: new Uint8Array(row.sealedKey) })),
    };
  } finally {
    await client.end();
  }
}
