import type { AccountId, DeviceId, LibraryId, PhotoId, VersionId } from '@heirloom/contracts';
import { limits } from '@heirloom/contracts';
import {
  accountField,
  blockBytes,
  byteString,
  cobblestone,
  deviceField,
  epochField,
  firstRevision,
  hashField,
  layParts,
  libraryField,
  objectLength,
  partLabel,
  photoField,
  recordFormat,
  suite,
  suiteField,
  timeField,
  versionField,
  wrappedKeyField,
  type ManifestShape,
  type PartLabel,
  type RecordFormat,
} from '@heirloom/formats';
import { z } from 'zod';
import type { LibraryKey } from '../keyring/keyring.ts';
import { unwrapKey, wrapKey } from '../keys/wrap.ts';
import { randomBytes } from '../ports/ports.ts';
import type { SourceDigest } from './source.ts';

const maxBlocks = Math.ceil(limits.objectBytes / blockBytes);
const sourceDigest = z.strictObject({
  size: z.int().min(0).max(limits.objectBytes),
  sha256: hashField,
  blocks: byteString(0, maxBlocks * 32),
});

const planSchema = z.strictObject({
  suite: suiteField,
  library: libraryField,
  photo: photoField,
  version: versionField,
  revision: z.int().min(firstRevision),
  author: accountField,
  device: deviceField,
  createdAt: timeField,
  wrap: z.strictObject({ library: libraryField, epoch: epochField, key: wrappedKeyField }),
  parts: z
    .array(
      z.strictObject({ label: partLabel, salt: byteString(cobblestone.saltBytes), digest: sourceDigest }),
    )
    .min(1)
    .max(limits.partsPerObject),
  /** SHA-256 of the original's plaintext, which the manifest commits to in every revision. */
  original: hashField,
});

/**
 * All that is random or that must not change about an object to be. Whoever keeps it can seal the same bytes
 * again, after any interruption. It holds the file key in its wrapped form only, but hashes of plaintext: a journal
 * keeps it readable by its owner alone.
 */
export type ObjectPlan = z.output<typeof planSchema>;
export const objectPlanFormat: RecordFormat<typeof planSchema> = recordFormat(planSchema, {
  maxBytes: limits.trailerBytes,
  code: 'damaged',
});

export interface ObjectIds {
  photo: PhotoId;
  version: VersionId;
  author: AccountId;
  device: DeviceId;
  /** Milliseconds since 1970. */
  createdAt: number;
}

export interface PlannedPart {
  label: PartLabel;
  digest: SourceDigest;
}

const fileKeyBinding = (library: LibraryId, epoch: number, version: VersionId) => ({
  purpose: 'file-key' as const,
  collection: library,
  epoch,
  object: version,
});

/** Plans the first object of a photo version: fresh file key, fresh salts. Parts lie in the given order. */
export async function planObject(
  ids: ObjectIds,
  library: LibraryKey,
  parts: readonly PlannedPart[],
): Promise<ObjectPlan> {
  const original = parts.find((part) => part.label === 'original');
  if (!original) throw new RangeError('the first object of a version has an original');
  const binding = fileKeyBinding(library.library, library.epoch, ids.version);
  return {
    suite,
    library: library.library,
    ...ids,
    revision: firstRevision,
    wrap: {
      library: library.library,
      epoch: library.epoch,
      key: await wrapKey(library.key, binding, randomBytes(cobblestone.keyBytes)),
    },
    parts: parts.map((part) => ({ ...part, salt: randomBytes(cobblestone.saltBytes) })),
    original: original.digest.sha256,
  };
}

/** The file key that a trailer's or a plan's wrap holds. Throws DamagedError `wrap`. */
export const openFileKey = (
  libraryKey: Uint8Array,
  wrap: ObjectPlan['wrap'],
  version: VersionId,
): Promise<Uint8Array<ArrayBuffer>> =>
  unwrapKey(libraryKey, fileKeyBinding(wrap.library, wrap.epoch, version), wrap.key);

/** Everything of the manifest that is known before sealing. */
export function planShape(plan: ObjectPlan): ManifestShape {
  const { library, photo, version, revision, author, device, createdAt } = plan;
  const parts = layParts(plan.parts.map(({ label, digest }) => ({ label, size: digest.size })));
  return { suite, library, photo, version, revision, author, device, createdAt, parts };
}

/** Length of the object, in bytes. */
export const plannedLength = (plan: ObjectPlan): number => objectLength(planShape(plan), plan.wrap.epoch);
