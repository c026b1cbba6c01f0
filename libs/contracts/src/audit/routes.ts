import { z } from 'zod';
import { queryInt } from '../base/codecs.ts';
import { accountId, auditCheckId, familyId } from '../base/ids.ts';
import { limits } from '../base/limits.ts';
import { route } from '../base/route.ts';
import { auditCheck } from './checks.ts';
import { auditKind } from './kinds.ts';
import { auditEntry } from './schemas.ts';

const integrity = { service: 'integrity-checker' } as const;
const entryIndex = queryInt({ min: 0, max: Number.MAX_SAFE_INTEGER });
/** The newest first; `before` is the `next` of the page before. */
const page = { before: entryIndex.optional(), limit: queryInt({ min: 1, max: limits.auditEntriesPerPage }) };
const entries = z.object({
  entries: z.array(auditEntry).max(limits.auditEntriesPerPage),
  next: z.int().nullable(),
});

export const auditRoutes = {
  /** What concerns the caller's account and their family. */
  activity: route({
    ...integrity,
    id: 'integrity.activity.list',
    method: 'GET',
    path: '/api/integrity/activity',
    access: 'person',
    query: z.object(page),
    output: entries,
  }),
  /** Support reads what concerns one account: without `accountId` it is refused. */
  auditEntries: route({
    ...integrity,
    id: 'integrity.audit.list',
    method: 'GET',
    path: '/api/integrity/staff/audit',
    access: 'staff',
    query: z.object({
      ...page,
      kind: auditKind.optional(),
      accountId: accountId.optional(),
      familyId: familyId.optional(),
    }),
    output: entries,
  }),
  /** The whole trail as lines of JSON, auditExportHead and then auditItem, with all that is needed to check it elsewhere. */
  exportAudit: route({
    ...integrity,
    id: 'integrity.audit.export',
    method: 'GET',
    path: '/api/integrity/staff/audit/export',
    access: 'operator',
    stream: 'response',
  }),
  /** Begins a check of the whole trail, or answers the one that runs. Repeating it is harmless. */
  startAuditCheck: route({
    ...integrity,
    id: 'integrity.audit.checks.start',
    method: 'POST',
    path: '/api/integrity/staff/audit/checks',
    access: 'operator',
    body: z.object({ checkId: auditCheckId }),
    output: auditCheck,
  }),
  /** The newest first. `keys` are the C2SP verifier keys of the checkpoints: the newest signs. */
  auditChecks: route({
    ...integrity,
    id: 'integrity.audit.checks.list',
    method: 'GET',
    path: '/api/integrity/staff/audit/checks',
    access: 'operator',
    query: z.object({ limit: queryInt({ min: 1, max: limits.auditChecksPerPage }) }),
    output: z.object({
      checks: z.array(auditCheck).max(limits.auditChecksPerPage),
      keys: z.array(z.string()).min(1),
    }),
  }),
};
