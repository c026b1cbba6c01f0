import type { AuditEntry, AuditKind } from '@heirloom/contracts';
import { count, sizeText } from '../output/text.ts';

type Details = AuditEntry['details'];

/** How something came about: by a recovery key, say. Passwords are the ordinary case. */
const by = ({ by: unlock }: Details) =>
  unlock === 'password' || unlock === undefined ? '' : ` by ${unlock}`;
const photos = (what: string) => (details: Details) => `${what} ${count(Number(details['photos']), 'photo')}`;
const copies = (what: string) => (details: Details) =>
  `${what} ${count(Number(details['copies']), 'copy', 'copies')} (${details['kind']}) in ${details['locationId']}`;

const texts: Record<AuditKind, string | ((details: Details) => string)> = {
  'account-created': (details) => `created an account (${details['as']})`,
  'device-added': (details) => `signed a new device in${by(details)}`,
  'signed-in': (details) => `signed in again${by(details)}`,
  'device-revoked': 'signed a device out',
  'login-failed': (details) =>
    `failed to sign in${by(details)}, ${count(Number(details['failures']), 'attempt')}`,
  'password-changed': ({ renewed }) =>
    renewed === true ? 'renewed the sign-in by password' : 'changed the password',
  'recovery-key-made': 'made a recovery key',
  'recovery-key-confirmed': 'confirmed the recovery key',
  'recovery-key-used': 'used the recovery key',
  'account-locked': 'locked the account',
  'account-unlocked': 'unlocked the account',
  'sessions-ended': (details) => `signed out ${count(Number(details['devices']), 'device')}`,
  'account-looked-at': 'looked at the account',
  'staff-invited': (details) => `invited somebody to be ${details['role']}`,
  'staff-invite-revoked': (details) => `took an invite to be ${details['role']} back`,
  'staff-joined': (details) => `became ${details['role']}`,
  'staff-removed': (details) => `removed somebody who was ${details['role']}`,
  'totp-changed': 'changed the authenticator',
  'family-created': 'founded the family',
  'family-dissolved': 'dissolved the family',
  'invite-made': (details) => `made an invite (${details['role']})`,
  'invite-revoked': 'took an invite back',
  'member-joined': (details) => `joined the family (${details['role']})`,
  'member-removed': 'removed from the family',
  'role-changed': (details) => `changed a role to ${details['role']}`,
  'album-made': 'made an album',
  'album-shared': (details) => `shared an album (${details['role']})`,
  'album-unshared': 'took an album back',
  'keys-rotated': (details) => `made key ${details['epoch']}`,
  'photos-trashed': photos('moved to the trash'),
  'photos-restored': photos('restored'),
  'trash-emptied': photos('emptied from the trash'),
  'photos-purged': photos('deleted for good'),
  'quota-set': ({ bytes }) =>
    bytes === undefined ? 'set no quota' : `set a quota of ${sizeText(Number(bytes))}`,
  'scrub-started': 'began a scrub',
  'scrub-finished': (details) => `ended a scrub (${details['state']})`,
  'finding-opened': copies('found'),
  'finding-repaired': copies('repaired'),
  'finding-unrepairable': copies('cannot repair'),
  'job-retried': (details) => `ran the job ${details['job']}`,
  'audit-check-started': 'began a check of the audit trail',
  'audit-check-finished': (details) =>
    details['faults'] === 0 ? 'found the audit trail whole' : 'found the audit trail DAMAGED',
  'audit-exported': 'exported the audit trail',
  'audit-pruned': (details) =>
    `deleted ${count(Number(details['entries']), 'entry', 'entries')} whose time was over`,
};

/** What was done, without who did it. A kind of a later version says its own name. */
export function auditText({ kind, details }: AuditEntry): string {
  const text = Object.hasOwn(texts, kind) ? texts[kind as AuditKind] : kind.replaceAll('-', ' ');
  return typeof text === 'string' ? text : text(details);
}
