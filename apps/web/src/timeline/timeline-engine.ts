import type { EngineContext } from '../engine/engine-context.ts';
import { listed, photosOf } from '../media/media-engine.ts';
import type { PhotoColumns } from '../media/photo-list.ts';

/** Everything in the person's own library. */
export function timelineEngine(context: EngineContext) {
  const library = async (): Promise<string> => (await context.vaultAtHand()).libraryId;
  let syncing: Promise<void> | null = null;
  const sync = async () => {
    const vault = await context.vault();
    await context.online(() => vault.syncLibrary());
  };
  return {
    /** The newest first. */
    photos: async (): Promise<PhotoColumns> => {
      const own = await library();
      return listed(own, await photosOf(context, own));
    },
    favourites: async (): Promise<PhotoColumns> => {
      const own = await library();
      return listed(
        own,
        (await photosOf(context, own)).filter(({ isFavourite }) => isFavourite),
      );
    },
    /** Fetches what is new; pages hear of it while it arrives. Asking again while it runs waits for the same. */
    sync: async (): Promise<void> => {
      syncing ??= sync().finally(() => (syncing = null));
      await syncing;
    },
  };
}
