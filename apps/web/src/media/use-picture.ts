import { useEffect, useState } from 'react';
import { openChanges } from '../engine/topics.ts';
import { ask } from '../engine/use-engine.ts';
import type { PhotoRef } from './photo-list.ts';
import { Pictures, type Picture } from './pictures.ts';
import type { ShownPart } from './read-part.ts';

const damage: readonly unknown[] = ['damaged', 'object-malformed'];

/** Tickets of all pictures of this tab, since the engine knows requests by them. */
let lastTicket = 0;

const picturesOf = (label: ShownPart, most?: number) => {
  const tickets = new Map<number, number>();
  return new Pictures(
    {
      load: async (ref, own) => {
        const ticket = (lastTicket += 1);
        tickets.set(own, ticket);
        try {
          return await ask((engine) => engine.media.part(ref, label, ticket));
        } finally {
          tickets.delete(own);
        }
      },
      cancel: (own) => {
        const ticket = tickets.get(own);
        if (ticket !== undefined) void ask((engine) => engine.media.cancel(ticket));
      },
      isDamage: (error) => damage.includes((error as { code?: unknown } | null)?.code),
    },
    most,
  );
};

/** Thumbnails of this tab. */
const thumbnails = picturesOf('thumbnail');
/** Previews are large, and seen one at a time. */
const previews = picturesOf('preview', 8);

openChanges().listen((topics) => {
  for (const pictures of [thumbnails, previews]) {
    if (topics.includes('session')) pictures.clear();
    if (topics.includes('connection')) pictures.retry();
  }
});

/** The photo's thumbnail, fetched and opened while somebody looks at it; null asks for none. */
export const useThumbnail = (ref: PhotoRef | null): Picture | null => usePicture(thumbnails, ref);

/** The photo's preview, as large as a screen; as {@link useThumbnail}. */
export const usePreview = (ref: PhotoRef | null): Picture | null => usePicture(previews, ref);

/** Fetches previews of photos that are looked at next. */
export function usePreloaded(first: PhotoRef | null, second: PhotoRef | null): void {
  usePreview(second);
  usePreview(first);
}

function usePicture(pictures: Pictures, ref: PhotoRef | null): Picture | null {
  const { collection, photo, version } = ref ?? {};
  const [seen, see] = useState<{ version: string; picture: Picture } | null>(null);
  useEffect(() => {
    if (collection === undefined || photo === undefined || version === undefined) return;
    return pictures.watch({ collection, photo, version }, (picture) => see({ version, picture }));
  }, [pictures, collection, photo, version]);
  if (!ref) return null;
  return seen?.version === ref.version ? seen.picture : pictures.peek(ref);
}
