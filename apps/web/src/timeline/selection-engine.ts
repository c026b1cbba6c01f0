import { addToAlbum, restorePhotos, setFavourite, trashPhotos, type IndexedPhoto } from '@heirloom/client';
import { AppError, type PhotoId } from '@heirloom/contracts';
import type { EngineContext } from '../engine/engine-context.ts';

/** What can be done with many of the person's own photos. */
export const selectionEngine = (context: EngineContext) => ({
  /** Moves photos to the trash. @returns those that are there now */
  trash: async (photos: string[]): Promise<string[]> => {
    const vault = await context.vault();
    const answers = await context.online(() => trashPhotos(vault, photos as PhotoId[]));
    context.changed('timeline', 'albums');
    return answers.filter(({ trashed }) => trashed !== null).map(({ photoId }) => photoId);
  },
  /** Takes photos out of the trash again. @returns how many came back */
  restore: async (photos: string[]): Promise<number> => {
    const vault = await context.vault();
    const answers = await context.online(() => restorePhotos(vault, photos as PhotoId[]));
    context.changed('timeline', 'albums');
    return answers.filter(({ status }) => status === 'restored').length;
  },
  setFavourite: async (photos: string[], isFavourite: boolean): Promise<void> => {
    const vault = await context.vault();
    await context.online(() => setFavourite(vault, photos as PhotoId[], isFavourite));
    context.notes = null;
    context.changed('timeline', 'albums');
  },
  /**
   * Puts photos into an album. Those that are there stay as they are.
   * @returns how many were new there
   * @throws AppError `not-found` when the person has no such album, `forbidden` when they may only look
   */
  addToAlbum: async (albumId: string, photos: string[]): Promise<number> => {
    const vault = await context.vault();
    const album = await vault.albums.byId(albumId);
    if (!album) throw new AppError('not-found');
    const found = await Promise.all(photos.map((photo) => vault.library.get(photo as PhotoId)));
    const whole = found.filter((photo): photo is IndexedPhoto => photo?.fileKey instanceof Uint8Array);
    const added = await context.online(() => addToAlbum(vault, album, whole));
    context.changed('albums');
    return added;
  },
});
