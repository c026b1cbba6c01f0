import { useCallback, useEffect, useLayoutEffect, useRef, useState, type RefObject } from 'react';
import {
  fitIn,
  keepInside,
  mostScale,
  swipeOf,
  tapScale,
  whole,
  zoomTo,
  type Point,
  type Size,
  type View,
} from './zoom.ts';

/** The inner size of an element, kept up to date. */
export function useSize(element: RefObject<HTMLElement | null>): Size {
  const [size, setSize] = useState<Size>({ width: 0, height: 0 });
  useLayoutEffect(() => {
    const box = element.current;
    if (!box) return;
    const measure = () => setSize({ width: box.clientWidth, height: box.clientHeight });
    measure();
    const observer = new ResizeObserver(measure);
    observer.observe(box);
    return () => observer.disconnect();
  }, [element]);
  return size;
}

export interface ZoomOptions {
  /** Width through height. */
  aspect: number;
  /** Of the original in pixels; 0 while it is not known. */
  originalWidth: number;
  /** A drag sideways: 1 to what is on the right. */
  onSwipe: (to: -1 | 1) => void;
}

export interface Zoom {
  view: View;
  fitted: Size;
  /** Fingers or a mouse hold the picture: it follows at once. */
  isHeld: boolean;
  /** By a factor, around the middle. */
  zoomBy: (factor: number) => void;
  reset: () => void;
  panBy: (step: Point) => void;
}

/** Zooming and moving a picture: by the wheel, by pinching, by double taps, by dragging, and by the functions it gives. */
export function useZoom(stage: RefObject<HTMLElement | null>, options: ZoomOptions): Zoom {
  const frame = useSize(stage);
  const [view, setView] = useState<View>(whole);
  const [isHeld, hold] = useState(false);
  const fitted = fitIn(frame, options.aspect);
  const most = mostScale(fitted, options.originalWidth);
  const latest = useRef({ ...options, frame, fitted, most, view });
  useLayoutEffect(() => {
    latest.current = { ...options, frame, fitted, most, view };
  });
  const zoomAt = useCallback((scaleOf: (now: number) => number, at: Point) => {
    setView((now) => {
      const { frame, fitted, most } = latest.current;
      return zoomTo(now, scaleOf(now.scale), at, frame, fitted, most);
    });
  }, []);
  const move = useCallback((step: Point) => {
    setView((now) => {
      const { frame, fitted } = latest.current;
      const moved = { scale: now.scale, x: now.x + step.x, y: now.y + step.y };
      // A whole picture follows the finger sideways, and springs back or goes.
      return now.scale > 1 ? keepInside(moved, frame, fitted) : { ...whole, x: moved.x };
    });
  }, []);
  const release = useCallback(() => {
    const { view: now, frame, onSwipe } = latest.current;
    if (now.scale > 1) return;
    const to = swipeOf({ x: now.x, y: 0 }, frame.width);
    setView(whole);
    if (to !== 0) onSwipe(to);
  }, []);
  usePointers(stage, { zoomAt, move, release, hold });
  return {
    view,
    fitted,
    isHeld,
    zoomBy: (factor) => zoomAt((now) => now * factor, { x: 0, y: 0 }),
    reset: () => setView(whole),
    panBy: move,
  };
}

interface Moves {
  zoomAt: (scaleOf: (now: number) => number, at: Point) => void;
  move: (step: Point) => void;
  release: () => void;
  hold: (isHeld: boolean) => void;
}

const tapMs = 300;
const tapPixels = 25;
/** Of a wheel's pixels, for one doubling. */
const wheelPixels = 350;

const between = (a: Point, b: Point) => Math.hypot(a.x - b.x, a.y - b.y);
const middle = (a: Point, b: Point): Point => ({ x: (a.x + b.x) / 2, y: (a.y + b.y) / 2 });

function usePointers(stage: RefObject<HTMLElement | null>, { zoomAt, move, release, hold }: Moves): void {
  useEffect(() => {
    const box = stage.current;
    if (!box) return;
    const pointers = new Map<number, Point>();
    let lastTap: (Point & { at: number }) | null = null;
    let travelled = 0;
    const place = ({ clientX, clientY }: MouseEvent): Point => {
      const { left, top, width, height } = box.getBoundingClientRect();
      return { x: clientX - left - width / 2, y: clientY - top - height / 2 };
    };
    const onDown = (event: PointerEvent) => {
      if (event.button !== 0 || (event.target as Element).closest('button, video')) return;
      box.setPointerCapture(event.pointerId);
      if (pointers.size === 0) travelled = 0;
      pointers.set(event.pointerId, place(event));
      hold(true);
    };
    const onMove = (event: PointerEvent) => {
      const before = pointers.get(event.pointerId);
      if (!before) return;
      const now = place(event);
      const other = [...pointers].find(([id]) => id !== event.pointerId)?.[1];
      pointers.set(event.pointerId, now);
      travelled += between(before, now);
      if (!other) return move({ x: now.x - before.x, y: now.y - before.y });
      const factor = between(now, other) / Math.max(1, between(before, other));
      zoomAt((scale) => scale * factor, middle(now, other));
      const [from, to] = [middle(before, other), middle(now, other)];
      move({ x: to.x - from.x, y: to.y - from.y });
    };
    const onUp = (event: PointerEvent) => {
      if (!pointers.delete(event.pointerId) || pointers.size > 0) return;
      hold(false);
      const at = place(event);
      if (event.type === 'pointerup' && travelled < tapPixels) {
        const isSecond = lastTap && event.timeStamp - lastTap.at < tapMs && between(lastTap, at) < tapPixels;
        lastTap = isSecond ? null : { ...at, at: event.timeStamp };
        if (isSecond) zoomAt((scale) => (scale > 1 ? 1 : tapScale), at);
      }
      release();
    };
    const onWheel = (event: WheelEvent) => {
      event.preventDefault();
      const pixels = event.deltaY * (event.deltaMode === WheelEvent.DOM_DELTA_LINE ? 30 : 1);
      zoomAt((scale) => scale * 2 ** (-pixels / wheelPixels), place(event));
    };
    const stop = new AbortController();
    const { signal } = stop;
    box.addEventListener('pointerdown', onDown, { signal });
    box.addEventListener('pointermove', onMove, { signal });
    box.addEventListener('pointerup', onUp, { signal });
    box.addEventListener('pointercancel', onUp, { signal });
    // The page behind must not scroll, so this one may not be passive.
    box.addEventListener('wheel', onWheel, { passive: false, signal });
    return () => stop.abort();
  }, [stage, zoomAt, move, release, hold]);
}
