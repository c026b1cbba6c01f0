import type { ChainedEntry } from '@heirloom/contracts';
import { sha256 } from '@noble/hashes/sha2.js';
import { encodeCanonical } from '../encoding/canonical.ts';
import { domain } from '../encoding/suite.ts';

/** The origin of the checkpoints of the audit trail. Their third line is the hash of the newest entry. */
export const auditOrigin = 'heirloom/audit';
/** The origin of the note that says where a trail begins whose oldest entries are deleted: behind how many, and their last hash. */
export const auditStartOrigin = 'heirloom/audit/start';

/** What stands for the hash of an entry before the first one. */
export const noEntryHash = new Uint8Array(32);

/**
 * What an entry's hash is made of. Its index is not among it: the chain and the sizes of checkpoints give each entry its
 * place, so that of an entry that was moved one can tell where it came from.
 */
export type AuditContent = Omit<ChainedEntry, 'index' | 'previous' | 'hash'>;

/** SHA-256 of the canonical encoding of an entry and the hash of the one before it. */
export function hashAuditEntry(entry: AuditContent, previous: Uint8Array): Uint8Array<ArrayBuffer> {
  const { actId, at, service, kind, actor, accountId, familyId, subjectId, details } = entry;
  const content = { actId, at: at.getTime(), service, kind, actor, accountId, familyId, subjectId, details };
  return new Uint8Array(sha256(encodeCanonical([`${domain}audit-entry`, previous, content])));
}
