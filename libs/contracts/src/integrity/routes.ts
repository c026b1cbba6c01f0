import { z } from 'zod';
import { can } from '../base/access.ts';
import { bytesCount, moment } from '../base/codecs.ts';
import { libraryId, locationId, objectName, versionId } from '../base/ids.ts';
import { limits } from '../base/limits.ts';
import { route } from '../base/route.ts';

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
};
