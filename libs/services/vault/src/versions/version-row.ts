import type {
  AccountId,
  DeviceId,
  LibraryId,
  ObjectName,
  PhotoId,
  Version,
  VersionId,
} from '@heirloom/contracts';
import type { Prisma } from '../generated/client.ts';

export const withObject = { object: { select: { sizeBytes: true } } } satisfies Prisma.VersionInclude;
export type VersionRow = Prisma.VersionGetPayload<{ include: typeof withObject }>;

export const toVersion = (row: VersionRow): Version => ({
  photoId: row.photoId as PhotoId,
  versionId: row.id as VersionId,
  libraryId: row.libraryId as LibraryId,
  authorId: row.authorId as AccountId,
  deviceId: row.deviceId as DeviceId,
  object: row.objectName as ObjectName,
  objectBytes: Number(row.object.sizeBytes),
  trailerBytes: row.trailerBytes,
  trailer: row.trailer,
  sealedMetadata: row.sealedMetadata,
  committedAt: row.committedAt,
});
