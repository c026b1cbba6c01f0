import { useEffect, useRef, type RefObject } from 'react';

const longPressMs = 450;
/** A finger that moved so far before the time is scrolling. */
const slackPixels = 10;
/** Near the edges of the screen, dragging scrolls. */
const edgePixels = 90;
const scrollPixels = 14;

export interface TouchSelection {
  /** A finger stayed on a tile. */
  onBegin: (place: number) => void;
  /** It moved on to another tile. */
  onReach: (place: number) => void;
}

const placeAt = (x: number, y: number): number | null => {
  const tile = document.elementFromPoint(x, y)?.closest<HTMLElement>('[data-place]');
  return tile ? Number(tile.dataset.place) : null;
};

/** Selecting by touch: a long press begins, and the finger draws a range. */
export function useTouchSelection(element: RefObject<HTMLElement | null>, hears: TouchSelection): void {
  const latest = useRef(hears);
  useEffect(() => {
    latest.current = hears;
  });
  useEffect(() => {
    const grid = element.current;
    if (!grid) return;
    return listen(grid, {
      onBegin: (place) => latest.current.onBegin(place),
      onReach: (place) => latest.current.onReach(place),
    });
  }, [element]);
}

function listen(grid: HTMLElement, { onBegin, onReach }: TouchSelection): () => void {
  const stop = new AbortController();
  const { signal } = stop;
  let timer: ReturnType<typeof setTimeout> | undefined;
  let start: { x: number; y: number } | null = null;
  let isDrawing = false;
  const end = () => {
    clearTimeout(timer);
    start = null;
    // The click that follows a long press must not open the photo.
    setTimeout(() => (isDrawing = false), 0);
  };
  const begin = ({ touches }: TouchEvent) => {
    const [touch] = touches;
    if (!touch || touches.length > 1) return end();
    const at = { x: touch.clientX, y: touch.clientY };
    const place = placeAt(at.x, at.y);
    if (place === null) return;
    start = at;
    timer = setTimeout(() => {
      isDrawing = true;
      navigator.vibrate?.(15);
      onBegin(place);
    }, longPressMs);
  };
  const move = (event: TouchEvent) => {
    const [touch] = event.touches;
    if (!start || !touch) return;
    const { clientX: x, clientY: y } = touch;
    if (!isDrawing) {
      if (Math.hypot(x - start.x, y - start.y) > slackPixels) end();
      return;
    }
    event.preventDefault();
    const place = placeAt(x, y);
    if (place !== null) onReach(place);
    if (y < edgePixels) window.scrollBy(0, -scrollPixels);
    else if (y > window.innerHeight - edgePixels) window.scrollBy(0, scrollPixels);
  };
  const hush = (event: Event) => {
    if (!isDrawing) return;
    event.preventDefault();
    event.stopPropagation();
  };
  grid.addEventListener('touchstart', begin, { passive: true, signal });
  // Not passive: while a range is drawn, the page must not scroll by itself.
  grid.addEventListener('touchmove', move, { passive: false, signal });
  grid.addEventListener('touchend', end, { signal });
  grid.addEventListener('touchcancel', end, { signal });
  grid.addEventListener('click', hush, { capture: true, signal });
  grid.addEventListener('contextmenu', (event) => start && event.preventDefault(), { signal });
  return () => {
    clearTimeout(timer);
    stop.abort();
  };
}
