import { z } from 'zod';
import { bytesCount, epoch } from '../base/codecs.ts';
import { locationId } from '../base/ids.ts';
import { unlockKind } from '../auth/schemas.ts';
import { albumRole, familyRole } from '../family/schemas.ts';
import { badCopy, scrubCause, scrubState } from '../integrity/schemas.ts';

const count = z.int().min(0);
const none = z.strictObject({});
const accountKind = z.enum(['person', 'operator', 'support']);
const staffRole = accountKind.exclude(['person']);
const inRole = z.strictObject({ role: familyRole });
const albumFor = z.strictObject({ role: albumRole });
const photos = z.strictObject({ photos: z.int().min(1) });
/** Copies of one kind in one location that were settled at once. */
const found = z.strictObject({ kind: badCopy, locationId, copies: z.int().min(1) });
const forStaff = z.strictObject({ role: staffRole });
/** Code's own word for something of which there are few: a job, a state. Never what somebody typed. */
export const codeWord = z
  .string()
  .regex(/^[a-z][a-z0-9-]{0,63}$/, 'must be lower-case letters, digits and dashes');

/**
 * Every kind of act that the audit trail holds, with what it says beside who did it, to whose account or family and to what
 * thing: numbers, ids and words from short lists. So there is no place for an e-mail address, a name, a token or a reason.
 */
export const auditDetails = {
  'account-created': z.strictObject({ as: accountKind }),
  'device-added': z.strictObject({ by: unlockKind }),
  /** A device that was there before came in again. */
  'signed-in': z.strictObject({ by: unlockKind }),
  'device-revoked': none,
  /** By nobody who is known. The first failure within limits.loginWindowMs is kept and the one that shuts the account. */
  'login-failed': z.strictObject({ failures: z.int().min(1), by: unlockKind }),
  /** `renewed`: it was registered anew after the server's setup had changed, as clients do by themselves at a login. */
  'password-changed': z.strictObject({ renewed: z.boolean() }),
  'recovery-key-made': none,
  'recovery-key-confirmed': none,
  'recovery-key-used': none,
  'account-locked': none,
  'account-unlocked': none,
  'sessions-ended': z.strictObject({ devices: count }),
  'account-looked-at': none,
  'staff-invited': forStaff,
  'staff-invite-revoked': forStaff,
  'staff-joined': forStaff,
  'staff-removed': forStaff,
  'totp-changed': none,
  'family-created': none,
  'family-dissolved': none,
  'invite-made': inRole,
  'invite-revoked': none,
  'member-joined': inRole,
  'member-removed': none,
  'role-changed': inRole,
  'album-made': none,
  'album-shared': albumFor,
  'album-unshared': none,
  /** A new key of an album, or of the family itself. */
  'keys-rotated': z.strictObject({ epoch }),
  'photos-trashed': photos,
  'photos-restored': photos,
  'trash-emptied': photos,
  'photos-purged': photos,
  /** Without `bytes`: unlimited. */
  'quota-set': z.strictObject({ bytes: bytesCount.optional() }),
  'scrub-started': z.strictObject({ cause: scrubCause }),
  'scrub-finished': z.strictObject({
    state: scrubState.exclude(['running']),
    copies: count,
    slicesFailed: count,
  }),
  'finding-opened': found,
  'finding-repaired': found,
  'finding-unrepairable': found,
  'job-retried': z.strictObject({ job: codeWord }),
  'audit-check-started': z.strictObject({ cause: scrubCause }),
  'audit-check-finished': z.strictObject({ faults: count }),
  'audit-exported': none,
  /** The oldest entries were deleted when their time was over. `entries`: how many. */
  'audit-pruned': z.strictObject({ entries: z.int().min(1) }),
} as const satisfies Record<string, z.ZodObject>;

export type AuditKind = keyof typeof auditDetails;
export const auditKind = z.enum(Object.keys(auditDetails) as [AuditKind, ...AuditKind[]]);
