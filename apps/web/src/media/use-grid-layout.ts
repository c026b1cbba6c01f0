import { useEffect, useLayoutEffect, useMemo, useState, type RefObject } from 'react';
import { layOut, rowAt, type Layout } from './layout.ts';
import type { PhotoList } from './photo-list.ts';

const narrowPixels = 640;

/** Sizes of the grid at a width, in CSS pixels. */
export function sizesAt(width: number): { rowHeight: number; gap: number; headingHeight: number } {
  if (width < narrowPixels) return { rowHeight: Math.max(90, width / 3.2), gap: 3, headingHeight: 48 };
  return { rowHeight: Math.min(280, 150 + width / 16), gap: 6, headingHeight: 52 };
}

/** The inner width of an element, kept up to date; 0 before it was drawn. */
export function useWidth(element: RefObject<HTMLElement | null>): number {
  const [width, setWidth] = useState(0);
  useLayoutEffect(() => {
    const box = element.current;
    if (!box) return;
    const measure = () => setWidth(Math.floor(box.clientWidth));
    measure();
    const observer = new ResizeObserver(measure);
    observer.observe(box);
    return () => observer.disconnect();
  }, [element]);
  return width;
}

export interface GridLayout extends Layout {
  gap: number;
  headingHeight: number;
}

/** The layout of a list at a width. @param hasDays - whether days have headings and rows of their own */
export function useGridLayout(list: PhotoList, width: number, hasDays: boolean): GridLayout {
  return useMemo(() => {
    const sizes = sizesAt(width);
    const options = { width, ...sizes, ...(hasDays ? {} : { headingHeight: 0 }) };
    const layout = width > 0 ? layOut(list, options) : { height: 0, rows: [], sections: [] };
    return { ...layout, gap: options.gap, headingHeight: options.headingHeight };
  }, [list, width, hasDays]);
}

/** Drawn above and below the screen, so that scrolling meets tiles that are there already. */
const beyondPixels = 600;

export interface RowRange {
  first: number;
  /** It is part of the range. */
  last: number;
}

/** Which rows are on the screen or near it. */
export function useVisibleRows(element: RefObject<HTMLElement | null>, { rows }: Layout): RowRange {
  const [range, setRange] = useState<RowRange>({ first: 0, last: -1 });
  useLayoutEffect(() => {
    const look = () => {
      const top = -(element.current?.getBoundingClientRect().top ?? 0);
      const first = Math.max(0, rowAt(rows, top - beyondPixels));
      const last = rowAt(rows, top + window.innerHeight + beyondPixels);
      setRange((before) => (before.first === first && before.last === last ? before : { first, last }));
    };
    look();
    window.addEventListener('scroll', look, { passive: true });
    window.addEventListener('resize', look);
    return () => {
      window.removeEventListener('scroll', look);
      window.removeEventListener('resize', look);
    };
  }, [element, rows]);
  return {
    first: Math.min(range.first, Math.max(0, rows.length - 1)),
    last: Math.min(range.last, rows.length - 1),
  };
}

/** How far the page is scrolled within the grid, from 0 to its height; changes with every scroll. */
export function useScrolled(element: RefObject<HTMLElement | null>, hear: (top: number) => void): void {
  useEffect(() => {
    const look = () => hear(-(element.current?.getBoundingClientRect().top ?? 0));
    look();
    window.addEventListener('scroll', look, { passive: true });
    return () => window.removeEventListener('scroll', look);
  }, [element, hear]);
}
