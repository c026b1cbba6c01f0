import { z } from 'zod';
import { moment } from '../base/codecs.ts';
import { auditCheckId } from '../base/ids.ts';
import { limits } from '../base/limits.ts';
import { scrubCause } from '../integrity/schemas.ts';

const count = z.int().min(0);

/**
 * How the trail can be damaged:
 * - `changed`: an entry is not what its hash was made of.
 * - `missing`: entries are gone, or one was put in the place of another.
 * - `reordered`: entries stand in another order than the one they were written in.
 * - `checkpoint`: the entries agree with each other and not with a signed checkpoint: somebody wrote them anew.
 * - `signature`: a checkpoint does not have the signature of this installation.
 * - `truncated`: the trail ends before what a signed checkpoint has seen.
 * - `unsigned`: no checkpoint vouches for the newest entries.
 */
export const auditFaultKind = z.enum([
  'changed',
  'missing',
  'reordered',
  'checkpoint',
  'signature',
  'truncated',
  'unsigned',
]);
export type AuditFaultKind = z.infer<typeof auditFaultKind>;

/** What is wrong, and the first and last index of the entries that it concerns. */
export const auditFault = z.object({ kind: auditFaultKind, from: count, to: count });
export type AuditFault = z.infer<typeof auditFault>;

/** One reading of the whole trail against its hashes and checkpoints. */
export const auditCheck = z.object({
  checkId: auditCheckId,
  cause: scrubCause,
  state: z.enum(['running', 'intact', 'broken']),
  startedAt: moment,
  finishedAt: moment.nullable(),
  /** The index of the first entry that is kept. */
  first: count,
  /** Entries that were read. */
  entries: count,
  /** In the order of the trail: the first one first, limits.auditFaults at most. */
  faults: z.array(auditFault).max(limits.auditFaults),
});
export type AuditCheck = z.infer<typeof auditCheck>;
