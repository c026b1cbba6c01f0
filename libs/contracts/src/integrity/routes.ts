import { z } from 'zod';
import { can } from '../base/access.ts';
import { bytesCount, moment, queryInt } from '../base/codecs.ts';
import { findingId, libraryId, locationId, objectName, scrubId, versionId } from '../base/ids.ts';
import { limits } from '../base/limits.ts';
import { route } from '../base/route.ts';
import { checks, finding, findingState, scrub } from './schemas.ts';

/** What re-reading one copy showed. `pending`: the copy is still to be made. `unreachable`: its location did not answer. */
export const copyState = z.enum(['intact', 'damaged', 'short', 'missing', 'pending', 'unreachable']);
export type CopyState = z.infer<typeof copyState>;

export const integrityRoutes = {
  /**
   * Re-reads and re-hashes every copy of some versions of the caller's library: the named ones, or a page in order
   * of version id. It ends early with `next` set when it has read enough for one answer.
   */
  verify: route({
    service: 'integrity-checker',
    id: 'integrity.verifications.create',
    method: 'POST',
    path: '/api/integrity/verifications',
    access: can('verify', 'Library'),
    body: z.object({
      libraryId,
      versionIds: z.array(versionId).min(1).max(limits.versionsPerVerification).optional(),
      after: versionId.optional(),
      limit: z.int().min(1).max(limits.versionsPerVerification),
    }),
    output: z.object({
      copies: z.array(z.object({ versionId, object: objectName, locationId, state: copyState })),
      bytesRead: bytesCount,
      finishedAt: moment,
      next: versionId.nullable(),
    }),
  }),
  /**
   * When the copies were read by themselves last, as any member may know it of their own library. Scrubs read the copies
   * of all libraries alike; the answer tells nothing of what they found.
   */
  checks: route({
    service: 'integrity-checker',
    id: 'integrity.checks.read',
    method: 'GET',
    path: '/api/integrity/libraries/:libraryId/checks',
    access: can('read', 'Library'),
    params: z.object({ libraryId }),
    output: checks,
  }),
  /**
   * Begins a scrub of all locations. While one runs, no other begins: the answer is then the one that runs, so its id
   * may differ from the id that was sent. Repeating it is harmless.
   */
  startScrub: route({
    service: 'integrity-checker',
    id: 'integrity.scrubs.start',
    method: 'POST',
    path: '/api/integrity/scrubs',
    access: 'operator',
    body: z.object({ scrubId }),
    output: scrub,
  }),
  /** The newest first. */
  scrubs: route({
    service: 'integrity-checker',
    id: 'integrity.scrubs.list',
    method: 'GET',
    path: '/api/integrity/scrubs',
    access: 'operator',
    query: z.object({ limit: queryInt({ min: 1, max: limits.scrubsPerPage }) }),
    output: z.object({ scrubs: z.array(scrub).max(limits.scrubsPerPage) }),
  }),
  scrub: route({
    service: 'integrity-checker',
    id: 'integrity.scrubs.read',
    method: 'GET',
    path: '/api/integrity/scrubs/:scrubId',
    access: 'operator',
    params: z.object({ scrubId }),
    output: scrub,
  }),
  /** The newest first; those of one scrub, when it is named. `before` is the `next` of the page before. */
  findings: route({
    service: 'integrity-checker',
    id: 'integrity.findings.list',
    method: 'GET',
    path: '/api/integrity/findings',
    access: 'operator',
    query: z.object({
      scrubId: scrubId.optional(),
      state: findingState.optional(),
      before: findingId.optional(),
      limit: queryInt({ min: 1, max: limits.findingsPerPage }),
    }),
    output: z.object({
      findings: z.array(finding).max(limits.findingsPerPage),
      next: findingId.nullable(),
    }),
  }),
};
