import { AppError, familyRoutes, vaultRoutes, type CollectionId, type PhotoId } from '@heirloom/contracts';
import { sealText } from '@heirloom/crypto';
import { albumNameBinding } from '../account/bindings.ts';
import { freshen, type FamilyParts } from '../family/rotation.ts';
import { unshareAlbum } from '../family/sharing.ts';
import { checkAlbumName, type Album } from './album.ts';

const removalsAtOnce = 6;

function mustManage({ role, name }: Album): void {
  if (role === 'manager') return;
  throw new AppError('forbidden', { detail: `Only those who manage the album "${name}" may do this.` });
}

function mustNotBeVault({ isVault }: Album): void {
  if (!isVault) return;
  throw new AppError('bad-request', { detail: 'The family vault belongs to everyone, and stays as it is.' });
}

/**
 * Gives an album another name, sealed under its newest key.
 * @throws AppError `bad-request` for a name that is empty or too long, `forbidden`, `epoch-stale`, LogError
 */
export async function renameAlbum(parts: FamilyParts, album: Album, typed: string): Promise<void> {
  const name = checkAlbumName(typed);
  mustManage(album);
  mustNotBeVault(album);
  await freshen(parts);
  const { albumId } = album;
  const key = await parts.albums.keyOf(albumId as string as CollectionId);
  if (!key) throw new AppError('damaged', { detail: 'The key of this album is not on this device.' });
  const sealedName = await sealText(key.key, albumNameBinding(albumId, key.epoch), name);
  await parts.account.http.call(familyRoutes.renameAlbum, {
    params: { albumId },
    body: { sealedName, epoch: key.epoch },
  });
  await parts.albums.learn([key], name);
}

/**
 * Takes photos out of an album; they stay in the libraries of those who own them.
 * @throws AppError `forbidden`
 */
export async function removeFromAlbum(
  { account }: Pick<FamilyParts, 'account'>,
  album: Album,
  photos: readonly PhotoId[],
): Promise<void> {
  mustManage(album);
  const queue = photos.values();
  const lane = async () => {
    for (const photoId of queue) {
      await account.http
        .call(vaultRoutes.removeAlbumItem, { params: { albumId: album.albumId, photoId } })
        .catch((error: unknown) => {
          // Somebody else was quicker.
          if (!(error instanceof AppError) || error.code !== 'not-found') throw error;
        });
    }
  };
  await Promise.all(Array.from({ length: removalsAtOnce }, lane));
}

/**
 * Ends an album: takes its photos out, takes it from everyone, and gives it up. The photos themselves stay where they are.
 * What was done of it when it fails stays done, and repeating it does the rest.
 * @param photos - all that are in it
 * @throws AppError `forbidden`, `bad-request` for the family vault, LogError
 */
export async function deleteAlbum(
  parts: FamilyParts,
  album: Album,
  photos: readonly PhotoId[],
): Promise<void> {
  mustManage(album);
  mustNotBeVault(album);
  await removeFromAlbum(parts, album, photos);
  const me = parts.account.profile.accountId;
  const holders =
    parts.log.state.collections.get(album.albumId as string as CollectionId)?.holders.keys() ?? [];
  for (const account of [...holders].filter((one) => one !== me)) await unshareAlbum(parts, album, account);
  await unshareAlbum(parts, album, me);
}
