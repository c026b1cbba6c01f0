import { z } from 'zod';
import { can } from '../base/access.ts';
import { errorCode } from '../base/errors.ts';
import { libraryId, photoId } from '../base/ids.ts';
import { limits } from '../base/limits.ts';
import { route } from '../base/route.ts';
import { photoNotes } from './schemas.ts';

/** `expected` is the revision that is to be replaced, 0 for none; the new one is higher. */
export const notesToWrite = photoNotes.extend({ expected: z.int().min(0) });

export const notesRoutes = {
  /**
   * Compare and swap: notes are stored where the server has exactly the expected revision. Where it has another one the
   * answer is `conflict` with that one, to merge and to try again. Each photo is answered for itself, in their order;
   * repeating a write answers `stored`.
   */
  writeNotes: route({
    service: 'vault',
    id: 'vault.notes.write',
    method: 'PUT',
    path: '/api/vault/photos/notes',
    access: can('update', 'Note'),
    body: z.object({ libraryId, notes: z.array(notesToWrite).min(1).max(limits.notesPerRequest) }),
    output: z.object({
      results: z.array(
        z.object({
          photoId,
          status: z.enum(['stored', 'conflict', 'refused']),
          /** What the server has, where that is the conflict. */
          current: photoNotes.nullable(),
          code: errorCode.optional(),
        }),
      ),
    }),
  }),
};
