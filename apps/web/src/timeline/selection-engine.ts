import { setFavourite } from '@heirloom/client';
import type { PhotoId } from '@heirloom/contracts';
import type { EngineContext } from '../engine/engine-context.ts';

/** What a selection of photos has of its own; albums and the trash take it as they take any photos. */
export const selectionEngine = (context: EngineContext) => ({
  setFavourite: async (photos: string[], isFavourite: boolean): Promise<void> => {
    const vault = await context.vault();
    await context.online(() => setFavourite(vault, photos as PhotoId[], isFavourite));
    context.notes = null;
    context.changed('timeline', 'albums');
  },
});
