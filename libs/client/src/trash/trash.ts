import {
  limits,
  trashRoutes,
  type InTrash,
  type PhotoId,
  type RestoreStatus,
  type TrashStatus,
} from '@heirloom/contracts';
import { withTrashState } from '../library/photo.ts';
import type { Vault } from '../library/vault.ts';

type Owner = Pick<Vault, 'account' | 'library' | 'libraryId'>;

/** What became of a photo that was to go into the trash. */
export interface TrashedPhoto {
  photoId: PhotoId;
  status: TrashStatus;
  /** Null when the library has no such photo. */
  trashed: InTrash | null;
}
export interface RestoredPhoto {
  photoId: PhotoId;
  status: RestoreStatus;
}

/**
 * Moves photos of the own library to the trash, and says from when on each may be deleted for good. Repeating it is
 * harmless.
 * @throws AppError `forbidden` for who may not.
 */
export async function trashPhotos(vault: Owner, photos: readonly PhotoId[]): Promise<TrashedPhoto[]> {
  const all: TrashedPhoto[] = [];
  for (const photoIds of pagesOf(photos)) {
    const { results } = await vault.account.http.call(trashRoutes.trashPhotos, {
      body: { libraryId: vault.libraryId, photoIds },
    });
    for (const { photoId, trashed } of results) if (trashed) await note(vault, photoId, trashed);
    all.push(...results);
  }
  return all;
}

/**
 * Brings photos back from the trash, into their albums too. `gone` is one that is being deleted for good.
 * @throws AppError `forbidden` for who may not.
 */
export async function restorePhotos(vault: Owner, photos: readonly PhotoId[]): Promise<RestoredPhoto[]> {
  const all: RestoredPhoto[] = [];
  for (const photoIds of pagesOf(photos)) {
    const { results } = await vault.account.http.call(trashRoutes.restorePhotos, {
      body: { libraryId: vault.libraryId, photoIds },
    });
    for (const { photoId, status } of results)
      if (status === 'restored' || status === 'not-trashed') await note(vault, photoId, null);
    all.push(...results);
  }
  return all;
}

/**
 * Empties the trash of the named photos, or of all. They are shown nowhere from then on; the server deletes them when
 * their time has come, and not before.
 * @returns how many.
 * @throws AppError `forbidden` for who may not.
 */
export async function emptyTrash(vault: Owner, photos?: readonly PhotoId[]): Promise<number> {
  const { libraryId, library } = vault;
  const empty = (body: { photoIds?: PhotoId[] }) =>
    vault.account.http.call(trashRoutes.emptyTrash, { body: { libraryId, ...body } });
  let emptied = 0;
  if (photos) for (const photoIds of pagesOf(photos)) emptied += (await empty({ photoIds })).emptied;
  else
    for (let more = true; more;) {
      const answer = await empty({});
      emptied += answer.emptied;
      more = answer.more;
    }
  const named = photos && new Set<string>(photos);
  const gone = (await library.trashed()).filter(({ photo }) => named?.has(photo) ?? true);
  await library.forget(gone.map(({ photo }) => photo));
  return emptied;
}

/** So that this device shows it at once; the feed says the same. */
async function note({ library }: Owner, photoId: PhotoId, trashed: InTrash | null): Promise<void> {
  const photo = await library.get(photoId);
  if (photo) await library.put(withTrashState(photo, trashed));
}

function* pagesOf(photos: readonly PhotoId[]): Generator<PhotoId[], void, undefined> {
  for (let at = 0; at < photos.length; at += limits.photosPerTrashing)
    yield photos.slice(at, at + limits.photosPerTrashing);
}
