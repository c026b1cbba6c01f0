import { z } from 'zod';
import { moment } from '../base/codecs.ts';
import { checkpoint, merkleHash } from '../family/schemas.ts';
import { auditActId, auditEntry } from './schemas.ts';

/** An entry with its place in the chain: the hash of the entry before it (32 zero bytes before the first) and its own. */
export const chainedEntry = auditEntry.extend({ actId: auditActId, previous: merkleHash, hash: merkleHash });
export type ChainedEntry = z.infer<typeof chainedEntry>;

/** What the chain and its proofs are made of, in their order: a checkpoint of size N comes behind entry N - 1. */
export const auditItem = z.union([
  /** Comes first where older entries were deleted when their time was over: a signed note of where the trail begins. */
  z.strictObject({ start: checkpoint }),
  z.strictObject({ entry: chainedEntry }),
  z.strictObject({ checkpoint }),
]);
export type AuditItem = z.infer<typeof auditItem>;

export const auditExportFormat = 'heirloom-audit/1';
export const auditExportType = 'application/x-ndjson';

/** The first line of an export; each line behind it is an {@link auditItem}. */
export const auditExportHead = z.object({
  format: z.literal(auditExportFormat),
  /** The C2SP verifier key of the checkpoints, and the one before where there was another. */
  keys: z.array(z.string().max(200)).min(1).max(2),
  /** How many entries the trail has, those before its beginning included. */
  size: z.int().min(0),
  exportedAt: moment,
});
export type AuditExportHead = z.infer<typeof auditExportHead>;
