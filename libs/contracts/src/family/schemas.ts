import { z } from 'zod';
import { bytes, epoch, exactBytes, moment, sealedName, sealedToPublicKey } from '../base/codecs.ts';
import { accountId, albumId, collectionId, familyId, inviteId, libraryId } from '../base/ids.ts';
import { limits } from '../base/limits.ts';

export const familyRole = z.enum(['owner', 'adult', 'child', 'viewer']);
export type FamilyRole = z.infer<typeof familyRole>;
/** What a person can be invited as, and what a role can be changed to: a family has one owner. */
export const invitedRole = familyRole.exclude(['owner']);
export type InvitedRole = z.infer<typeof invitedRole>;
export const albumRole = z.enum(['manager', 'contributor', 'viewer']);
export type AlbumRole = z.infer<typeof albumRole>;

/**
 * What a person may do, as facts: the input of `abilityFor` in libs/access. A person has one library of their own
 * and belongs to at most one family; without a family both are null and the albums are empty.
 */
export const standing = z.object({
  accountId,
  family: z.object({ familyId, role: familyRole }).nullable(),
  libraryId: libraryId.nullable(),
  albums: z
    .array(z.object({ albumId, role: albumRole, epoch, rotationDue: z.boolean() }))
    .max(limits.albumsPerFamily),
});
export type Standing = z.infer<typeof standing>;

/** One signed entry of the family log, as libs/formats encodes it. */
export const logEntry = bytes({ min: 1, max: limits.logEntryBytes });
export const logEntries = z.array(logEntry).min(1).max(16);
/** A signed tree head in the C2SP checkpoint format (a signed note). */
export const checkpoint = z.string().min(1).max(8192);
export const merkleHash = bytes({ min: 32, max: 32 });

/** A collection of which the person holds a key: one row an epoch, sealed to the person's identity. */
export const collection = z.object({
  collectionId,
  kind: z.enum(['family', 'album']),
  role: z.union([familyRole, albumRole]),
  epoch,
  rotationDue: z.boolean(),
  sealedName: sealedName.nullable(),
  /** Position of the grant in the family log: the client checks what it signs before it uses the key. */
  grantIndex: z.int().min(0),
  sealedKey: sealedToPublicKey,
  removed: z.boolean(),
});
export type Collection = z.infer<typeof collection>;

/** The entries of a change that may need many: a join, a new epoch. */
export const logChange = z.array(logEntry).min(1).max(limits.logEntriesPerChange);

/** HKDF of an invite's secret. The server keeps its SHA-256 and so cannot make one. */
export const inviteAccessCode = exactBytes(32);
export const inviteState = z.enum(['open', 'used', 'revoked', 'expired']);
/** Why nobody can join by an invite any more, with the sentence that comes with `invite-closed`. */
export const inviteClosed = {
  used: 'This invite was used already. Ask for a new one.',
  revoked: 'This invite was taken back. Ask for a new one.',
  expired: 'This invite has expired. Ask for a new one.',
} as const satisfies Partial<Record<z.infer<typeof inviteState>, string>>;
export const invite = z.object({
  inviteId,
  role: invitedRole,
  createdBy: accountId,
  createdAt: moment,
  expiresAt: moment,
  state: inviteState,
  /** Who joined by it. */
  usedBy: accountId.nullable(),
});
export type Invite = z.infer<typeof invite>;

/** The key of one epoch of a collection, HPKE-sealed. A log entry names its hash and whom it is for. */
export const sealedEpochKey = z.object({ collectionId, epoch, sealedKey: sealedToPublicKey });
export type SealedEpochKey = z.infer<typeof sealedEpochKey>;
/** The same, for a person or for an invite that is open. */
export const sealedEpochKeyFor = z.union([
  z.strictObject({ accountId, sealedKey: sealedToPublicKey }),
  z.strictObject({ inviteId, sealedKey: sealedToPublicKey }),
]);

/** A person's name, sealed under the key of the family of this epoch. */
export const sealedMemberName = z.object({ sealedName, epoch });
export const member = z.object({
  accountId,
  role: familyRole,
  joinedAt: moment,
  name: sealedMemberName.nullable(),
  /** Null while auth cannot be asked. */
  email: z.string().nullable(),
});
export type Member = z.infer<typeof member>;

/**
 * `effective`: nothing more can be written under keys that somebody lost. `fencing`: who lost them is refused by now,
 * but vault does not answer, so an upload that was let in before may still be stored under an old key; the server keeps
 * at it.
 */
export const lossState = z.enum(['effective', 'fencing']);
