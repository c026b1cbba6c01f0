import {
  limits,
  newId,
  objectName,
  uploadId,
  type ObjectName,
  type PhotoId,
  type UploadId,
  type VersionId,
} from '@heirloom/contracts';
import {
  digestSource,
  objectPlanFormat,
  planObject,
  type ObjectPlan,
  type PartSource,
  type SourceDigest,
} from '@heirloom/crypto';
import { byteString, metadataFormat, recordFormat, type Metadata, type PartLabel } from '@heirloom/formats';
import { z } from 'zod';
import { ownLibrary, type Account } from '../account/account.ts';
import type { LocalSeal } from '../local/local-seal.ts';
import type { Journal, JournalRow } from '../local/ports.ts';

/** A file to store, as it was when it was read for its hash. */
export interface UploadSource {
  digest: SourceDigest;
  /** Reads the file from its start, as often as it is called. */
  original: () => AsyncIterable<Uint8Array>;
  /** Asked for once, when the file is really to be stored. */
  describe(): Promise<{
    metadata: Metadata;
    thumbnail?: Uint8Array | undefined;
    preview?: Uint8Array | undefined;
  }>;
}

const schema = z.strictObject({
  plan: byteString(1, limits.trailerBytes),
  upload: uploadId,
  /** Name of the object once all of it was sent. */
  object: objectName.nullable(),
  metadata: byteString(1, limits.sealedMetadataBytes),
  thumbnail: byteString(0, limits.thumbnailBytes).nullable(),
  preview: byteString(0, limits.previewBytes).nullable(),
});
const pendingFormat = recordFormat(schema, { maxBytes: 16 * 1024 * 1024, code: 'damaged' });

/**
 * All that must stay the same about an upload until it is acknowledged: the plan with its wrapped key and its salts, and
 * the small parts. It is in the journal before the first byte leaves.
 */
export interface PendingUpload {
  plan: ObjectPlan;
  uploadId: UploadId;
  object: ObjectName | null;
  metadata: Uint8Array;
  thumbnail: Uint8Array | null;
  preview: Uint8Array | null;
}

/** The upload of this content that was begun before, if it can go on. */
export async function findPending(
  journal: Journal,
  seal: LocalSeal,
  sha256: Uint8Array,
): Promise<PendingUpload | null> {
  const row = await journal.byContent(seal.lookup('content', sha256));
  if (!row) return null;
  const { plan, upload, ...rest } = pendingFormat.decode(await seal.open(row.versionId, row.sealed));
  return { plan: objectPlanFormat.decode(plan), uploadId: upload, ...rest };
}

export async function keepPending(journal: Journal, seal: LocalSeal, pending: PendingUpload): Promise<void> {
  const { plan, uploadId: upload, ...rest } = pending;
  const record = pendingFormat.encode({ plan: objectPlanFormat.encode(plan), upload, ...rest });
  const row: JournalRow = {
    versionId: plan.version,
    uploadId: upload,
    contentKey: seal.lookup('content', plan.original),
    sealed: await seal.seal(plan.version, record),
    beganAt: plan.createdAt,
  };
  await journal.put(row);
}

/** Plans a new photo: fresh ids, a fresh file key, fresh salts. */
export async function planUpload(account: Account, source: UploadSource): Promise<PendingUpload> {
  const { metadata, thumbnail, preview } = await source.describe();
  const small: [PartLabel, Uint8Array | undefined][] = [
    ['thumbnail', thumbnail],
    ['preview', preview],
    ['metadata', metadataFormat.encode(metadata)],
  ];
  const parts = [];
  for (const [label, bytes] of small)
    if (bytes) parts.push({ label, digest: await digestSource(bytes, account.ports) });
  parts.push({ label: 'original' as const, digest: source.digest });
  const { libraryId, epoch, key } = ownLibrary(account);
  const plan = await planObject(
    {
      photo: newId<PhotoId>(),
      version: newId<VersionId>(),
      author: account.profile.accountId,
      device: account.profile.deviceId,
      createdAt: Date.now(),
    },
    { library: libraryId, epoch, key },
    parts,
  );
  return {
    plan,
    uploadId: newId<UploadId>(),
    object: null,
    metadata: metadataFormat.encode(metadata),
    thumbnail: thumbnail ?? null,
    preview: preview ?? null,
  };
}

/** The plaintexts of an upload's parts. */
export function sourcesOf(
  pending: PendingUpload,
  original: UploadSource['original'],
): Record<string, PartSource> {
  return {
    metadata: pending.metadata,
    original,
    ...(pending.thumbnail ? { thumbnail: pending.thumbnail } : {}),
    ...(pending.preview ? { preview: pending.preview } : {}),
  };
}
