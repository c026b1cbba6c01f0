import { z } from 'zod';
import { can } from '../base/access.ts';
import { cursor, queryInt } from '../base/codecs.ts';
import { albumId, collectionId, libraryId, photoId, uploadId, versionId } from '../base/ids.ts';
import { limits } from '../base/limits.ts';
import { route } from '../base/route.ts';
import {
  albumItem,
  commitItem,
  commitResult,
  feedEntry,
  librarySummary,
  locationStatus,
  version,
} from './schemas.ts';

const vault = { service: 'vault' } as const;
const oneUpload = z.object({ uploadId });

/** Uploads speak tus 1.0.0 (core, creation, creation-with-upload, termination); the rest is JSON. */
export const vaultRoutes = {
  uploadOptions: route({
    ...vault,
    id: 'vault.uploads.options',
    method: 'OPTIONS',
    path: '/api/vault/uploads',
    access: 'public',
    stream: 'response',
    status: 204,
  }),
  /** `Upload-Length` is required; `Upload-Metadata: id <base64 of the UUID>` names the upload, so that repeating it is harmless. 201 with `Location` and `Upload-Offset`. */
  createUpload: route({
    ...vault,
    id: 'vault.uploads.create',
    method: 'POST',
    path: '/api/vault/uploads',
    access: can('create', 'Upload'),
    stream: 'both',
    status: 201,
    bodyLimitBytes: limits.objectBytes,
  }),
  readUpload: route({
    ...vault,
    id: 'vault.uploads.read',
    method: 'HEAD',
    path: '/api/vault/uploads/:uploadId',
    access: can('read', 'Upload'),
    params: oneUpload,
    stream: 'response',
    status: 200,
  }),
  continueUpload: route({
    ...vault,
    id: 'vault.uploads.continue',
    method: 'PATCH',
    path: '/api/vault/uploads/:uploadId',
    access: can('update', 'Upload'),
    params: oneUpload,
    stream: 'both',
    status: 204,
    bodyLimitBytes: limits.objectBytes,
  }),
  discardUpload: route({
    ...vault,
    id: 'vault.uploads.discard',
    method: 'DELETE',
    path: '/api/vault/uploads/:uploadId',
    access: can('delete', 'Upload'),
    params: oneUpload,
    stream: 'response',
    status: 204,
  }),
  /** Each item stands for itself: one refused item does not hold back the others. Repeating it answers `already-stored`. */
  commitPhotos: route({
    ...vault,
    id: 'vault.photos.commit',
    method: 'POST',
    path: '/api/vault/photos',
    access: can('create', 'Photo'),
    body: z.object({ items: z.array(commitItem).min(1).max(limits.photosPerCommit) }),
    output: z.object({ results: z.array(commitResult) }),
  }),
  /** Oldest first, at most limits.versionsPerPage at once; `next` goes into `after` for those that follow. */
  photoVersions: route({
    ...vault,
    id: 'vault.versions.list',
    method: 'GET',
    path: '/api/vault/photos/:photoId/versions',
    access: can('read', 'Version'),
    params: z.object({ photoId }),
    query: z.object({ after: versionId.optional() }),
    output: z.object({ versions: z.array(version), next: versionId.nullable() }),
  }),
  /** The object's bytes; answers `Range` (one range), `If-None-Match`, and caches for ever. */
  readObject: route({
    ...vault,
    id: 'vault.objects.read',
    method: 'GET',
    path: '/api/vault/versions/:versionId/object',
    access: can('read', 'Version'),
    params: z.object({ versionId }),
    stream: 'response',
    status: 200,
  }),
  feed: route({
    ...vault,
    id: 'vault.feed.read',
    method: 'GET',
    path: '/api/vault/collections/:collectionId/feed',
    access: can('read', 'Photo'),
    params: z.object({ collectionId }),
    query: z.object({ cursor: cursor.optional(), limit: queryInt({ min: 1, max: limits.feedItemsPerPage }) }),
    /** `incarnation` changes when the catalogue was rebuilt: begin again without a cursor. A stale cursor is 410 `gone`. */
    output: z.object({ incarnation: z.uuid(), entries: z.array(feedEntry), cursor, more: z.boolean() }),
  }),
  addAlbumItems: route({
    ...vault,
    id: 'vault.album-items.add',
    method: 'POST',
    path: '/api/vault/albums/:albumId/items',
    access: can('create', 'AlbumItem'),
    params: z.object({ albumId }),
    body: z.object({ items: z.array(albumItem).min(1).max(limits.albumItemsPerRequest) }),
    output: z.object({ added: z.int(), alreadyThere: z.int() }),
  }),
  removeAlbumItem: route({
    ...vault,
    id: 'vault.album-items.remove',
    method: 'DELETE',
    path: '/api/vault/albums/:albumId/items/:photoId',
    access: can('delete', 'AlbumItem'),
    params: z.object({ albumId, photoId }),
  }),
  summary: route({
    ...vault,
    id: 'vault.libraries.summary',
    method: 'GET',
    path: '/api/vault/libraries/:libraryId/summary',
    access: can('read', 'Library'),
    params: z.object({ libraryId }),
    output: librarySummary,
  }),
  /** The configured locations in their order, then those that only the catalogue remembers. */
  locations: route({
    ...vault,
    id: 'vault.locations.list',
    method: 'GET',
    path: '/api/vault/locations',
    access: 'operator',
    output: z.object({ locations: z.array(locationStatus) }),
  }),
};
