import { leafHash, merkleRoot } from '@heirloom/formats';
import { describe, expect, it } from '@jest/globals';
import { CompactTree } from './compact-tree.ts';

describe('CompactTree', () => {
  it('has the root of the whole tree at every size', () => {
    const leaves = Array.from({ length: 70 }, (_, i) => leafHash(Uint8Array.of(i)));
    const tree = new CompactTree();
    for (let size = 0; size <= leaves.length; size++) {
      expect(tree.size).toBe(size);
      expect(tree.root).toEqual(merkleRoot(leaves, size));
      const leaf = leaves[size];
      if (leaf) tree.append(leaf);
    }
  });

  it('does not change with its copy', () => {
    const tree = new CompactTree();
    tree.append(leafHash(Uint8Array.of(1)));
    const { root } = tree;
    tree.copy().append(leafHash(Uint8Array.of(2)));
    expect(tree.root).toEqual(root);
  });
});
