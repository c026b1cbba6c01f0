import { useCallback, useEffect, useRef, useState, type KeyboardEvent, type RefObject } from 'react';
import { useLocale } from 'react-aria-components';
import { rowOf, stepFrom, type Step } from './layout.ts';
import type { PhotoList } from './photo-list.ts';
import type { GridLayout } from './use-grid-layout.ts';

const steps: Readonly<Record<string, Step>> = {
  ArrowUp: 'up',
  ArrowDown: 'down',
  ArrowLeft: 'left',
  ArrowRight: 'right',
  Home: 'home',
  End: 'end',
  PageUp: 'pageUp',
  PageDown: 'pageDown',
};

/** Room that headings and bars take at the top of the screen. */
const topPixels = 72;

export interface GridKeys {
  /** The tile that the tab key leads to. */
  active: number;
  activate: (place: number) => void;
  /** Scrolls to a tile and gives it the focus. */
  focus: (place: number) => void;
  onStep: (event: KeyboardEvent) => number | null;
}

/** One tab stop, which arrow keys move through the rows. */
export function useGridKeys(
  element: RefObject<HTMLElement | null>,
  list: PhotoList,
  layout: GridLayout,
): GridKeys {
  const { direction } = useLocale();
  const [wanted, setActive] = useState(0);
  const active = Math.min(wanted, Math.max(0, list.length - 1));
  const awaited = useRef<number | null>(null);
  const takeFocus = useCallback(() => {
    if (awaited.current === null) return;
    const tile = element.current?.querySelector<HTMLElement>(`[data-place="${awaited.current}"]`);
    if (!tile) return;
    awaited.current = null;
    tile.focus({ preventScroll: true });
  }, [element]);
  // A tile far away is drawn only after the page was scrolled to it, so each drawing looks.
  useEffect(takeFocus);
  const focus = useCallback(
    (place: number) => {
      const row = layout.rows[rowOf(layout, place)];
      if (row && element.current) reveal(element.current, row);
      awaited.current = place;
      setActive(place);
      // At once where it is drawn: a closing dialog gives the focus back a frame later, unless somebody has it by then.
      takeFocus();
    },
    [element, layout, takeFocus],
  );
  const onStep = (event: KeyboardEvent): number | null => {
    const named = steps[event.key];
    if (!named || event.altKey || event.metaKey) return null;
    const mirrored = direction === 'rtl' ? mirror[named] : undefined;
    event.preventDefault();
    const page = { gap: layout.gap, pageHeight: window.innerHeight - topPixels };
    const goal = stepFrom(list, layout, active, mirrored ?? named, page);
    focus(goal);
    return goal;
  };
  return { active, activate: setActive, focus, onStep };
}

const mirror: Partial<Record<Step, Step>> = { left: 'right', right: 'left' };

/** Scrolls as little as needed to show a row whole. */
function reveal(grid: HTMLElement, { top, height }: { top: number; height: number }): void {
  const from = grid.getBoundingClientRect().top + top;
  const bottomBar = 80;
  if (from < topPixels) window.scrollBy({ top: from - topPixels, behavior: 'instant' });
  else if (from + height > window.innerHeight - bottomBar)
    window.scrollBy({ top: from + height - window.innerHeight + bottomBar, behavior: 'instant' });
}
