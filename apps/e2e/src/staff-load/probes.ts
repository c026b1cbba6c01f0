import { codeOf } from '@heirloom/client';
import { newId, type StaffRole } from '@heirloom/contracts';
import type { WireRequest } from '../refusals/requests.ts';
import { madeId } from './fill.ts';

/** One request of staff, and what it may cost the databases of all services together. */
export interface Probe extends WireRequest {
  /** Statements at most, however many rows there are. */
  queries: number;
  /** Rows that one statement looks at, at most; 2,000 unless told. */
  rows?: number;
  /** What it must answer; the status of success unless told. */
  status?: number;
  /** Who asks; an operator unless told. */
  role?: StaffRole;
  /** What only one request can be: it is not timed again and again. */
  once?: true;
  /** It begins work that reads everything there is, so it is asked after all others. */
  last?: true;
}

const many = <T>(count: number, make: (i: number) => T): T[] =>
  Array.from({ length: count }, (_, i) => make(i));
const accountIds = many(100, (i) => madeId('account', i * 97));
const familyIds = many(100, (i) => madeId('family', i * 23));
const limit = '100';

/** The same of each service. */
const operations = (name: string): Record<string, Probe> => ({
  // Some for each kind of job, of which a service has a fixed few.
  [`${name}.jobs.list`]: { queries: 100 },
  [`${name}.jobs.retry`]: { params: { name: 'no-such-job' }, queries: 5, status: 404 },
  [`${name}.jobs.run`]: { params: { name: 'no-such-job' }, queries: 5, status: 404 },
  [`${name}.settings.list`]: { queries: 0 },
});

const act = (account: number): Probe => ({
  params: { accountId: madeId('account', account) },
  body: { actId: newId(), reason: 'They asked for it on the phone.' },
  queries: 14,
  role: 'support',
  once: true,
});

/**
 * A request for every route of operators and support, as full as it may be, and its bounds. A route without one fails the
 * long test.
 */
export const probes: Record<string, Probe> = {
  ...operations('auth'),
  ...operations('vault'),
  ...operations('family'),
  ...operations('integrity'),
  'auth.operators.sessions.logout': { queries: 4, once: true },
  'auth.staff.me': { queries: 2, role: 'support' },
  // Nobody has an authenticator here, so no code is right.
  'auth.staff.authenticator.change': {
    // The new one's code is of the moment in which it is asked.
    get body() {
      return {
        code: '123456',
        next: { secret: 'A'.repeat(27), code: codeOf({ secret: new Uint8Array(20) }) },
      };
    },
    queries: 10,
    status: 403,
    once: true,
  },
  'auth.staff.list': { queries: 2 },
  'auth.staff.remove': { params: { accountId: madeId('staff', 29) }, queries: 12, status: 204, once: true },
  'auth.staff.invites.create': { body: { role: 'support' }, queries: 4, once: true },
  'auth.staff.invites.list': { queries: 2 },
  'auth.staff.invites.revoke': { params: { inviteId: newId() }, queries: 4, status: 404, once: true },
  'auth.staff.accounts.list': { query: { search: 'person-77', limit }, queries: 3, role: 'support' },
  'auth.staff.accounts.read': { params: { accountId: madeId('account', 77) }, queries: 8, role: 'support' },
  'auth.staff.accounts.lock': act(78),
  'auth.staff.accounts.unlock': act(78),
  // Some for each device, of which an account has limits.devicesPerAccount at most.
  'auth.staff.accounts.end-sessions': { ...act(80), queries: 20 },
  'vault.locations.list': { queries: 1 },
  'vault.staff.quotas.set-account': {
    params: { accountId: madeId('account', 1) },
    body: { bytes: 5e10 },
    queries: 4,
  },
  'vault.staff.quotas.set-family': {
    params: { familyId: madeId('family', 1) },
    body: { bytes: null },
    queries: 4,
  },
  'vault.staff.usage.read': { body: { accountIds, familyIds }, queries: 6, role: 'support' },
  'family.staff.families.list': { query: { limit, after: madeId('family', 2000) }, queries: 1, rows: 4000 },
  'family.staff.families.read': {
    params: { familyId: madeId('family', 7) },
    queries: 3,
    role: 'support',
  },
  'family.staff.families.of-accounts': { body: { accountIds }, queries: 1, role: 'support' },
  'family.staff.invites.list': { query: { limit, state: 'open', after: madeId('invite', 9000) }, queries: 1 },
  'integrity.scrubs.start': { body: { scrubId: newId() }, queries: 20, once: true, last: true },
  // It counts what the scrubs of the page found, in an index.
  'integrity.scrubs.list': { query: { limit }, queries: 4, rows: 100_000 },
  'integrity.scrubs.read': { params: { scrubId: madeId('scrub', 50) }, queries: 4 },
  'integrity.findings.list': {
    query: { limit: '500', state: 'reported', before: madeId('finding', 40_000) },
    queries: 1,
  },
  'integrity.overview.read': { queries: 12 },
  'integrity.coverage.read': { queries: 3 },
  'integrity.audit.list': { query: { limit, accountId: madeId('account', 5) }, queries: 2 },
  // All there is, page by page; each page costs the same.
  'integrity.audit.export': { queries: 1_000, status: 200, once: true },
  'integrity.audit.checks.start': { body: { checkId: newId() }, queries: 20, once: true, last: true },
  'integrity.audit.checks.list': { query: { limit }, queries: 2 },
};
