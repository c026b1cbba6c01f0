import { type FamilyAbility } from '@heirloom/access';
import { Injectable } from '@nestjs/common';
import { AppError, type AlbumId, type AlbumItem, type LibraryId, type PhotoId } from '@heirloom/contracts';
import { withRetry } from '@heirloom/service-kit';
import { Database, type Transaction } from '../database/database.ts';
import { readable } from '../database/readable.ts';
import { passFence } from './album-fences.ts';

/** Which photos lie in which albums. */
@Injectable()
export class AlbumItems {
  constructor(private readonly db: Database) {}

  /**
   * Puts photos of the person's own library into an album. A photo that is there with another version, or under
   * another epoch's key, is replaced.
   *
   * @throws AppError `not-found` when a photo is not theirs or has no such version, `epoch-stale` when an item lies
   * behind the album's fence: then nothing was added
   */
  async add(
    albumId: AlbumId,
    items: readonly AlbumItem[],
    libraryId: LibraryId,
    ability: FamilyAbility,
  ): Promise<{ added: number; alreadyThere: number }> {
    const byPhoto = new Map(items.map((item) => [item.photoId, item]));
    // One order for all transactions, so that no two wait for each other.
    const ordered = [...byPhoto.values()].sort((a, b) => (a.photoId < b.photoId ? -1 : 1));
    await this.#requireOwn(ordered, libraryId, ability);
    const added = await withRetry(() =>
      this.db.$transaction(async (tx) => {
        await passFence(tx, albumId, Math.min(...ordered.map(({ epoch }) => epoch)));
        await requireOutOfTrash(tx, ordered);
        const changed = await put(tx, albumId, ordered);
        await tx.change.createMany({
          data: changed.map(({ photoId, versionId }) => ({
            collectionId: albumId,
            kind: 'item' as const,
            photoId,
            versionId,
          })),
        });
        return changed.length;
      }),
    );
    return { added, alreadyThere: items.length - added };
  }

  /** Takes a photo out of an album. Does nothing when it is not there. */
  async remove(albumId: AlbumId, photoId: PhotoId): Promise<void> {
    await withRetry(() =>
      this.db.$transaction(async (tx) => {
        const { count } = await tx.albumItem.updateMany({
          where: { albumId, photoId, OR: [{ removed: false }, { trashed: true }] },
          data: { removed: true, trashed: false, changedAt: new Date() },
        });
        if (count === 0) return;
        await tx.change.createMany({ data: [{ collectionId: albumId, kind: 'item_removed', photoId }] });
      }),
    );
  }

  async #requireOwn(
    items: readonly AlbumItem[],
    libraryId: LibraryId,
    ability: FamilyAbility,
  ): Promise<void> {
    const versions = await this.db.version.findMany({
      where: {
        AND: [
          readable(ability, 'Version'),
          { libraryId, id: { in: items.map(({ versionId }) => versionId) } },
        ],
      },
      select: { id: true, photoId: true },
    });
    const photoOf = new Map(versions.map(({ id, photoId }) => [id, photoId]));
    const isOwn = items.every(({ versionId, photoId }) => photoOf.get(versionId) === photoId);
    if (!isOwn)
      throw new AppError('not-found', { detail: 'A photo is not in your library, or has no such version.' });
  }
}

/** Keeps the trash away from the photos until the transaction ends. @throws AppError `not-found` */
async function requireOutOfTrash(tx: Transaction, items: readonly AlbumItem[]): Promise<void> {
  const photos = await tx.$queryRaw<{ id: string }[]>`
    SELECT id FROM photos
    WHERE id = ANY(${items.map(({ photoId }) => photoId)}::uuid[]) AND trashed_at IS NULL
    ORDER BY id FOR SHARE`;
  if (photos.length < items.length)
    throw new AppError('not-found', { detail: 'A photo is in the trash. Restore it first.' });
}

/** Inserts or replaces items. @returns those that were not there like this. */
async function put(tx: Transaction, albumId: AlbumId, items: readonly AlbumItem[]): Promise<AlbumItem[]> {
  const rows = await tx.$queryRaw<{ photoId: string }[]>`
    INSERT INTO album_items AS i (album_id, photo_id, version_id, epoch, wrapped_file_key, statement)
    SELECT ${albumId}::uuid, * FROM unnest(
      ${items.map(({ photoId }) => photoId)}::uuid[], ${items.map(({ versionId }) => versionId)}::uuid[],
      ${items.map(({ epoch }) => epoch)}::integer[], ${items.map(({ wrappedFileKey }) => wrappedFileKey)}::bytea[],
      ${items.map(({ statement }) => statement)}::bytea[])
    ON CONFLICT (album_id, photo_id) DO UPDATE SET
      version_id = excluded.version_id, epoch = excluded.epoch, wrapped_file_key = excluded.wrapped_file_key,
      statement = excluded.statement, removed = false, changed_at = now()
    WHERE i.removed OR i.version_id <> excluded.version_id OR i.epoch < excluded.epoch
    RETURNING photo_id AS "photoId"`;
  const changed = new Set(rows.map(({ photoId }) => photoId));
  return items.filter(({ photoId }) => changed.has(photoId));
}
