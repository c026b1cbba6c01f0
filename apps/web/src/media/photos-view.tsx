import { useNavigate, useRouter, useSearch } from '@tanstack/react-router';
import { withLateTexts } from '../i18n/late-texts.ts';
import { lazy, Suspense, useEffect, useRef, useState, type ReactNode } from 'react';
import { PhotoGrid, type PhotoGridProps } from './photo-grid.tsx';

declare module '@tanstack/react-router' {
  interface HistoryState {
    /** The page below is one step back in the history. */
    isAboveGrid?: boolean;
  }
}

const Lightbox = lazy(
  withLateTexts(async () => ({ default: (await import('../lightbox/lightbox.tsx')).Lightbox })),
);

export type PhotosViewProps = Omit<PhotoGridProps, 'onOpen' | 'lastShown'> & {
  /** What stands above the grid, within its width. */
  children?: ReactNode;
};

/**
 * A grid of photos in a page: opening one puts `?photo=ID` into the address and shows it in the lightbox. Back closes it, the
 * grid stays where it was, and the focus comes back to the tile of the photo that was seen last.
 */
export function PhotosView({ children, ...grid }: PhotosViewProps) {
  const { photos } = grid;
  const navigate = useNavigate();
  const router = useRouter();
  const { photo } = useSearch({ strict: false });
  const seen = useRef<string | null>(null);
  const [lastShown, setLastShown] = useState<{ place: number } | null>(null);
  useEffect(() => {
    const place = photo === undefined && seen.current !== null ? photos.placeOf(seen.current) : -1;
    seen.current = photo ?? null;
    if (place >= 0) setLastShown({ place });
  }, [photo, photos]);
  const show = (id: string, isFirst: boolean) =>
    void navigate({
      to: '.',
      search: (before: Record<string, unknown>) => ({ ...before, photo: id }),
      resetScroll: false,
      replace: !isFirst,
      state: isFirst ? { isAboveGrid: true } : true,
    });
  const close = () => {
    if (router.state.location.state.isAboveGrid) router.history.back();
    else
      void navigate({
        to: '.',
        search: ({ photo: _, ...rest }: Record<string, unknown>) => rest,
        resetScroll: false,
        replace: true,
      });
  };
  return (
    <>
      {children}
      <PhotoGrid {...grid} onOpen={(tile) => show(tile.photo, true)} lastShown={lastShown} />
      {photo !== undefined && (
        <Suspense>
          <Lightbox photos={photos} photo={photo} onMove={(id) => show(id, false)} onClose={close} />
        </Suspense>
      )}
    </>
  );
}
