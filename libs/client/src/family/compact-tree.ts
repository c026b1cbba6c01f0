import { emptyRoot, nodeHash, type Hash } from '@heirloom/formats';

/** The right edge of a growing Merkle tree (RFC 6962): enough to append leaves and to tell the root. */
export class CompactTree {
  #size = 0;
  /** The roots of its complete subtrees, the largest first. */
  readonly #peaks: Hash[] = [];

  get size(): number {
    return this.#size;
  }

  get root(): Hash {
    return this.#peaks.length === 0
      ? emptyRoot()
      : this.#peaks.reduceRight((right, left) => nodeHash(left, right));
  }

  append(leaf: Hash): void {
    let hash = leaf;
    // Each trailing one bit of the size is a subtree that the new leaf completes.
    for (let bits = this.#size; bits % 2 === 1; bits = Math.floor(bits / 2)) {
      const left = this.#peaks.pop();
      if (left) hash = nodeHash(left, hash);
    }
    this.#peaks.push(hash);
    this.#size += 1;
  }

  copy(): CompactTree {
    const same = new CompactTree();
    same.#size = this.#size;
    same.#peaks.push(...this.#peaks);
    return same;
  }
}
