import { sha256 } from '@noble/hashes/sha2.js';
import { equalBytes } from '../encoding/bytes.ts';

/**
 * Merkle trees of RFC 6962 §2.1, with the verification algorithms of RFC 9162 §2.1.3.2 and §2.1.4.2.
 * Hashes are 32 bytes. Everything here is pure and works on the list of leaf hashes.
 */
export type Hash = Uint8Array;

/** SHA-256(0x00 || entry). */
export const leafHash = (entry: Uint8Array): Hash =>
  sha256.create().update(Uint8Array.of(0)).update(entry).digest();
/** SHA-256(0x01 || left || right). */
export const nodeHash = (left: Hash, right: Hash): Hash =>
  sha256.create().update(Uint8Array.of(1)).update(left).update(right).digest();
/** The root of the tree without leaves: SHA-256 of nothing. */
export const emptyRoot = (): Hash => sha256(new Uint8Array());

/** The largest power of two that is smaller than n, for n > 1. */
function splitPoint(n: number): number {
  let k = 1;
  while (k * 2 < n) k *= 2;
  return k;
}

function subtreeRoot(leaves: readonly Hash[], from: number, to: number): Hash {
  if (to - from === 1) return leaves[from]!;
  const middle = from + splitPoint(to - from);
  return nodeHash(subtreeRoot(leaves, from, middle), subtreeRoot(leaves, middle, to));
}

/** The root over the first `size` leaf hashes (all of them by default). */
export function merkleRoot(leaves: readonly Hash[], size = leaves.length): Hash {
  if (size < 0 || size > leaves.length) throw new RangeError('no tree of this size');
  return size === 0 ? emptyRoot() : subtreeRoot(leaves, 0, size);
}

/** The audit path of leaf `index` in the tree of the first `size` leaves (RFC 6962 §2.1.1). */
export function inclusionProof(leaves: readonly Hash[], index: number, size = leaves.length): Hash[] {
  if (index < 0 || index >= size || size > leaves.length) throw new RangeError('no such leaf');
  const path = (from: number, to: number): Hash[] => {
    if (to - from === 1) return [];
    const middle = from + splitPoint(to - from);
    return index < middle
      ? [...path(from, middle), subtreeRoot(leaves, middle, to)]
      : [...path(middle, to), subtreeRoot(leaves, from, middle)];
  };
  return path(0, size);
}

/** Proves that the tree of `from` leaves is a prefix of the tree of `to` leaves (RFC 6962 §2.1.2). */
export function consistencyProof(leaves: readonly Hash[], from: number, to = leaves.length): Hash[] {
  if (from < 1 || from > to || to > leaves.length) throw new RangeError('no such pair of trees');
  const prove = (m: number, start: number, end: number, known: boolean): Hash[] => {
    const n = end - start;
    if (m === n) return known ? [] : [subtreeRoot(leaves, start, end)];
    const k = splitPoint(n);
    return m <= k
      ? [...prove(m, start, start + k, known), subtreeRoot(leaves, start + k, end)]
      : [...prove(m - k, start + k, end, false), subtreeRoot(leaves, start, start + k)];
  };
  return prove(from, 0, to, true);
}

const isWhole = (n: number) => Number.isSafeInteger(n) && n >= 0;
const half = (n: number) => Math.floor(n / 2);

export interface InclusionClaim {
  leaf: Hash;
  index: number;
  size: number;
  root: Hash;
  proof: readonly Hash[];
}

/** Whether the leaf stands at `index` in the tree of this size and root. */
export function verifyInclusion({ leaf, index, size, root, proof }: InclusionClaim): boolean {
  if (!isWhole(index) || !isWhole(size) || index >= size) return false;
  let position = index;
  let last = size - 1;
  let hash = leaf;
  for (const sibling of proof) {
    if (last === 0) return false;
    if (position % 2 === 1 || position === last) {
      hash = nodeHash(sibling, hash);
      while (position % 2 === 0 && position !== 0) {
        position = half(position);
        last = half(last);
      }
    } else {
      hash = nodeHash(hash, sibling);
    }
    position = half(position);
    last = half(last);
  }
  return last === 0 && equalBytes(hash, root);
}

export interface ConsistencyClaim {
  from: { size: number; root: Hash };
  to: { size: number; root: Hash };
  proof: readonly Hash[];
}

/** Whether the smaller tree is a prefix of the larger. Every tree continues the empty one. */
export function verifyConsistency({ from, to, proof }: ConsistencyClaim): boolean {
  if (!isWhole(from.size) || !isWhole(to.size) || from.size > to.size) return false;
  if (from.size === 0) return proof.length === 0 && equalBytes(from.root, emptyRoot());
  if (from.size === to.size) return proof.length === 0 && equalBytes(from.root, to.root);
  let position = from.size - 1;
  let last = to.size - 1;
  while (position % 2 === 1) {
    position = half(position);
    last = half(last);
  }
  const path = [...proof];
  // A complete subtree is its own first node: the proof then leaves it out.
  const first = position === 0 ? from.root : path.shift();
  if (!first) return false;
  let smaller = first;
  let larger = first;
  for (const sibling of path) {
    if (last === 0) return false;
    if (position % 2 === 1 || position === last) {
      smaller = nodeHash(sibling, smaller);
      larger = nodeHash(sibling, larger);
      while (position % 2 === 0 && position !== 0) {
        position = half(position);
        last = half(last);
      }
    } else {
      larger = nodeHash(larger, sibling);
    }
    position = half(position);
    last = half(last);
  }
  return last === 0 && equalBytes(smaller, from.root) && equalBytes(larger, to.root);
}
