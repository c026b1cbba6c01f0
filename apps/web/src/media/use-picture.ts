import { useEffect, useState } from 'react';
import { openChanges } from '../engine/topics.ts';
import { ask } from '../engine/use-engine.ts';
import type { PhotoRef } from './photo-list.ts';
import { Pictures, type Picture } from './pictures.ts';

const damage: readonly unknown[] = ['damaged', 'object-malformed'];

/** Thumbnails of this tab. */
const thumbnails = new Pictures({
  load: (ref, ticket) => ask((engine) => engine.media.part(ref, 'thumbnail', ticket)),
  cancel: (ticket) => void ask((engine) => engine.media.cancel(ticket)),
  isDamage: (error) => damage.includes((error as { code?: unknown } | null)?.code),
});

openChanges().listen((topics) => {
  if (topics.includes('session')) thumbnails.clear();
  if (topics.includes('connection')) thumbnails.retry();
});

/** The photo's thumbnail, fetched and opened while somebody looks at it; null asks for none. */
export function useThumbnail(ref: PhotoRef | null): Picture | null {
  const { collection, photo, version } = ref ?? {};
  const [seen, see] = useState<{ version: string; picture: Picture } | null>(null);
  useEffect(() => {
    if (collection === undefined || photo === undefined || version === undefined) return;
    return thumbnails.watch({ collection, photo, version }, (picture) => see({ version, picture }));
  }, [collection, photo, version]);
  if (!ref) return null;
  return seen?.version === ref.version ? seen.picture : thumbnails.peek(ref);
}
