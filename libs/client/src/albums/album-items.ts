import { AppError, limits, vaultRoutes, type AlbumItem, type CollectionId } from '@heirloom/contracts';
import { wrapKey, type EpochKey, type FileKeyOpener } from '@heirloom/crypto';
import { albumItemStatement, equalBytes, suite } from '@heirloom/formats';
import type { Account } from '../account/account.ts';
import { rotateDue, type FamilyParts } from '../family/rotation.ts';
import { sleep } from '../http/retry.ts';
import type { IndexedPhoto } from '../library/photo.ts';
import type { Album } from './album.ts';

const damaged = (detail: string) => new AppError('damaged', { detail });
const lookAgainMs = 500;

/**
 * Puts photos of this person into an album, under its newest key. Those that are there stay as they are.
 * @returns how many were new there.
 * @throws AppError `forbidden` for somebody who may only look, `epoch-stale` when its key must be renewed by others first
 */
export async function addToAlbum(
  parts: FamilyParts,
  album: Album,
  photos: readonly IndexedPhoto[],
): Promise<number> {
  if (album.role === 'viewer') {
    throw new AppError('forbidden', {
      detail: `You can look at the album "${album.name}", but not add to it.`,
    });
  }
  let added = 0;
  for (let at = 0; at < photos.length; at += limits.albumItemsPerRequest)
    added += await addPage(parts, album, photos.slice(at, at + limits.albumItemsPerRequest));
  return added;
}

/**
 * A service that has not yet heard of a new album or key refuses it, and hears of it within limits.standingCacheMs. When
 * the key has changed meanwhile, the items are made anew under the next one.
 */
async function addPage(parts: FamilyParts, album: Album, photos: readonly IndexedPhoto[]): Promise<number> {
  const { account, log, albums } = parts;
  const { albumId } = album;
  const until = performance.now() + limits.standingCacheMs + 1000;
  for (;;) {
    const key = await freshKey(parts, album);
    const items = await Promise.all(photos.map((photo) => itemOf(account, key, photo)));
    try {
      const answer = await account.http.call(vaultRoutes.addAlbumItems, {
        params: { albumId },
        body: { items },
      });
      return answer.added;
    } catch (error) {
      const passes =
        error instanceof AppError && (error.code === 'not-found' || error.code === 'epoch-stale');
      if (!passes || performance.now() > until) throw error;
      await sleep(lookAgainMs);
      await log.refresh();
      await albums.sync();
    }
  }
}

/** The album's newest key, which is made first when somebody lost the one before. */
async function freshKey(parts: FamilyParts, { albumId, name }: Album): Promise<EpochKey> {
  await rotateDue(parts);
  const collection = parts.log.state.collections.get(albumId as string as CollectionId);
  if (collection?.rotationDue) {
    throw new AppError('epoch-stale', {
      detail: `The key of the album "${name}" has to be renewed first, by somebody who may.`,
    });
  }
  const key = await parts.albums.keyOf(albumId as string as CollectionId);
  if (!key || key.epoch !== collection?.epoch) throw damaged('The key of this album is not on this device.');
  return key;
}

async function itemOf(account: Account, key: EpochKey, photo: IndexedPhoto): Promise<AlbumItem> {
  if (!photo.fileKey) throw damaged(photo.problem ?? 'The key of this photo is not on this device.');
  const { collection, epoch } = key;
  const albumId = collection as AlbumItem['albumId'];
  const binding = { purpose: 'file-key', collection, epoch, object: photo.version } as const;
  const wrappedFileKey = await wrapKey(key.key, binding, photo.fileKey);
  const statement = await albumItemStatement.sign(
    {
      suite,
      album: albumId,
      epoch: epoch as AlbumItem['epoch'],
      photo: photo.photo,
      version: photo.version,
      wrapHash: await account.ports.digest(wrappedFileKey),
      addedBy: account.profile.accountId,
      addedAt: Date.now(),
    },
    account.identity.signer,
  );
  return {
    albumId,
    photoId: photo.photo,
    versionId: photo.version,
    epoch: epoch as AlbumItem['epoch'],
    wrappedFileKey,
    statement,
  };
}

/**
 * Checks who put a photo into an album, and gives what opens it.
 * @throws AppError `damaged` when nobody who might has signed exactly this.
 */
export async function openAlbumItem(
  { account, log, albums }: FamilyParts,
  album: string,
  item: AlbumItem,
): Promise<FileKeyOpener> {
  const { epoch, wrappedFileKey } = item;
  const key = await albums.keyOf(album as CollectionId, epoch);
  if (!key) throw damaged('This device does not have the key under which this photo lies in the album.');
  const { value, signer } = await albumItemStatement.verify(item.statement).catch((cause: unknown) => {
    throw cause instanceof AppError
      ? damaged('The signature of whoever put this photo into the album is wrong.')
      : cause;
  });
  if (!log.history.signersOf(value.addedBy).some((one) => equalBytes(one, signer)))
    throw damaged(
      'Whoever put this photo into the album did not sign with the keys of anybody in the family.',
    );
  if (!log.history.couldAdd(album, value.epoch, value.addedBy))
    throw damaged('Somebody put this photo into the album who was not allowed to add to it.');
  const same =
    value.album === item.albumId &&
    item.albumId === (album as string) &&
    value.epoch === epoch &&
    value.photo === item.photoId &&
    value.version === item.versionId &&
    equalBytes(value.wrapHash, await account.ports.digest(wrappedFileKey));
  if (!same) throw damaged('The photo shown in the album is not the one that somebody signed for.');
  return { albumKey: key.key, album, epoch, wrappedFileKey };
}
