import { z } from 'zod';
import { can } from '../base/access.ts';
import { libraryId, versionId } from '../base/ids.ts';
import { limits } from '../base/limits.ts';
import { broadcast, question } from '../base/message.ts';
import { replica } from './schemas.ts';

export const vaultMessages = {
  /** The replicas of a library's versions, in order of version id; of the named versions only, when some are named. */
  replicasPage: question({
    service: 'vault',
    name: 'replicas-page',
    peers: ['integrity-checker'],
    access: can('verify', 'Library'),
    input: z.object({
      libraryId,
      versionIds: z.array(versionId).min(1).max(limits.versionsPerVerification).optional(),
      after: versionId.optional(),
      /** Versions, not replicas: a version's replicas are never split over pages. */
      limit: z.int().min(1).max(limits.versionsPerVerification),
    }),
    output: z.object({ replicas: z.array(replica), next: versionId.nullable() }),
  }),
  /** A nudge: rows in state `wanted` are waiting to be copied. */
  copiesWanted: broadcast({ service: 'vault', name: 'copies-wanted', peers: ['vault'], input: z.object({}) }),
};
