import {
  AppError,
  grantRoutes,
  type AccountId,
  type AlbumRole,
  type CollectionId,
} from '@heirloom/contracts';
import { writeShare, writeUnshare } from '@heirloom/crypto';
import type { Album } from '../albums/album.ts';
import { changeFamily } from './change-family.ts';
import type { LossState } from './members.ts';
import { freshen, rotateDue, type FamilyParts } from './rotation.ts';

const collectionOf = ({ albumId }: Album): CollectionId => albumId as string as CollectionId;

function mustManage({ role, name }: Album): void {
  if (role === 'manager') return;
  throw new AppError('forbidden', { detail: `Only those who manage the album "${name}" decide who has it.` });
}

/**
 * Gives an album to somebody of the family, or changes their role in it. The album's whole past comes along.
 * @returns false when they have it in this role already.
 * @throws AppError `forbidden`, `bad-request`, LogError
 */
export async function shareAlbum(
  parts: FamilyParts,
  album: Album,
  grantee: AccountId,
  role: AlbumRole,
): Promise<boolean> {
  const { account, log, albums } = parts;
  mustManage(album);
  await freshen(parts);
  if (role !== 'viewer' && log.state.members.get(grantee)?.role === 'viewer') {
    throw new AppError('bad-request', {
      detail: 'This person is a viewer of the family, and so can only be a viewer of albums.',
    });
  }
  const id = collectionOf(album);
  if (log.state.collections.get(id)?.holders.get(grantee)?.role === role) return false;
  await changeFamily(
    parts,
    async (inputs) => {
      const key = (await albums.newestKeys())(id);
      return await writeShare(inputs, key, [{ account: grantee, role }]);
    },
    ({ entries, sealedKeys }) =>
      account.http.call(grantRoutes.grant, {
        params: { albumId: album.albumId },
        body: { entries, sealedKeys },
      }),
    () => freshen(parts),
  );
  return true;
}

/**
 * Takes an album from somebody, or gives it up, and makes a new key for it.
 * @throws AppError `forbidden`, `not-found`, LogError
 */
export async function unshareAlbum(parts: FamilyParts, album: Album, grantee: AccountId): Promise<LossState> {
  const { account, log } = parts;
  if (grantee !== account.profile.accountId) mustManage(album);
  if (album.isVault) {
    throw new AppError('bad-request', {
      detail: 'Everyone in the family has the family vault. Remove the person from the family instead.',
    });
  }
  await freshen(parts);
  const id = collectionOf(album);
  if (!log.state.collections.get(id)?.holders.has(grantee))
    throw new AppError('not-found', { detail: `They do not have the album "${album.name}".` });
  const { albumId } = album;
  const { answer } = await changeFamily(
    parts,
    (inputs) => writeUnshare(inputs, id, grantee),
    ({ entries }) =>
      account.http.call(grantRoutes.revokeGrant, {
        params: { albumId, accountId: grantee },
        body: { entries },
      }),
  );
  await rotateDue(parts);
  return answer.status;
}
