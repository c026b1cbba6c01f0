import { emptyTrash, restorePhotos, trashPhotos } from '@heirloom/client';
import type { PhotoId } from '@heirloom/contracts';
import type { EngineContext } from '../engine/engine-context.ts';
import { shownOf } from '../media/gallery-entry.ts';
import { listed } from '../media/media-engine.ts';
import type { PhotoColumns } from '../media/photo-list.ts';

/** What is in the trash, what goes first at the beginning. */
export interface TrashList {
  photos: PhotoColumns;
  /** By photo: from then on it may be deleted for good. Milliseconds since 1970. */
  keptUntil: Map<string, number>;
}

/** What became of photos that were to come back. */
export interface Restored {
  back: string[];
  /** So many are being deleted for good already. */
  gone: number;
}

/** The trash of the person's own library. */
export const trashEngine = (context: EngineContext) => ({
  list: async (): Promise<TrashList> => {
    const { library, libraryId } = await context.vaultAtHand();
    const photos = await library.trashed();
    photos.sort((a, b) => (a.keptUntil ?? 0) - (b.keptUntil ?? 0) || (a.photo < b.photo ? -1 : 1));
    return {
      photos: listed(libraryId, photos.map(shownOf)),
      keptUntil: new Map(photos.map(({ photo, keptUntil }) => [photo, keptUntil ?? 0])),
    };
  },
  /** Moves photos to the trash. @returns those that are there now */
  move: async (photos: readonly string[]): Promise<string[]> => {
    const vault = await context.vault();
    const answers = await context.online(() => trashPhotos(vault, photos as PhotoId[]));
    context.changed('timeline', 'albums');
    return answers.filter(({ trashed }) => trashed !== null).map(({ photoId }) => photoId);
  },
  /** Brings photos back, into their albums too. */
  restore: async (photos: readonly string[]): Promise<Restored> => {
    const vault = await context.vault();
    const answers = await context.online(() => restorePhotos(vault, photos as PhotoId[]));
    context.changed('timeline', 'albums');
    const back = answers.filter(({ status }) => status === 'restored' || status === 'not-trashed');
    return {
      back: back.map(({ photoId }) => photoId),
      gone: answers.filter(({ status }) => status === 'gone').length,
    };
  },
  /** Empties the trash of these photos, or of all. @returns how many */
  empty: async (photos?: readonly string[]): Promise<number> => {
    const vault = await context.vault();
    const emptied = await context.online(() => emptyTrash(vault, photos as PhotoId[] | undefined));
    context.changed('timeline', 'albums');
    return emptied;
  },
});
