import { z } from 'zod';
import { can } from '../base/access.ts';
import { epoch, exactBytes, moment, sealedName } from '../base/codecs.ts';
import { accountId, albumId, collectionId, familyId, inviteId, libraryId } from '../base/ids.ts';
import { limits } from '../base/limits.ts';
import { route } from '../base/route.ts';
import {
  checkpoint,
  invite,
  invitedRole,
  inviteAccessCode,
  logChange,
  logEntry,
  lossState,
  member,
  sealedEpochKey,
  sealedEpochKeyFor,
  sealedMemberName,
} from './schemas.ts';

const family = { service: 'sharing-policy' } as const;
const oneInvite = z.object({ inviteId });
const oneMember = z.object({ accountId });
const oneAlbum = z.object({ albumId });
const sealedEpochKeys = z.array(sealedEpochKey).min(1).max(limits.collectionsPerInvite);
/** What a change that takes something away answers. */
const loss = z.object({ checkpoint, status: lossState });

/**
 * Every change to a family is signed entries of its log, and what they do not hold: sealed keys, which the entries name
 * by hash. 422 `log-invalid` with a sentence for entries that must not be there, 409 `log-conflict` when the log has
 * moved on. Repeating a change answers alike.
 */
export const inviteRoutes = {
  /** `entries`: invite-created, then granted-to-invite for the family, the vault album and any other album. */
  createInvite: route({
    ...family,
    id: 'family.invites.create',
    method: 'POST',
    path: '/api/family/invites',
    access: can('create', 'Invite'),
    body: z.object({
      inviteId,
      /** SHA-256 of the access code. */
      accessHash: exactBytes(32),
      entries: logChange,
      sealedKeys: sealedEpochKeys,
    }),
    output: z.object({ checkpoint }),
    status: 201,
  }),
  invites: route({
    ...family,
    id: 'family.invites.list',
    method: 'GET',
    path: '/api/family/invites',
    access: can('read', 'Invite'),
    output: z.object({ invites: z.array(invite) }),
  }),
  /** `entries`: invite-revoked. What the invite gave is due for new keys. */
  revokeInvite: route({
    ...family,
    id: 'family.invites.revoke',
    method: 'POST',
    path: '/api/family/invites/:inviteId/revocation',
    access: can('delete', 'Invite'),
    params: oneInvite,
    body: z.object({ entries: logChange }),
    output: loss,
  }),
  /**
   * What whoever has the link needs to join: the log, page by page from `from` on, and the keys sealed to the invite.
   * 404 `not-found` for a wrong code, 410 `invite-closed`.
   */
  openInvite: route({
    ...family,
    id: 'family.invites.open',
    method: 'POST',
    path: '/api/family/invites/:inviteId/opening',
    access: 'public',
    params: oneInvite,
    body: z.object({
      accessCode: inviteAccessCode,
      from: z
        .int()
        .min(0)
        .max(2 ** 40),
    }),
    output: z.object({
      familyId,
      role: invitedRole,
      expiresAt: moment,
      entries: z.array(z.object({ index: z.int(), entry: logEntry })),
      checkpoint,
      sealedKeys: z.array(sealedEpochKey),
      /** The name of who made the invite, sealed under a key that it gives or one before that. Null when they gave none. */
      inviterName: sealedMemberName.nullable(),
      /** Names of the albums that come along. The family vault has none. */
      albumNames: z.array(z.object({ collectionId, sealedName })).max(limits.collectionsPerInvite),
    }),
  }),
};

export const memberRoutes = {
  /**
   * Joins a family by an invite. `entries`: member-joined, the joiner's grants to themselves, and device-added for each
   * device so far. Whoever has a family of one `dissolves` it by the same request: family-dissolved, the next entry of its
   * log. Both happen or neither. 409 `conflict` for an account that has a family and does not.
   */
  join: route({
    ...family,
    id: 'family.members.join',
    method: 'POST',
    path: '/api/family/members',
    access: 'person',
    body: z.object({
      inviteId,
      accessCode: inviteAccessCode,
      libraryId,
      entries: logChange,
      sealedKeys: sealedEpochKeys,
      sealedName: sealedName.optional(),
      dissolves: logEntry.optional(),
    }),
    output: z.object({ familyId, checkpoint }),
    status: 201,
  }),
  members: route({
    ...family,
    id: 'family.members.list',
    method: 'GET',
    path: '/api/family/members',
    access: can('read', 'Member'),
    output: z.object({ members: z.array(member) }),
  }),
  /** The caller's own name, sealed under the key of the family. */
  nameMember: route({
    ...family,
    id: 'family.members.name',
    method: 'PATCH',
    path: '/api/family/members/:accountId',
    access: can('update', 'Member'),
    params: oneMember,
    body: z.object({ sealedName, epoch }),
  }),
  /** `entries`: role-changed. */
  changeRole: route({
    ...family,
    id: 'family.members.change-role',
    method: 'POST',
    path: '/api/family/members/:accountId/role',
    access: can('share', 'Family'),
    params: oneMember,
    body: z.object({ entries: logChange }),
    output: z.object({ checkpoint }),
  }),
  /** `entries`: member-removed. Whoever may not remove others may leave. Refused everywhere within 5 seconds. */
  removeMember: route({
    ...family,
    id: 'family.members.remove',
    method: 'POST',
    path: '/api/family/members/:accountId/removal',
    access: can('delete', 'Member'),
    params: oneMember,
    body: z.object({ entries: logChange }),
    output: loss,
  }),
};

export const grantRoutes = {
  /** `entries`: granted, for one or more members. A member who has the album may change their own sealed key. */
  grant: route({
    ...family,
    id: 'family.grants.create',
    method: 'POST',
    path: '/api/family/albums/:albumId/grants',
    access: can('share', 'Album'),
    params: oneAlbum,
    body: z.object({
      entries: logChange,
      sealedKeys: z.array(sealedEpochKeyFor).min(1).max(limits.membersPerFamily),
    }),
    output: z.object({ checkpoint }),
    status: 201,
  }),
  /** `entries`: grant-revoked. A manager takes the album from somebody, or somebody gives it up. */
  revokeGrant: route({
    ...family,
    id: 'family.grants.revoke',
    method: 'POST',
    path: '/api/family/albums/:albumId/grants/:accountId/removal',
    access: can('read', 'Album'),
    params: z.object({ albumId, accountId }),
    body: z.object({ entries: logChange }),
    output: loss,
  }),
  /**
   * The next key of an album or of the family. `entries`: epoch-minted, then a grant to everyone who has the collection
   * and to every open invite to it. 409 `epoch-stale` when somebody else was faster.
   */
  mintEpoch: route({
    ...family,
    id: 'family.epochs.create',
    method: 'POST',
    path: '/api/family/collections/:collectionId/epochs',
    access: can('create', 'FamilyLog'),
    params: z.object({ collectionId }),
    body: z.object({
      epoch,
      entries: logChange,
      sealedKeys: z.array(sealedEpochKeyFor).min(1).max(limits.membersPerFamily),
    }),
    output: z.object({ checkpoint }),
    status: 201,
  }),
};
