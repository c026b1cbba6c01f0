import { limits, objectName, type InTrash, type ObjectName } from '@heirloom/contracts';
import {
  byteString,
  libraryField,
  metadataFormat,
  photoField,
  recordFormat,
  timeField,
  versionField,
  type Metadata,
} from '@heirloom/formats';
import { z } from 'zod';

const schema = z.strictObject({
  photo: photoField,
  version: versionField,
  library: libraryField,
  object: objectName,
  objectBytes: z.int().min(0),
  committedAt: timeField,
  /** The trailer, when it is short enough to travel in feeds. */
  trailer: byteString(0, limits.trailerBytes).nullable(),
  opened: z
    .strictObject({ fileKey: byteString(32), metadata: byteString(0, limits.sealedMetadataBytes) })
    .nullable(),
  /** Since when it is in the trash; left out when it is not. */
  trashedAt: timeField.optional(),
  /** When it is in the trash: from then on it may be deleted for good. */
  keptUntil: timeField.optional(),
  /** Why it could not be opened. */
  problem: z.string().max(1000).nullable(),
});

export const photoRecord = recordFormat(schema, { maxBytes: limits.trailerBytes * 2, code: 'damaged' });
type PhotoRecord = z.output<typeof schema>;

/** A photo of the index. It is `opened`, or there is a `problem`. */
export interface IndexedPhoto extends Omit<PhotoRecord, 'opened'> {
  object: ObjectName;
  fileKey: Uint8Array | null;
  metadata: Metadata | null;
}

export function decodePhoto(bytes: Uint8Array): IndexedPhoto {
  const { opened, ...rest } = photoRecord.decode(bytes);
  return {
    ...rest,
    fileKey: opened?.fileKey ?? null,
    metadata: opened ? metadataFormat.decode(opened.metadata) : null,
  };
}

export function encodePhoto({ fileKey, metadata, ...rest }: IndexedPhoto): Uint8Array {
  const opened = fileKey && metadata ? { fileKey, metadata: metadataFormat.encode(metadata) } : null;
  return photoRecord.encode({ ...rest, opened } as PhotoRecord);
}

/** The photo as it is in the trash, or out of it. */
export function withTrashState(photo: IndexedPhoto, trashed: InTrash | null): IndexedPhoto {
  const { trashedAt: _since, keptUntil: _until, ...rest } = photo;
  if (trashed === null) return rest;
  return { ...rest, trashedAt: trashed.trashedAt.getTime(), keptUntil: trashed.keptUntil.getTime() };
}
