import { equalBytes } from '../encoding/bytes.ts';
import type { Checkpoint } from './checkpoint.ts';
import { LogError } from './log-error.ts';
import { emptyRoot, nodeHash, verifyConsistency, type Hash } from './merkle.ts';

/** How far a log has come: the number of its entries and the root of their tree. */
export interface LogHead {
  readonly size: number;
  readonly root: Hash;
}

/**
 * The roots of the complete subtrees that a tree of this size consists of, the largest first: one for each bit of
 * `size`. It is all that appending needs.
 */
export interface Peaks {
  readonly size: number;
  readonly hashes: readonly Hash[];
}
export const noPeaks: Peaks = { size: 0, hashes: [] };

export function appendLeaf({ size, hashes }: Peaks, leaf: Hash): Peaks {
  const next = [...hashes];
  let hash = leaf;
  for (let bits = size; bits % 2 === 1; bits = Math.floor(bits / 2)) hash = nodeHash(next.pop()!, hash);
  return { size: size + 1, hashes: [...next, hash] };
}

/** The root of RFC 6962. */
export function rootOfPeaks({ hashes }: Peaks): Hash {
  if (hashes.length === 0) return emptyRoot();
  return hashes.reduceRight((right, left) => nodeHash(left, right));
}

/**
 * Holds a head that a server shows against the one that was seen before. Equal heads need no proof.
 * @param proof RFC 6962 consistency proof from the pinned size to the shown one
 * @throws LogError `rolled-back` when the log has become shorter, `forked` when it does not continue the pinned one
 */
export function mustContinue(
  pinned: LogHead,
  shown: LogHead | Checkpoint,
  proof: readonly Hash[] = [],
): void {
  if (shown.size < pinned.size) {
    throw new LogError(
      'rolled-back',
      `The server shows a family log of ${shown.size} entries, but this device has seen ${pinned.size}: it was rolled back.`,
    );
  }
  if (!verifyConsistency({ from: pinned, to: shown, proof })) {
    throw new LogError(
      'forked',
      'The server shows another family log than the one that this device has seen: its history was changed.',
    );
  }
}

/** @throws LogError `rolled-back` or `forked` unless the entries that were read are exactly those of the shown head. */
export function mustBeHead(read: LogHead, shown: LogHead | Checkpoint): void {
  if (read.size < shown.size) {
    throw new LogError('rolled-back', 'The server holds entries of the family log back.');
  }
  if (read.size > shown.size || !equalBytes(read.root, shown.root)) {
    throw new LogError(
      'forked',
      'The entries of the family log are not those of the head that was shown: its history was changed.',
    );
  }
}
