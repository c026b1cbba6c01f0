import { z } from 'zod';
import { auditCheck } from '../audit/checks.ts';
import { bytesCount, moment } from '../base/codecs.ts';
import { locationId } from '../base/ids.ts';
import { limits } from '../base/limits.ts';
import { route } from '../base/route.ts';
import { serviceName } from '../base/services.ts';
import { instance } from '../operations/schemas.ts';
import { storageFigures } from '../vault/storage-messages.ts';
import { scrub } from './schemas.ts';

const count = z.int().min(0);
const integrity = { service: 'integrity-checker', method: 'GET' } as const;

/** Everything at a glance. What could not be learned from another service in time is null. */
export const overview = z.object({
  at: moment,
  /** By service, then by start. Those that have become silent are kept for limits.instanceKeptMs. */
  instances: z.array(instance),
  /** Services of which nobody is heard. */
  missing: z.array(serviceName),
  storage: storageFigures.nullable(),
  /** Findings that are not at their end. */
  findings: z.object({ open: count, repairing: count, unrepairable: count, reported: count }),
  audit: z.object({
    /** Entries that are kept. */
    entries: count,
    /** Everything that happened before is in the trail; null while a service was never heard. */
    confirmedAt: moment.nullable(),
    /** The newest check that has ended. */
    lastCheck: auditCheck.nullable(),
  }),
  scrubs: z.object({ running: scrub.nullable(), last: scrub.nullable(), checkedSince: moment.nullable() }),
});
export type Overview = z.infer<typeof overview>;

export const coverage = z.object({
  locations: z.array(
    z.object({
      locationId,
      /** When each 256th of the location was read to its end last, by the first two digits of objects' names. */
      slices: z.array(moment.nullable()).length(limits.slicesPerLocation),
    }),
  ),
  /** What scrubs have read on each day (UTC) of the last limits.coverageDays, the oldest first, without idle days. */
  days: z
    .array(z.object({ day: z.iso.date(), copies: count, bytesRead: bytesCount }))
    .max(limits.coverageDays),
});
export type Coverage = z.infer<typeof coverage>;

export const integrityStaffRoutes = {
  overview: route({
    ...integrity,
    id: 'integrity.overview.read',
    path: '/api/integrity/staff/overview',
    access: 'operator',
    output: overview,
  }),
  coverage: route({
    ...integrity,
    id: 'integrity.coverage.read',
    path: '/api/integrity/staff/coverage',
    access: 'operator',
    output: coverage,
  }),
  /**
   * Server-sent events (WHATWG HTML §9.2) that say what has changed: `data: {"topics":["scrubs"]}`, see `staffEvent`. A
   * comment every limits.eventHeartbeatMs; it ends with the access token. What changed before is not told: read anew
   * after every connection.
   */
  events: route({
    ...integrity,
    id: 'integrity.events.read',
    path: '/api/integrity/staff/events',
    access: 'staff',
    stream: 'response',
    status: 200,
  }),
};
