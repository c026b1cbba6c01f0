import { emptyRoot, nodeHash, type Hash } from '@heirloom/formats';

/** A complete subtree of an RFC 6962 tree: the 2^level leaves from index * 2^level on. */
export interface NodeId {
  level: number;
  index: number;
}
export interface TreeNode extends NodeId {
  hash: Hash;
}
/** Leaves `from` to `to - 1`. Here always a subtree as RFC 6962 §2.1 splits trees. */
export interface LeafRange {
  from: number;
  to: number;
}

/** The fewest complete subtrees that make up a range, from left to right: at most one a level. */
export function subtreesOf({ from, to }: LeafRange): NodeId[] {
  const nodes: NodeId[] = [];
  for (let at = from; at < to;) {
    let level = 0;
    while (at % 2 ** (level + 1) === 0 && at + 2 ** (level + 1) <= to) level += 1;
    nodes.push({ level, index: at / 2 ** level });
    at += 2 ** level;
  }
  return nodes;
}

/** The root over a range, from the hashes of its {@link subtreesOf}. */
export const rootOfSubtrees = (hashes: readonly Hash[]): Hash =>
  hashes.length === 0 ? emptyRoot() : hashes.reduceRight((right, left) => nodeHash(left, right));

/** The ranges whose roots are the consistency proof between two tree sizes (RFC 6962 §2.1.2). 0 < from <= to. */
export function consistencyRanges(from: number, to: number): LeafRange[] {
  const prove = (start: number, end: number, known: boolean): LeafRange[] => {
    if (from === end) return known ? [] : [{ from: start, to: end }];
    const middle = start + largestPowerBelow(end - start);
    return from <= middle
      ? [...prove(start, middle, known), { from: middle, to: end }]
      : [...prove(middle, end, false), { from: start, to: middle }];
  };
  return prove(0, to, true);
}

function largestPowerBelow(n: number): number {
  let power = 1;
  while (power * 2 < n) power *= 2;
  return power;
}

/** The right edge of a growing tree: all that the next leaf and the root need, one hash a level at most. */
export class Frontier {
  readonly #peaks: TreeNode[];
  #size: number;

  /** @param peaks the {@link subtreesOf} the tree of `size` leaves, with their hashes */
  constructor(size: number, peaks: readonly TreeNode[]) {
    this.#size = size;
    this.#peaks = [...peaks];
  }

  get size(): number {
    return this.#size;
  }

  /** The root of the tree as it is now. */
  root(): Hash {
    return rootOfSubtrees(this.#peaks.map(({ hash }) => hash));
  }

  /** Adds a leaf. @returns the subtrees that it completed, the leaf itself first. */
  append(leaf: Hash): TreeNode[] {
    let node: TreeNode = { level: 0, index: this.#size, hash: leaf };
    const completed = [node];
    while (this.#peaks.at(-1)?.level === node.level) {
      const left = this.#peaks.pop()!;
      node = { level: node.level + 1, index: left.index / 2, hash: nodeHash(left.hash, node.hash) };
      completed.push(node);
    }
    this.#peaks.push(node);
    this.#size += 1;
    return completed;
  }
}
