import { z } from 'zod';
import { cursor } from '../base/codecs.ts';
import { limits } from '../base/limits.ts';
import { question } from '../base/message.ts';
import type { ServiceName } from '../base/services.ts';
import { checkpoint } from '../family/schemas.ts';
import { recordedAct } from './schemas.ts';

/**
 * The acts that a service has recorded since the cursor, in the order in which they are settled; from the first that it keeps
 * without one. Whoever asks has stored everything up to the cursor. `gone` for a cursor of another database.
 *
 * Each service is also a witness of the trail: it keeps one signed head, answers with it, and takes another one only from
 * somebody who knows the one before. So nobody who can write to the trail alone shortens it unseen.
 */
const actsSince = (service: ServiceName) =>
  question({
    service,
    name: 'audit.acts-since',
    peers: ['integrity-checker'],
    input: z.object({
      cursor: cursor.optional(),
      limit: z.int().min(1).max(limits.auditActsPerQuestion),
      witness: z.object({ checkpoint, instead: checkpoint.nullable() }).optional(),
    }),
    output: z.object({
      acts: z.array(recordedAct),
      cursor: cursor.nullable(),
      more: z.boolean(),
      /** The signed head that the service keeps; null for none yet. */
      checkpoint: checkpoint.nullable(),
    }),
  });

export const auditMessages = {
  authActs: actsSince('auth'),
  vaultActs: actsSince('vault'),
  sharingPolicyActs: actsSince('sharing-policy'),
};
