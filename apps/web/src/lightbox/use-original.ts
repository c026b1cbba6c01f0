import { useEffect, useState } from 'react';
import { ask } from '../engine/use-engine.ts';
import type { PhotoRef } from '../media/photo-list.ts';

export type Original =
  { state: 'none' | 'waiting' } | { state: 'shown'; url: string } | { state: 'failed'; error: unknown };

/** The whole original as a picture, once it is wanted; its memory is let go with the picture. */
export function useOriginal({ collection, photo, version }: PhotoRef, isWanted: boolean): Original {
  const [original, set] = useState<Original>({ state: 'none' });
  useEffect(() => {
    if (!isWanted) return;
    let isGone = false;
    let url: string | null = null;
    set({ state: 'waiting' });
    ask((engine) => engine.lightbox.original({ collection, photo, version })).then(
      (blob) => {
        if (isGone) return;
        url = URL.createObjectURL(blob);
        set({ state: 'shown', url });
      },
      (error: unknown) => isGone || set({ state: 'failed', error }),
    );
    return () => {
      isGone = true;
      if (url !== null) URL.revokeObjectURL(url);
      set({ state: 'none' });
    };
  }, [collection, photo, version, isWanted]);
  return original;
}
