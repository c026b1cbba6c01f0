import type { AlbumId, AlbumItem, PhotoId, VersionId } from '@heirloom/contracts';
import type { AlbumItem as AlbumItemRow } from '../generated/client.ts';

export const toAlbumItem = (row: AlbumItemRow): AlbumItem => ({
  albumId: row.albumId as AlbumId,
  photoId: row.photoId as PhotoId,
  versionId: row.versionId as VersionId,
  epoch: row.epoch,
  wrappedFileKey: row.wrappedFileKey,
  statement: row.statement,
});
