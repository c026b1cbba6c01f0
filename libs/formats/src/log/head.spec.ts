import { describe, expect, it } from '@jest/globals';
import { counting } from '../../test/samples.ts';
import { consistencyProof, leafHash, merkleRoot } from './merkle.ts';
import { appendLeaf, mustBeHead, mustContinue, noPeaks, rootOfPeaks, type Peaks } from './head.ts';

const leaves = Array.from({ length: 70 }, (_, i) => leafHash(Uint8Array.of(i)));
const head = (size: number) => ({ size, root: merkleRoot(leaves, size) });

describe('peaks', () => {
  it('have the root of RFC 6962 at every size, and one hash for each bit of it', () => {
    let peaks: Peaks = noPeaks;
    expect(rootOfPeaks(peaks)).toEqual(merkleRoot([]));
    for (const [i, leaf] of leaves.entries()) {
      peaks = appendLeaf(peaks, leaf);
      expect(rootOfPeaks(peaks)).toEqual(merkleRoot(leaves, i + 1));
      expect(peaks.hashes.length).toBe([...(i + 1).toString(2)].filter((bit) => bit === '1').length);
    }
  });
});

describe('a head that is shown', () => {
  it('continues the one that was seen, by a proof', () => {
    mustContinue(head(9), head(30), consistencyProof(leaves, 9, 30));
    mustContinue(head(9), head(9));
    mustContinue(head(0), head(9));
  });

  it('is refused when it is shorter, or another history', () => {
    expect(() => mustContinue(head(9), head(8))).toThrow(
      /of 8 entries, but this device has seen 9: it was rolled back/,
    );
    expect(() => mustContinue(head(9), { size: 9, root: counting(32) })).toThrow(/history was changed/);
    expect(() =>
      mustContinue(head(9), { size: 30, root: counting(32) }, consistencyProof(leaves, 9, 30)),
    ).toThrow(/history was changed/);
    expect(() => mustContinue(head(9), head(30))).toThrow(/history was changed/);
  });

  it('is that of exactly the entries that were read', () => {
    mustBeHead(head(9), head(9));
    expect(() => mustBeHead(head(8), head(9))).toThrow(/holds entries .* back/);
    expect(() => mustBeHead(head(9), head(8))).toThrow(/not those of the head/);
    expect(() => mustBeHead(head(9), { size: 9, root: counting(32) })).toThrow(/not those of the head/);
  });
});
