import type { IncrementalHash } from '@heirloom/crypto';
import { createHash } from 'node:crypto';

/** SHA-256 by node:crypto, piece by piece. */
export function nodeSha256(): IncrementalHash {
  const hash = createHash('sha256');
  return { update: (bytes) => void hash.update(bytes), digest: () => new Uint8Array(hash.digest()) };
}

/** SHA-256 by node:crypto, at once. */
export const nodeDigest = (bytes: Uint8Array): Uint8Array =>
  new Uint8Array(createHash('sha256').update(bytes).digest());
