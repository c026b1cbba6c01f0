import type { EngineContext } from '../engine/engine-context.ts';
import { plainOf, type PlainError } from '../engine/errors.ts';
import { listed, photosOf } from '../media/media-engine.ts';
import type { PhotoColumns } from '../media/photo-list.ts';

/** What the server has said of the library so far. */
export interface FirstAnswer {
  /** It has told everything once. Before that, a library without photos only seems to be empty. */
  isKnown: boolean;
  /** Why it did not, the last time that it was asked. */
  failure: PlainError | null;
}

/** Everything in the person's own library. */
export function timelineEngine(context: EngineContext) {
  const library = async (): Promise<string> => (await context.vaultAtHand()).libraryId;
  let syncing: Promise<void> | null = null;
  let isFirst = false;
  let failure: PlainError | null = null;
  const hasAnswer = async () => (await context.index.position(await library())).cursor !== null;
  const sync = async () => {
    isFirst ||= !(await hasAnswer());
    const before = failure;
    try {
      const vault = await context.vault();
      await context.online(() => vault.syncLibrary());
      failure = null;
    } catch (error) {
      failure = plainOf(error);
      throw error;
    } finally {
      if (isFirst || failure?.message !== before?.message) context.changed('timeline');
      isFirst &&= failure !== null;
    }
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
    answer: async (): Promise<FirstAnswer> => ({ isKnown: !isFirst && (await hasAnswer()), failure }),
    /** Fetches what is new; pages hear of it while it arrives. Asking again while it runs waits for the same. */
    sync: async (): Promise<void> => {
      syncing ??= sync().finally(() => (syncing = null));
      await syncing;
    },
  };
}
