import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { hex, unhex } from '../../test/samples.ts';
import {
  consistencyProof,
  emptyRoot,
  inclusionProof,
  leafHash,
  merkleRoot,
  verifyConsistency,
  verifyInclusion,
} from './merkle.ts';

/** The leaves and roots that implementations of RFC 6962 commonly test against. */
const leaves = [
  '',
  '00',
  '10',
  '2021',
  '3031',
  '40414243',
  '5051525354555657',
  '606162636465666768696a6b6c6d6e6f',
].map((leaf) => leafHash(unhex(leaf)));
const roots = [
  '6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d',
  'fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125',
  'aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77',
  'd37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7',
  '4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4',
  '76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef',
  'ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c',
  '5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328',
];
const many = Array.from({ length: 70 }, (_, i) => leafHash(Uint8Array.of(i)));
const flip = (hash: Uint8Array) => Uint8Array.from(hash, (byte, i) => (i === 7 ? byte ^ 4 : byte));

describe('Merkle trees', () => {
  it('have the known roots', () => {
    expect(hex(emptyRoot())).toBe('e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855');
    expect(leaves.map((_, i) => hex(merkleRoot(leaves, i + 1)))).toEqual(roots);
  });

  it('prove inclusion of every leaf in every tree, and of nothing else', () => {
    for (let size = 1; size <= many.length; size++) {
      const root = merkleRoot(many, size);
      for (let index = 0; index < size; index++) {
        const proof = inclusionProof(many, index, size);
        const claim = { leaf: many[index]!, index, size, root, proof };
        expect(verifyInclusion(claim)).toBe(true);
        expect(verifyInclusion({ ...claim, leaf: flip(claim.leaf) })).toBe(false);
        expect(verifyInclusion({ ...claim, proof: [...proof, root] })).toBe(false);
        if (size > 1) {
          expect(verifyInclusion({ ...claim, index: (index + 1) % size })).toBe(false);
          expect(verifyInclusion({ ...claim, proof: proof.slice(1) })).toBe(false);
        }
      }
    }
  });

  it('prove that every tree continues every smaller one', () => {
    for (let to = 1; to <= many.length; to++) {
      for (let from = 1; from <= to; from++) {
        const claim = {
          from: { size: from, root: merkleRoot(many, from) },
          to: { size: to, root: merkleRoot(many, to) },
          proof: consistencyProof(many, from, to),
        };
        expect(verifyConsistency(claim)).toBe(true);
        expect(verifyConsistency({ ...claim, from: { size: from, root: flip(claim.from.root) } })).toBe(
          false,
        );
        expect(verifyConsistency({ ...claim, to: { size: to, root: flip(claim.to.root) } })).toBe(false);
        expect(verifyConsistency({ ...claim, proof: [...claim.proof, claim.to.root] })).toBe(false);
      }
    }
  });

  it('show a history that was rewritten', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 60 }), fc.integer({ min: 0, max: 59 }), (from, at) => {
        const forked = many.map((hash, i) => (i === at % from ? flip(hash) : hash));
        const claim = {
          from: { size: from, root: merkleRoot(many, from) },
          to: { size: 64, root: merkleRoot(forked, 64) },
          proof: consistencyProof(forked, from, 64),
        };
        expect(verifyConsistency(claim)).toBe(false);
      }),
    );
  });

  it('refuse indexes and sizes that no tree has', () => {
    const claim = { leaf: many[0]!, index: 0, size: 1, root: merkleRoot(many, 1), proof: [] };
    expect(verifyInclusion(claim)).toBe(true);
    for (const index of [-1, 1, 0.5, Number.NaN]) expect(verifyInclusion({ ...claim, index })).toBe(false);
    const from = { size: 2, root: merkleRoot(many, 2) };
    expect(verifyConsistency({ from, to: claim, proof: [] })).toBe(false);
    expect(verifyConsistency({ from: { size: 0, root: emptyRoot() }, to: from, proof: [] })).toBe(true);
    expect(verifyConsistency({ from: { size: 0, root: from.root }, to: from, proof: [] })).toBe(false);
    expect(() => inclusionProof(many, 3, 3)).toThrow(RangeError);
    expect(() => consistencyProof(many, 0, 3)).toThrow(RangeError);
    expect(() => merkleRoot(many, 71)).toThrow(RangeError);
  });
});
