import { z } from 'zod';
import { can } from '../base/access.ts';
import { queryInt } from '../base/codecs.ts';
import { libraryId, photoId } from '../base/ids.ts';
import { limits } from '../base/limits.ts';
import { route } from '../base/route.ts';
import { inTrash } from './schemas.ts';

const vault = { service: 'vault' } as const;
const somePhotos = z.array(photoId).min(1).max(limits.photosPerTrashing);
const photosOfLibrary = z.object({ libraryId, photoIds: somePhotos });

export const trashStatus = z.enum(['trashed', 'already-trashed', 'not-found']);
/** `gone`: it is being deleted for good. */
export const restoreStatus = z.enum(['restored', 'not-trashed', 'gone', 'not-found']);
export type TrashStatus = z.infer<typeof trashStatus>;
export type RestoreStatus = z.infer<typeof restoreStatus>;

/**
 * The trash of a library. A photo in it is out of view in all albums, and nothing of it is deleted. Emptying hides it;
 * its bytes and rows go when it has been in the trash for limits.trashMs by the server's clock, and never sooner.
 */
export const trashRoutes = {
  /** Repeating it changes nothing: the time counts from the first. Each photo is answered for itself, in their order. */
  trashPhotos: route({
    ...vault,
    id: 'vault.trash.add',
    method: 'POST',
    path: '/api/vault/photos/trash',
    access: can('update', 'Photo'),
    body: photosOfLibrary,
    output: z.object({
      results: z.array(z.object({ photoId, status: trashStatus, trashed: inTrash.nullable() })),
    }),
  }),
  /** Brings photos back, into the albums too that they were in; also what was emptied, as long as it is not being deleted. */
  restorePhotos: route({
    ...vault,
    id: 'vault.trash.restore',
    method: 'POST',
    path: '/api/vault/photos/restore',
    access: can('update', 'Photo'),
    body: photosOfLibrary,
    output: z.object({ results: z.array(z.object({ photoId, status: restoreStatus })) }),
  }),
  /** In order of photo id; `next` goes into `after` for those that follow. What was emptied is not listed. */
  trash: route({
    ...vault,
    id: 'vault.trash.list',
    method: 'GET',
    path: '/api/vault/photos/trash',
    access: can('read', 'Photo'),
    query: z.object({
      libraryId,
      after: photoId.optional(),
      limit: queryInt({ min: 1, max: limits.photosPerTrashing }),
    }),
    output: z.object({ photos: z.array(inTrash.extend({ photoId })), next: photoId.nullable() }),
  }),
  /** Empties the trash of the named photos, or of all; `more` says that a request without ids has to be repeated. */
  emptyTrash: route({
    ...vault,
    id: 'vault.trash.empty',
    method: 'POST',
    path: '/api/vault/photos/trash/empty',
    access: can('delete', 'Photo'),
    body: z.object({ libraryId, photoIds: somePhotos.optional() }),
    output: z.object({ emptied: z.int(), more: z.boolean() }),
  }),
};
