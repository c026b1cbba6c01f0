import { Injectable } from '@nestjs/common';
import {
  limits,
  type AccountId,
  type InTrash,
  type LibraryId,
  type PhotoId,
  type RestoreStatus,
  type TrashStatus,
} from '@heirloom/contracts';
import { recordAct, withRetry } from '@heirloom/service-kit';
import { Database, type Transaction } from '../database/database.ts';
import { inTrashSince } from './in-trash.ts';

interface LockedPhoto {
  id: string;
  trashedAt: Date | null;
  emptiedAt: Date | null;
  purgedAt: Date | null;
}

interface Place {
  albumId: string;
  photoId: string;
  versionId: string;
}

/** Photos on their way out, and back. What a photo's row says counts; whoever changes it holds the row. */
@Injectable()
export class Trash {
  constructor(private readonly db: Database) {}

  /** Moves photos of somebody's library to the trash, out of all albums. One result for each, in their order. */
  async add(
    accountId: AccountId,
    libraryId: LibraryId,
    photoIds: readonly PhotoId[],
  ): Promise<{ photoId: PhotoId; status: TrashStatus; trashed: InTrash | null }[]> {
    const { found, trashedAt } = await this.#change(libraryId, photoIds, async (tx, photos) => {
      const fresh = photos.filter((photo) => photo.trashedAt === null).map(({ id }) => id);
      const [now] = await tx.$queryRaw<{ trashedAt: Date }[]>`SELECT now()::timestamptz(3) AS "trashedAt"`;
      await tx.$executeRaw`UPDATE photos SET trashed_at = now() WHERE id = ANY(${fresh}::uuid[])`;
      const places = await tx.$queryRaw<Place[]>`
        UPDATE album_items SET removed = true, trashed = true, changed_at = now()
        WHERE photo_id = ANY(${fresh}::uuid[]) AND NOT removed
        RETURNING album_id AS "albumId", photo_id AS "photoId", version_id AS "versionId"`;
      await tx.change.createMany({
        data: [
          ...fresh.map((photoId) => ({ collectionId: libraryId, kind: 'photo' as const, photoId })),
          ...places.map(({ albumId, photoId }) => ({
            collectionId: albumId,
            kind: 'item_removed' as const,
            photoId,
          })),
        ],
      });
      await record(tx, 'photos-trashed', accountId, libraryId, fresh.length);
      return { found: shown(photos), trashedAt: now!.trashedAt };
    });
    return photoIds.map((photoId) => {
      const photo = found.get(photoId);
      if (!photo) return { photoId, status: 'not-found', trashed: null };
      const status = photo.trashedAt === null ? 'trashed' : 'already-trashed';
      return { photoId, status, trashed: inTrashSince(photo.trashedAt ?? trashedAt) };
    });
  }

  /** Brings photos back, into their albums too. One result for each, in their order. */
  async restore(
    accountId: AccountId,
    libraryId: LibraryId,
    photoIds: readonly PhotoId[],
  ): Promise<{ photoId: PhotoId; status: RestoreStatus }[]> {
    const found = await this.#change(libraryId, photoIds, async (tx, photos) => {
      const restored = await bringBack(tx, libraryId, photos);
      await record(tx, 'photos-restored', accountId, libraryId, restored);
      return new Map(photos.map((photo) => [photo.id, photo]));
    });
    return photoIds.map((photoId) => {
      const photo = found.get(photoId);
      if (!photo) return { photoId, status: 'not-found' };
      if (photo.purgedAt !== null) return { photoId, status: 'gone' };
      return { photoId, status: photo.trashedAt === null ? 'not-trashed' : 'restored' };
    });
  }

  /** In order of photo id. */
  async list(
    libraryId: LibraryId,
    { after, limit }: { after?: PhotoId | undefined; limit: number },
  ): Promise<{ photos: (InTrash & { photoId: PhotoId })[]; next: PhotoId | null }> {
    const rows = await this.db.photo.findMany({
      where: {
        libraryId,
        trashedAt: { not: null },
        emptiedAt: null,
        ...(after === undefined ? {} : { id: { gt: after } }),
      },
      orderBy: { id: 'asc' },
      take: limit + 1,
      select: { id: true, trashedAt: true },
    });
    const photos = rows
      .slice(0, limit)
      .map(({ id, trashedAt }) => ({ photoId: id as PhotoId, ...inTrashSince(trashedAt!) }));
    return { photos, next: rows.length > limit ? photos.at(-1)!.photoId : null };
  }

  /** Hides what is in the trash: the named photos, or all. Nothing is deleted by it. */
  async empty(
    accountId: AccountId,
    libraryId: LibraryId,
    photoIds?: readonly PhotoId[],
  ): Promise<{ emptied: number; more: boolean }> {
    const named = photoIds === undefined ? null : [...photoIds];
    const emptied = await withRetry(() =>
      this.db.$transaction(async (tx) => {
        const rows = await tx.$queryRaw<{ id: string }[]>`
          WITH chosen AS (
            SELECT id FROM photos
            WHERE library_id = ${libraryId}::uuid AND trashed_at IS NOT NULL AND emptied_at IS NULL
              AND (${named}::uuid[] IS NULL OR id = ANY(${named}::uuid[]))
            ORDER BY id LIMIT ${limits.photosPerEmptying} FOR NO KEY UPDATE
          ), emptied AS (
            UPDATE photos p SET emptied_at = now() FROM chosen WHERE p.id = chosen.id RETURNING p.id
          )
          INSERT INTO changes (collection_id, kind, photo_id)
          SELECT ${libraryId}::uuid, 'photo', id FROM emptied RETURNING photo_id AS id`;
        await record(tx, 'trash-emptied', accountId, libraryId, rows.length);
        return rows;
      }),
    );
    return { emptied: emptied.length, more: emptied.length === limits.photosPerEmptying };
  }

  /** Runs `work` while it holds those of the photos that are the library's. */
  #change<T>(
    libraryId: LibraryId,
    photoIds: readonly PhotoId[],
    work: (tx: Transaction, photos: LockedPhoto[]) => Promise<T>,
  ): Promise<T> {
    return withRetry(() =>
      this.db.$transaction(async (tx) => {
        const photos = await lockPhotos(tx, photoIds);
        return work(
          tx,
          photos.filter((photo) => photo.libraryId === libraryId),
        );
      }),
    );
  }
}

/** Notes for the audit trail how many photos it was, when it was any. */
async function record(
  tx: Transaction,
  kind: 'photos-trashed' | 'photos-restored' | 'trash-emptied',
  accountId: AccountId,
  libraryId: LibraryId,
  photos: number,
): Promise<void> {
  if (photos === 0) return;
  const actor = { kind: 'person', id: accountId } as const;
  await recordAct(tx, { kind, actor, accountId, subjectId: libraryId, details: { photos } });
}

/** What was emptied is nobody's to see. */
const shown = (photos: readonly LockedPhoto[]) =>
  new Map(photos.filter(({ emptiedAt }) => emptiedAt === null).map((photo) => [photo.id, photo]));

/** Holds photos until the transaction ends, in one order, so that no two wait for each other. */
export function lockPhotos(
  tx: Transaction,
  photoIds: readonly string[],
): Promise<(LockedPhoto & { libraryId: string })[]> {
  return tx.$queryRaw`
    SELECT id, library_id AS "libraryId", trashed_at AS "trashedAt", emptied_at AS "emptiedAt", purged_at AS "purgedAt"
    FROM photos WHERE id = ANY(${[...photoIds]}::uuid[]) ORDER BY id FOR NO KEY UPDATE`;
}

/** Takes held photos out of the trash, except those that are being deleted. @returns how many */
export async function bringBack(
  tx: Transaction,
  libraryId: LibraryId,
  photos: readonly LockedPhoto[],
): Promise<number> {
  const back = photos.filter(({ trashedAt, purgedAt }) => trashedAt !== null && purgedAt === null);
  if (back.length === 0) return 0;
  const ids = back.map(({ id }) => id);
  const wereHidden = back.filter(({ emptiedAt }) => emptiedAt !== null).map(({ id }) => id);
  await tx.photo.updateMany({ where: { id: { in: ids } }, data: { trashedAt: null, emptiedAt: null } });
  const places = await tx.$queryRaw<Place[]>`
    UPDATE album_items SET removed = false, trashed = false, changed_at = now()
    WHERE photo_id = ANY(${ids}::uuid[]) AND trashed
    RETURNING album_id AS "albumId", photo_id AS "photoId", version_id AS "versionId"`;
  // Devices have dropped what was emptied, so its versions are told again.
  const versions = await tx.version.findMany({
    where: { photoId: { in: wereHidden } },
    orderBy: { id: 'asc' },
    select: { id: true, photoId: true },
  });
  await tx.change.createMany({
    data: [
      ...versions.map(({ id, photoId }) => ({
        collectionId: libraryId,
        kind: 'version' as const,
        photoId,
        versionId: id,
      })),
      ...ids.map((photoId) => ({ collectionId: libraryId, kind: 'photo' as const, photoId })),
      ...places.map(({ albumId, photoId, versionId }) => ({
        collectionId: albumId,
        kind: 'item' as const,
        photoId,
        versionId,
      })),
    ],
  });
  return ids.length;
}
