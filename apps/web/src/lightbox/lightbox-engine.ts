import { askForCopies, downloadOriginal, setCaption } from '@heirloom/client';
import type { PhotoId } from '@heirloom/contracts';
import { archives } from '../downloads/archives.ts';
import type { EngineContext } from '../engine/engine-context.ts';
import { plainOf, type PlainError } from '../engine/errors.ts';
import { indexedPhoto } from '../media/media-engine.ts';
import type { PhotoRef } from '../media/photo-list.ts';
import { inMemory } from './in-memory.ts';
import { MediaTokens } from './media-tokens.ts';
import { detailsOf, type PhotoDetails } from './photo-details.ts';
import { answerDownload, answerFilm, serveMedia, type MediaWord } from './serve-media.ts';
import { filmTypeOf, isDrawable } from './shown-types.ts';

export type MediaUse = 'film' | 'download';

/** What the service worker asks a tab for. */
export interface MediaRequest {
  token: string;
  /** The `Range` header. */
  range: string | null;
}

/** How many copies of a photo there are, by the server's word after it has read each of them just now. */
export interface Copies {
  whole: number;
  all: number;
}

/** One photo at a time: what is known of it, its original, and what the person keeps with it. */
export function lightboxEngine(context: EngineContext) {
  const tokens = new MediaTokens();
  context.listen((topics) => topics.includes('session') && tokens.clear());
  return {
    details: async (ref: PhotoRef): Promise<PhotoDetails> =>
      await detailsOf(context, await context.vaultAtHand(), await indexedPhoto(context, ref)),
    /**
     * Opens an address `/media/TOKEN` of the original, for a player or a download.
     * @param onFault - hears why reading stopped
     */
    openMedia: async (
      ref: PhotoRef,
      use: MediaUse,
      onFault: (fault: PlainError) => void,
    ): Promise<string> => {
      const photo = await indexedPhoto(context, ref);
      const answer = use === 'film' ? answerFilm(photo) : answerDownload(photo);
      return tokens.issue({ answer, onFault: (error) => onFault(plainOf(error)) });
    },
    ...archives(context, tokens),
    closeMedia: async (token: string): Promise<void> => tokens.revoke(token),
    /** Answers a request of the service worker on its port. */
    serve: async ({ token, range }: MediaRequest, port: MessagePort): Promise<void> => {
      const served = tokens.find(token);
      if (served) serveMedia(port, served, await context.vaultAtHand(), range);
      else {
        port.postMessage({ kind: 'unknown' } satisfies MediaWord);
        port.close();
      }
    },
    /**
     * The whole original in memory: pictures for zooming in, and small files where there is no service worker.
     * @throws AppError `too-large`, `damaged`
     */
    original: async (ref: PhotoRef): Promise<Blob> => {
      const photo = await indexedPhoto(context, ref);
      const { mediaType = '', size = 0 } = photo.metadata ?? {};
      const vault = await context.vaultAtHand();
      const type = isDrawable(mediaType, size) ? mediaType : filmTypeOf(mediaType);
      return await context.online(() => inMemory(downloadOriginal(vault, photo), size, type));
    },
    /** An empty one takes the caption away. @throws AppError `bad-request` when it is too long */
    setCaption: async (photo: string, caption: string): Promise<void> => {
      const vault = await context.vault();
      await context.online(() => setCaption(vault, photo as PhotoId, caption));
      context.notes = null;
      context.changed('timeline', 'albums');
    },
    /** Has the server read every copy of a photo of the own library again. */
    copies: async (ref: PhotoRef): Promise<Copies> => {
      const photo = await indexedPhoto(context, ref);
      const vault = await context.vault();
      const reports = await context.online(() => askForCopies(vault, [photo.version]));
      return { whole: reports.filter(({ state }) => state === 'intact').length, all: reports.length };
    },
  };
}
