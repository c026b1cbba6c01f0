import { AppError, limits, vaultRoutes, type AlbumItem } from '@heirloom/contracts';
import { wrapKey, type FileKeyOpener } from '@heirloom/crypto';
import { albumItemStatement, equalBytes, suite } from '@heirloom/formats';
import type { Account } from '../account/account.ts';
import type { FamilyState } from '../family/family-state.ts';
import { sleep } from '../http/retry.ts';
import type { IndexedPhoto } from '../library/photo.ts';
import type { Album } from './album.ts';

const damaged = (detail: string) => new AppError('damaged', { detail });

/** Puts photos into an album. Those that are there stay as they are. @returns how many were new there. */
export async function addToAlbum(
  account: Account,
  album: Album,
  photos: readonly IndexedPhoto[],
): Promise<number> {
  let added = 0;
  for (let at = 0; at < photos.length; at += limits.albumItemsPerRequest) {
    const page = photos.slice(at, at + limits.albumItemsPerRequest);
    const items = await Promise.all(page.map((photo) => itemOf(account, album, photo)));
    const { albumId } = album;
    const call = () => account.http.call(vaultRoutes.addAlbumItems, { params: { albumId }, body: { items } });
    added += (await onceKnown(call)).added;
  }
  return added;
}

async function itemOf(account: Account, album: Album, photo: IndexedPhoto): Promise<AlbumItem> {
  const newest = album.keys.at(-1);
  if (!newest || !photo.fileKey)
    throw damaged(photo.problem ?? 'The key of this album is not on this device.');
  const { albumId } = album;
  const binding = {
    purpose: 'file-key',
    collection: albumId,
    epoch: newest.epoch,
    object: photo.version,
  } as const;
  const wrappedFileKey = await wrapKey(newest.key, binding, photo.fileKey);
  const statement = await albumItemStatement.sign(
    {
      suite,
      album: albumId,
      epoch: newest.epoch,
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
    epoch: newest.epoch,
    wrappedFileKey,
    statement,
  };
}

/** A service that has not yet heard of a new album refuses it. It hears of it within limits.standingCacheMs. */
async function onceKnown<T>(call: () => Promise<T>): Promise<T> {
  const until = performance.now() + limits.standingCacheMs + 1000;
  for (;;) {
    try {
      return await call();
    } catch (error) {
      const unknown =
        error instanceof AppError && (error.code === 'not-found' || error.code === 'epoch-stale');
      if (!unknown || performance.now() > until) throw error;
      await sleep(500);
    }
  }
}

/**
 * Checks who put a photo into an album, and gives what opens it.
 * @throws AppError `damaged` when nobody who may has signed exactly this.
 */
export async function openAlbumItem(
  account: Account,
  family: FamilyState,
  album: Album,
  item: AlbumItem,
): Promise<FileKeyOpener> {
  const key = album.keys.find((one) => one.epoch === item.epoch)?.key;
  if (!key) throw damaged('This device does not have the key of this album.');
  const { value, signer } = await albumItemStatement.verify(item.statement).catch((cause: unknown) => {
    throw cause instanceof AppError ? damaged('The signature of an item of an album is wrong.') : cause;
  });
  const members = family.albums.get(album.albumId)?.members;
  const role = members?.get(value.addedBy);
  const mayAdd = role === 'manager' || role === 'contributor';
  const signed = family.signersOf(value.addedBy).some((one) => equalBytes(one, signer));
  const same =
    value.album === item.albumId &&
    item.albumId === album.albumId &&
    value.epoch === item.epoch &&
    value.photo === item.photoId &&
    value.version === item.versionId &&
    equalBytes(value.wrapHash, await account.ports.digest(item.wrappedFileKey));
  if (!mayAdd || !signed || !same) throw damaged('Nobody who may has put this photo into this album.');
  return { albumKey: key, album: album.albumId, epoch: item.epoch, wrappedFileKey: item.wrappedFileKey };
}
