import { limits } from '@heirloom/contracts';
import { z } from 'zod';
import { recordFormat, type RecordFormat } from '../encoding/canonical.ts';
import { cobblestone, sealedLength } from '../encoding/cobblestone.ts';
import {
  accountField,
  byteString,
  deviceField,
  hashField,
  libraryField,
  photoField,
  timeField,
  versionField,
} from '../encoding/fields.ts';
import { suiteField } from '../encoding/suite.ts';

/** The body of an object is hashed in blocks of this size; the last one may be shorter. */
export const blockBytes = 1024 * 1024;
const hashBytes = 32;
const maxBlocks = Math.ceil(limits.objectBytes / blockBytes);

export type PartLabel = 'thumbnail' | 'preview' | 'original' | 'metadata' | `sidecar/${number}`;
const labelPattern = /^(thumbnail|preview|original|metadata|sidecar\/(0|[1-9]\d{0,2}))$/;
export const partLabel = z.custom<PartLabel>(
  (value) => typeof value === 'string' && labelPattern.test(value),
  {
    error: 'is not the label of a part',
  },
);

/** The first manifest of a version. Later ones (a new thumbnail, a sidecar) count on from it. */
export const firstRevision = 1;

const partSchema = z.strictObject({
  label: partLabel,
  /** Where its ciphertext begins in the object. */
  offset: z.int().min(0).max(limits.objectBytes),
  /** Of its ciphertext. */
  length: z
    .int()
    .min(cobblestone.headerBytes + cobblestone.tagBytes)
    .max(limits.objectBytes),
  /** Of its plaintext. */
  size: z.int().min(0).max(limits.objectBytes),
});
export type Part = z.output<typeof partSchema>;

const maxLength: Partial<Record<PartLabel, number>> = {
  thumbnail: sealedLength(limits.thumbnailBytes),
  preview: sealedLength(limits.previewBytes),
  metadata: limits.sealedMetadataBytes,
};

/** Parts begin at 0, touch each other, are as long as their sizes say, and have labels of their own. */
function partsAreSound(parts: readonly Part[]): string | undefined {
  let end = 0;
  const labels = new Set<string>();
  for (const { label, offset, length, size } of parts) {
    if (offset !== end) return `the part ${label} does not begin where the one before ends`;
    if (length !== sealedLength(size)) return `the length of the part ${label} does not fit its size`;
    if (length > (maxLength[label] ?? limits.objectBytes)) return `the part ${label} is too long`;
    if (labels.has(label)) return `there are two parts ${label}`;
    labels.add(label);
    end += length;
  }
  return end > limits.objectBytes ? 'the parts are too long together' : undefined;
}

const shape = {
  suite: suiteField,
  library: libraryField,
  photo: photoField,
  version: versionField,
  revision: z
    .int()
    .min(firstRevision)
    .max(2 ** 31 - 1),
  author: accountField,
  device: deviceField,
  createdAt: timeField,
  parts: z.array(partSchema).min(1).max(limits.partsPerObject),
};

const manifestSchema = z
  .strictObject({
    ...shape,
    /** SHA-256 of each block of the body, one after the other: 32 bytes a block. */
    blocks: byteString(hashBytes, maxBlocks * hashBytes),
    /** HMAC-SHA-256 under a key derived from the file key, over the SHA-256 of the original's plaintext. */
    commitment: hashField,
  })
  .superRefine((manifest, context) => {
    const problem = partsAreSound(manifest.parts);
    if (problem) context.addIssue({ code: 'custom', path: ['parts'], message: problem });
    else if (manifest.blocks.length !== blockCount(bodyLength(manifest)) * hashBytes) {
      context.addIssue({ code: 'custom', path: ['blocks'], message: 'there is not one hash for each block' });
    }
    const labels = manifest.parts.map((part) => part.label);
    if (
      manifest.revision === firstRevision &&
      !(labels.includes('original') && labels.includes('metadata'))
    ) {
      context.addIssue({
        code: 'custom',
        path: ['parts'],
        message: 'the first revision has an original and metadata',
      });
    }
  });

/** What one object holds, for which photo version, by whom. Everything in it is public to the server. */
export type Manifest = z.output<typeof manifestSchema>;
/** A manifest before anything was sealed: enough to know every length. */
export type ManifestShape = Omit<Manifest, 'blocks' | 'commitment'>;

export const manifestFormat: RecordFormat<typeof manifestSchema> = recordFormat(manifestSchema, {
  maxBytes: limits.trailerBytes,
  code: 'object-malformed',
});

/** Bytes of the object before its trailer. */
export const bodyLength = ({ parts }: Pick<Manifest, 'parts'>): number =>
  parts.reduce((sum, part) => sum + part.length, 0);

export const blockCount = (length: number): number => Math.ceil(length / blockBytes);

/** SHA-256 of block `index` of the body. Throws RangeError when there is none. */
export function blockHash(manifest: Pick<Manifest, 'blocks'>, index: number): Uint8Array {
  const hash = manifest.blocks.subarray(index * hashBytes, (index + 1) * hashBytes);
  if (hash.length !== hashBytes) throw new RangeError('no such block');
  return hash;
}

export const findPart = (manifest: Pick<Manifest, 'parts'>, label: PartLabel): Part | undefined =>
  manifest.parts.find((part) => part.label === label);

/** Lays parts side by side in the given order. */
export function layParts(parts: readonly { label: PartLabel; size: number }[]): Part[] {
  let offset = 0;
  return parts.map(({ label, size }) => {
    const part = { label, offset, length: sealedLength(size), size };
    offset += part.length;
    return part;
  });
}
