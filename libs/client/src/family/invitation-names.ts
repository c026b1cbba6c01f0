import type { AlbumId, AlbumRole, InviteId, RouteOutput, inviteRoutes } from '@heirloom/contracts';
import { DamagedError, openText, type EpochKey } from '@heirloom/crypto';
import { familyCollection, type FamilyState } from '@heirloom/formats';
import { personNameBinding } from '../account/bindings.ts';
import { openName, withEarlier, type KeptKeys } from '../albums/album.ts';

/** An album that comes with an invite. */
export interface InvitedAlbum {
  /** Null for the family vault, and for a name that does not open. */
  name: string | null;
  isVault: boolean;
  role: AlbumRole;
}

/** What an invite is called, as far as its keys open that. Names are what their authors typed. */
export interface InvitationNames {
  /** Who made the invite; null when they gave no name. */
  inviter: string | null;
  /** The family vault comes first. */
  albums: InvitedAlbum[];
}

type Shown = Pick<RouteOutput<typeof inviteRoutes.openInvite>, 'inviterName' | 'albumNames'>;

/** Opens the names that the server shows to whoever has the link. One that does not open is null: it decides nothing. */
export async function openInvitationNames(
  state: FamilyState,
  invite: InviteId,
  given: readonly EpochKey[],
  { inviterName, albumNames }: Shown,
): Promise<InvitationNames> {
  const keys = new Map<string, KeptKeys['keys']>();
  for (const key of given) keys.set(key.collection, await withEarlier(state, key, []));
  const albums: InvitedAlbum[] = [];
  for (const [collection, { scope, vault: isVault, invited }] of state.collections) {
    const role = invited.get(invite)?.role as AlbumRole | undefined;
    if (!role || scope !== 'album') continue;
    const sealed = albumNames.find(({ collectionId }) => collectionId === collection)?.sealedName;
    const name =
      sealed && !isVault
        ? await openName(collection as string as AlbumId, keys.get(collection) ?? [], sealed)
        : null;
    albums.push({ name, isVault, role });
  }
  albums.sort((a, b) => Number(b.isVault) - Number(a.isVault));
  return { inviter: await openInviter(state, invite, keys, inviterName), albums };
}

async function openInviter(
  state: FamilyState,
  invite: InviteId,
  keys: ReadonlyMap<string, KeptKeys['keys']>,
  sealed: Shown['inviterName'],
): Promise<string | null> {
  const inviter = state.invites.get(invite)?.createdBy;
  const key = keys.get(familyCollection(state))?.find(({ epoch }) => epoch === sealed?.epoch);
  if (!inviter || !sealed || !key) return null;
  try {
    return await openText(key.key, personNameBinding(state.family, key.epoch, inviter), sealed.sealedName);
  } catch (error) {
    if (error instanceof DamagedError) return null;
    throw error;
  }
}
