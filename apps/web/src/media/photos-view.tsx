import { useNavigate } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { PhotoGrid, type PhotoGridProps } from './photo-grid.tsx';
import type { Tile } from './photo-list.ts';

export type PhotosViewProps = Omit<PhotoGridProps, 'onOpen'> & {
  /** What stands above the grid, within its width. */
  children?: ReactNode;
};

/**
 * A grid of photos in a page: opening one puts `?photo=ID` into the address, so that Back closes it and the grid stays where
 * it was.
 */
export function PhotosView({ children, ...grid }: PhotosViewProps) {
  const navigate = useNavigate();
  const open = ({ photo }: Tile) =>
    void navigate({
      to: '.',
      search: (before: Record<string, unknown>) => ({ ...before, photo }),
      resetScroll: false,
    });
  return (
    <>
      {children}
      <PhotoGrid {...grid} onOpen={open} />
    </>
  );
}
