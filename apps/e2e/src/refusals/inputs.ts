import { randomBytes, randomUUID } from 'node:crypto';
import { newId, serviceNames } from '@heirloom/contracts';
import type { Belongings } from './requests.ts';

/** Of an instance that there is not; nobody looks for it, and it is forgotten. */
const pulse = () => ({
  instance: randomUUID(),
  host: 'nowhere',
  version: '0',
  startedAt: new Date().toISOString(),
  loopLagMs: 0,
  memoryBytes: 0,
  requests: 0,
  errors: 0,
  parts: [],
  jobs: [],
  isLeaving: true,
});
const object = () => randomBytes(32).toString('hex');

/** A well-formed input for every message, aimed at somebody's belongings. Of the copies it names there are none. */
export const inputFor: Record<string, (of: Belongings) => unknown> = {
  'auth.token-keys': () => ({}),
  'auth.changes-since': () => ({ limit: 10 }),
  'auth.audit.acts-since': () => ({ limit: 10 }),
  'auth.device-revoked': () => ({}),
  'auth.accounts-of': (of) => ({ accountIds: [of.accountId] }),
  'vault.audit.acts-since': () => ({ limit: 10 }),
  'vault.replicas-page': (of) => ({ libraryId: of.libraryId, limit: 10 }),
  'vault.replica-slice': () => ({ locationId: 'nowhere', from: '', limit: 10 }),
  'vault.report-findings': () => ({
    findings: [{ locationId: 'nowhere', object: object(), kind: 'missing' }],
  }),
  'vault.repairs-of': () => ({ copies: [{ locationId: 'nowhere', object: object() }] }),
  'vault.storage': () => ({}),
  'vault.copies-wanted': () => ({}),
  'vault.fence-albums': () => ({ fences: [{ albumId: newId(), epoch: 1 }] }),
  'sharing-policy.audit.acts-since': () => ({ limit: 10 }),
  'sharing-policy.standing': () => ({}),
  'sharing-policy.standing-changed': (of) => ({ accountIds: [of.accountId] }),
  'sharing-policy.changes-since': () => ({ limit: 10 }),
  'sharing-policy.libraries-of': (of) => ({ accountIds: [of.accountId], familyIds: [of.familyId] }),
  'sharing-policy.invite-open': () => ({
    inviteId: newId(),
    accessCode: randomBytes(32).toString('base64url'),
  }),
  ...Object.fromEntries(
    serviceNames.flatMap((service) => [
      [`${service}.pulse`, pulse],
      [`${service}.staff-nudge`, () => ({ topics: ['jobs'] })],
    ]),
  ),
};
