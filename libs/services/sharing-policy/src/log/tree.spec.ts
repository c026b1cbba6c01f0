import { describe, expect, it } from '@jest/globals';
import { consistencyProof, leafHash, merkleRoot, verifyConsistency } from '@heirloom/formats';
import { consistencyRanges, Frontier, rootOfSubtrees, subtreesOf, type LeafRange } from './tree.ts';

const maxSize = 70;
const leaves = Array.from({ length: maxSize }, (_, i) => leafHash(Uint8Array.of(i)));

/** Every complete subtree, as appending leaf by leaf tells them. */
const nodes = new Map<string, Uint8Array>();
const roots: Uint8Array[] = [];
const frontier = new Frontier(0, []);
roots.push(frontier.root());
for (const leaf of leaves) {
  for (const { level, index, hash } of frontier.append(leaf)) nodes.set(`${level}/${index}`, hash);
  roots.push(frontier.root());
}
const rootOf = (range: LeafRange) =>
  rootOfSubtrees(subtreesOf(range).map(({ level, index }) => nodes.get(`${level}/${index}`)!));

describe('the frontier', () => {
  it('has the root of RFC 6962 at every size', () => {
    for (let size = 0; size <= maxSize; size++) expect(roots[size]).toEqual(merkleRoot(leaves, size));
    expect(frontier.size).toBe(maxSize);
  });

  it('goes on from stored peaks as if it had never stopped', () => {
    for (const size of [0, 1, 2, 7, 8, 33, 64]) {
      const peaks = subtreesOf({ from: 0, to: size }).map((id) => ({
        ...id,
        hash: nodes.get(`${id.level}/${id.index}`)!,
      }));
      const resumed = new Frontier(size, peaks);
      expect(resumed.root()).toEqual(roots[size]);
      resumed.append(leaves[size]!);
      expect(resumed.root()).toEqual(roots[size + 1]);
    }
  });

  it('tells each complete subtree once', () => {
    expect(nodes.size).toBe(
      [0, 1, 2, 3, 4, 5, 6].reduce((sum, level) => sum + Math.floor(maxSize / 2 ** level), 0),
    );
  });
});

describe('consistency ranges', () => {
  it('give the proof of RFC 6962 for every pair of sizes', () => {
    for (let to = 1; to <= maxSize; to++)
      for (let from = 1; from <= to; from++) {
        const proof = consistencyRanges(from, to).map(rootOf);
        expect(proof).toEqual(consistencyProof(leaves, from, to));
        expect(
          verifyConsistency({
            from: { size: from, root: roots[from]! },
            to: { size: to, root: roots[to]! },
            proof,
          }),
        ).toBe(true);
      }
  });

  it('need few nodes of a large tree', () => {
    const size = 1_000_003;
    const ids = consistencyRanges(77_777, size).flatMap(subtreesOf);
    expect(ids.length).toBeLessThan(60);
    expect(ids.every(({ level, index }) => (index + 1) * 2 ** level <= size)).toBe(true);
  });
});
