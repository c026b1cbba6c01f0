import {
  AppError,
  inviteRoutes,
  type AlbumRole,
  type InvitedRole,
  type InviteId,
  type RouteOutput,
} from '@heirloom/contracts';
import { writeEntries, writeInvite } from '@heirloom/crypto';
import { encodeInviteLink, isOpen, vaultAlbum } from '@heirloom/formats';
import type { Album } from '../albums/album.ts';
import { changeFamily } from './change-family.ts';
import { tellOwnName } from './members.ts';
import { freshen, rotateDue, type FamilyParts } from './rotation.ts';

export interface NewInvite {
  inviteId: InviteId;
  /** Whoever has it can join: its secret is nowhere else. */
  link: string;
  role: InvitedRole;
  expiresAt: Date;
}

export interface InviteOptions {
  role?: InvitedRole;
  /** Albums that come with the invite, besides the family vault. This person manages them. */
  albums?: readonly { album: Album; role: AlbumRole }[];
  /** How long it can be used; limits.inviteMs unless given, limits.inviteMaxMs at most. */
  livesMs?: number;
}

function mustOwn({ account, log }: FamilyParts, deed: string): void {
  if (log.state.members.get(account.profile.accountId)?.role === 'owner') return;
  throw new AppError('forbidden', { detail: `Only the owner of the family ${deed}.` });
}

/**
 * Invites one person by a link. All that the link gives is sealed to it now, so that joining needs nobody.
 * @throws AppError `forbidden`, LogError
 */
export async function invitePerson(
  parts: FamilyParts,
  { role = 'adult', albums: given = [], livesMs }: InviteOptions = {},
): Promise<NewInvite> {
  mustOwn(parts, 'invites people');
  const { account, log, albums } = parts;
  await freshen(parts);
  if (!vaultAlbum(log.state)) await albums.createVault();
  await tellOwnName(parts);
  const collections = given.map(({ album, role: of }) => ({ collection: album.albumId as never, role: of }));
  const { inviteId, link, state } = await changeFamily(
    parts,
    async (inputs) =>
      await writeInvite({
        ...inputs,
        role,
        keyOf: await albums.newestKeys(),
        albums: collections,
        ...(livesMs === undefined ? {} : { livesMs }),
      }),
    (written) =>
      account.http.call(inviteRoutes.createInvite, {
        body: {
          inviteId: written.inviteId,
          accessHash: written.accessHash,
          entries: written.entries,
          sealedKeys: written.sealedKeys,
        },
      }),
    () => freshen(parts),
  );
  return {
    inviteId,
    link: encodeInviteLink({ server: account.profile.server, ...link }),
    role,
    expiresAt: new Date(state.invites.get(inviteId)?.expiresAt ?? 0),
  };
}

export type OpenInvite = RouteOutput<typeof inviteRoutes.invites>['invites'][number];

/** Invites by which somebody can still join. @throws AppError `forbidden` for anyone but the owner */
export async function listOpenInvites({ account, log }: FamilyParts): Promise<OpenInvite[]> {
  const { invites } = await account.http.call(inviteRoutes.invites, {});
  const now = Date.now();
  return invites.filter(({ inviteId }) => {
    const known = log.state.invites.get(inviteId);
    return known && isOpen(known, now);
  });
}

/** Takes an invite back, and makes new keys for what it gave. @throws AppError `forbidden`, `not-found`, LogError */
export async function revokeInvite(parts: FamilyParts, inviteId: InviteId): Promise<void> {
  mustOwn(parts, 'takes invites back');
  const { account } = parts;
  await freshen(parts);
  await changeFamily(
    parts,
    ({ state, author, now }) =>
      writeEntries(state, author, [{ kind: 'invite-revoked', invite: inviteId }], now),
    ({ entries }) =>
      account.http.call(inviteRoutes.revokeInvite, { params: { inviteId }, body: { entries } }),
  );
  await rotateDue(parts);
}
