import { z } from 'zod';
import { staffRoles } from '../base/access.ts';
import { exactBytes, moment } from '../base/codecs.ts';
import { accountId, deviceId, staffActId, staffInviteId } from '../base/ids.ts';
import { limits } from '../base/limits.ts';
import { unlockKind } from './schemas.ts';

export const staffRole = z.enum(staffRoles);

/** What an authenticator shows: a time-based one-time password (RFC 6238) of six digits, by SHA-1 and steps of 30 seconds. */
export const oneTimeCode = z.string().regex(/^\d{6}$/, 'must be six digits');

/** The secret that an authenticator and the server share: 160 random bits (RFC 4226 §4, R6), and a code that shows that it arrived. */
export const newAuthenticator = z.object({ secret: exactBytes(20), code: oneTimeCode });

/** An operator or somebody of support: an account that signs in with a code too and has no keyring, library or family. */
export const staffMember = z.object({
  accountId,
  email: z.string(),
  role: staffRole,
  createdAt: moment,
  /** To the minute; null when none of their devices is signed in. */
  lastSeenAt: moment.nullable(),
});

/** Makes one member of staff. Its token is told once, to the operator who made it. */
export const staffInvite = z.object({
  inviteId: staffInviteId,
  role: staffRole,
  createdBy: accountId,
  createdAt: moment,
  expiresAt: moment,
  state: z.enum(['open', 'used', 'revoked', 'expired']),
});

/** `look`: somebody read the account's page; told once an hour at most, and without a reason. */
export const accountActKind = z.enum(['lock', 'unlock', 'end-sessions', 'look']);

/** Why staff did something to an account. Its owner reads it. */
export const actReason = z
  .string()
  .trim()
  .min(limits.actReasonCharacters.min)
  .max(limits.actReasonCharacters.max)
  .regex(/^\P{Cc}*$/u, 'must be one line');

/** What staff did to an account, as its owner sees it: the role, not the person. */
export const accountAct = z.object({
  actId: staffActId,
  kind: accountActKind,
  role: staffRole,
  reason: z.string().nullable(),
  at: moment,
});
/** The same for staff: who it was. */
export const staffAct = accountAct.extend({ actorId: accountId });

/** A person's account as staff see it. */
export const foundAccount = z.object({
  accountId,
  email: z.string(),
  createdAt: moment,
  lockedAt: moment.nullable(),
  /** How many devices are signed in. */
  devices: z.int().min(0),
  /** To the minute; null when no device was ever signed in. */
  lastSeenAt: moment.nullable(),
});

/** A device as staff see it: its name is sealed, and not even that is shown. */
export const foundDevice = z.object({
  deviceId,
  createdAt: moment,
  lastSeenAt: moment,
  enteredBy: unlockKind,
  revokedAt: moment.nullable(),
});

/** By which words the account can be opened, and since when. */
export const foundUnlock = z.object({
  kind: unlockKind,
  createdAt: moment,
  usedAt: moment.nullable(),
});

export type NewAuthenticator = z.infer<typeof newAuthenticator>;
export type StaffMember = z.infer<typeof staffMember>;
export type StaffInvite = z.infer<typeof staffInvite>;
export type AccountActKind = z.infer<typeof accountActKind>;
export type AccountAct = z.infer<typeof accountAct>;
export type StaffAct = z.infer<typeof staffAct>;
export type FoundAccount = z.infer<typeof foundAccount>;
export type FoundDevice = z.infer<typeof foundDevice>;
export type FoundUnlock = z.infer<typeof foundUnlock>;
