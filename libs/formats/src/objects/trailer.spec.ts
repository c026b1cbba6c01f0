import { AppError, limits } from '@heirloom/contracts';
import { describe, expect, it } from '@jest/globals';
import { counting, createdAt, ids, nodeSigner } from '../../test/samples.ts';
import { encodeCanonical } from '../encoding/canonical.ts';
import { plainLength, sealedLength } from '../encoding/cobblestone.ts';
import { suite } from '../encoding/suite.ts';
import {
  blockCount,
  blockHash,
  bodyLength,
  layParts,
  manifestFormat,
  type Manifest,
  type PartLabel,
} from './manifest.ts';
import { metadataFormat } from './metadata.ts';
import {
  decodeTrailer,
  footerBytes,
  makeTrailer,
  objectLength,
  readTrailer,
  trailerGuessBytes,
  trailerLength,
  verifyTrailer,
} from './trailer.ts';

const { library, photo, version, account: author, device } = ids;
type Layout = { label: PartLabel; size: number }[];
const usual: Layout = [
  { label: 'thumbnail', size: 5_000 },
  { label: 'metadata', size: 300 },
  { label: 'original', size: 3_000_000 },
];

function manifestOf(layout: Layout, revision = 1): Manifest {
  const parts = layParts(layout);
  return {
    suite,
    library,
    photo,
    version,
    revision,
    author,
    device,
    createdAt,
    parts,
    blocks: counting(32 * blockCount(bodyLength({ parts }))),
    commitment: counting(32, 9),
  };
}
const signer = nodeSigner(counting(32));
const wrap = { library, epoch: 3, key: counting(60) };

describe('sealedLength', () => {
  it('has an inverse that refuses lengths of no ciphertext', () => {
    expect([0, 1, 16_383, 16_384, 16_385].map(sealedLength)).toEqual([72, 73, 16_455, 16_472, 16_473]);
    for (const size of [0, 1, 16_383, 16_384, 16_385, 50_000_000, limits.objectBytes]) {
      expect(plainLength(sealedLength(size))).toBe(size);
    }
    for (const length of [-1, 0, 56, 71, 16_456, 16_471, 1.5, Number.NaN]) {
      expect(plainLength(length)).toBeUndefined();
    }
  });
});

describe('manifests', () => {
  const encode = (change: Partial<Manifest>) => () =>
    manifestFormat.encode({ ...manifestOf(usual), ...change });
  const [thumbnail, metadata, original] = layParts(usual) as [
    Manifest['parts'][0],
    Manifest['parts'][0],
    Manifest['parts'][0],
  ];

  it('come back as they were', () => {
    const manifest = manifestOf(usual);
    expect(manifestFormat.decode(manifestFormat.encode(manifest))).toEqual(manifest);
    expect(blockHash(manifest, 1)).toEqual(manifest.blocks.slice(32, 64));
    expect(() => blockHash(manifest, 3)).toThrow(RangeError);
  });

  it.each<[string, Partial<Manifest>]>([
    ['a gap', { parts: [thumbnail, metadata, { ...original, offset: original.offset + 1 }] }],
    ['an overlap', { parts: [thumbnail, metadata, { ...original, offset: original.offset - 1 }] }],
    ['another order', { parts: [original, metadata, thumbnail] }],
    [
      'a length that fits no size',
      { parts: [thumbnail, metadata, { ...original, length: original.length + 1 }] },
    ],
    ['a label twice', { parts: layParts([...usual, { label: 'thumbnail', size: 1 }]) }],
    ['no metadata in the first revision', { parts: layParts([{ label: 'original', size: 3_005_000 }]) }],
    [
      'a thumbnail that is too long',
      { parts: layParts([{ label: 'thumbnail', size: 3_000_000 }]), revision: 2 },
    ],
    ['a block hash too few', { blocks: counting(32 * 2) }],
    ['a block hash too many', { blocks: counting(32 * 4) }],
    ['revision 0', { revision: 0 }],
    ['another suite', { suite: 2 as 1 }],
    ['no parts', { parts: [], blocks: new Uint8Array() }],
  ])('refuse %s', (_, change) => {
    expect(encode({})).not.toThrow();
    expect(encode(change)).toThrow();
  });

  it.each(['cover', 'sidecar/', 'sidecar/01', 'sidecar/1000', 'original '])(
    'refuse the label %p',
    (label) => {
      const layout = [...usual, { label: label as PartLabel, size: 0 }];
      expect(() => manifestFormat.encode(manifestOf(layout))).toThrow(/label/);
    },
  );

  it('refuse unknown fields, since a signature covers all that is said', () => {
    const { parts, ...rest } = manifestOf(usual);
    const bytes = encodeCanonical({ ...rest, parts, extra: 1 });
    expect(() => manifestFormat.decode(bytes)).toThrow(AppError);
  });
});

describe('trailers', () => {
  const object = async (layout: Layout, revision = 1) => {
    const manifest = manifestOf(layout, revision);
    const trailer = await makeTrailer(manifest, wrap, signer);
    const bytes = new Uint8Array(bodyLength(manifest) + trailer.length);
    bytes.set(trailer, bodyLength(manifest));
    return { manifest, trailer, bytes };
  };
  const reader = (bytes: Uint8Array, reads: number[] = []) =>
    async function* (offset: number, length: number) {
      reads.push(length);
      yield await Promise.resolve(bytes.subarray(offset, offset + length));
    };

  it('are as long as was known before', async () => {
    for (const size of [0, 1, 200_000, 70_000_000]) {
      const { manifest, trailer, bytes } = await object([...usual.slice(0, 2), { label: 'original', size }]);
      const { blocks: _, commitment: __, ...shape } = manifest;
      expect(trailerLength(shape, wrap.epoch)).toBe(trailer.length);
      expect(objectLength(shape, wrap.epoch)).toBe(bytes.length);
    }
  });

  it('are read from the end, in one read or two', async () => {
    const small = await object(usual);
    const reads: number[] = [];
    const trailer = await readTrailer(reader(small.bytes, reads), small.bytes.length);
    expect(trailer.manifest).toEqual(small.manifest);
    expect(trailer.wrap).toEqual(wrap);
    expect(trailer.trailerLength).toBe(small.trailer.length);
    expect(await verifyTrailer(trailer)).toBe(true);
    expect(reads).toEqual([trailerGuessBytes]);

    const parts = layParts([...usual.slice(0, 2), { label: 'original', size: 2.5 * 1024 ** 3 }]);
    const manifest = {
      ...manifestOf(usual),
      parts,
      blocks: counting(32 * blockCount(bodyLength({ parts }))),
    };
    const end = await makeTrailer(manifest, wrap, signer);
    const total = bodyLength(manifest) + end.length;
    const lengths: number[] = [];
    const long = await readTrailer(async function* (offset, length) {
      lengths.push(length);
      const from = offset - bodyLength(manifest);
      yield await Promise.resolve(end.subarray(from, from + length));
    }, total);
    expect(lengths).toEqual([trailerGuessBytes, end.length]);
    expect(long.manifest).toEqual(manifest);
  });

  it('do not survive a flipped bit', async () => {
    const { trailer } = await object(usual);
    for (let bit = 0; bit < trailer.length * 8; bit++) {
      const changed = trailer.slice();
      changed[bit >> 3]! ^= 1 << (bit & 7);
      let verified: boolean;
      try {
        verified = await verifyTrailer(decodeTrailer(changed));
      } catch (error) {
        expect(error).toBeInstanceOf(AppError);
        continue;
      }
      expect(verified).toBe(false);
    }
  }, 120_000);

  it('refuse every cut, and an object that they do not fill', async () => {
    const { trailer, bytes } = await object(usual);
    for (let length = 0; length < trailer.length; length++) {
      expect(() => decodeTrailer(trailer.subarray(0, length))).toThrow(AppError);
      if (length > 0) expect(() => decodeTrailer(trailer.subarray(length))).toThrow(AppError);
    }
    expect(() => decodeTrailer(trailer, bytes.length)).not.toThrow();
    expect(() => decodeTrailer(trailer, bytes.length + 1)).toThrow(/do not fill/);
    await expect(readTrailer(reader(bytes), 5)).rejects.toThrow(AppError);
    await expect(readTrailer(reader(bytes.subarray(0, -1)), bytes.length)).rejects.toThrow(AppError);
  });

  it('are tied to their library and their signer', async () => {
    const { manifest, trailer } = await object(usual);
    const other = { ...manifest, library: ids.album as unknown as typeof library };
    expect(() => decodeTrailer(trailer)).not.toThrow();
    const foreign = await makeTrailer(other, wrap, signer);
    expect(() => decodeTrailer(foreign)).toThrow(/another library/);
    const decoded = decodeTrailer(trailer);
    const stranger = nodeSigner(counting(32, 1)).publicKey;
    expect(await verifyTrailer({ ...decoded, signer: stranger })).toBe(false);
    expect(await verifyTrailer({ ...decoded, wrap: { ...wrap, epoch: 4 } })).toBe(false);
  });

  it('of a later layout are named as such', async () => {
    const { trailer } = await object(usual);
    trailer[trailer.length - footerBytes + 3] = 2;
    expect(() => decodeTrailer(trailer)).toThrow(/later layout/);
  });
});

describe('metadata', () => {
  const least = { name: 'IMG_1.heic', mediaType: 'image/heic', size: 5, sha256: counting(32) };
  it('keeps fields that it does not know and refuses wrong types', () => {
    const later = { ...least, place: { lat: 1.5, lon: 2, heading: 90 }, rating: 5 };
    expect(metadataFormat.decode(metadataFormat.encode(later))).toEqual(later);
    expect(() => metadataFormat.decode(encodeCanonical({ ...least, width: '5' }))).toThrow(
      expect.objectContaining({ code: 'damaged' }),
    );
    expect(() => metadataFormat.decode(encodeCanonical({ ...least, mediaType: 'picture' }))).toThrow(
      AppError,
    );
  });
});
