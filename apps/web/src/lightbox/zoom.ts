/** Sizes and places in CSS pixels. */
export interface Size {
  width: number;
  height: number;
}
export interface Point {
  x: number;
  y: number;
}

/** How a picture lies in its frame: at scale 1 it is as large as fits, with its middle `x`, `y` from the frame's. */
export interface View extends Point {
  scale: number;
}

export const whole: View = { scale: 1, x: 0, y: 0 };
/** One press of a key or button. */
export const stepFactor = 1.5;
/** What a double tap goes to. */
export const tapScale = 2.5;
const leastOfMost = 4;
/** Pixels of the screen for one of the picture, at the most. */
const mostPixels = 2;

/** The largest size of that shape that fits. @param aspect - width through height */
export function fitIn(frame: Size, aspect: number): Size {
  const width = Math.min(frame.width, frame.height * aspect);
  return { width, height: width / aspect };
}

/** How far it makes sense to zoom in. @param originalWidth - in pixels of the picture; 0 where it is not known */
export const mostScale = (fitted: Size, originalWidth: number): number =>
  Math.max(leastOfMost, fitted.width > 0 ? (originalWidth / fitted.width) * mostPixels : 0);

// Adding zero makes one zero of the two.
const within = (value: number, least: number, most: number) => Math.min(most, Math.max(least, value)) + 0;

/** Keeps the picture in the frame: where it is larger it has no empty edge, where it is smaller it is in the middle. */
export function keepInside(view: View, frame: Size, fitted: Size): View {
  const reachX = Math.max(0, (fitted.width * view.scale - frame.width) / 2);
  const reachY = Math.max(0, (fitted.height * view.scale - frame.height) / 2);
  return { scale: view.scale, x: within(view.x, -reachX, reachX), y: within(view.y, -reachY, reachY) };
}

/**
 * Zooms so that what lies under a point stays there.
 * @param at - from the middle of the frame
 */
export function zoomTo(view: View, scale: number, at: Point, frame: Size, fitted: Size, most: number): View {
  const next = within(scale, 1, most);
  const factor = next / view.scale;
  const moved = {
    scale: next,
    x: at.x - (at.x - view.x) * factor,
    y: at.y - (at.y - view.y) * factor,
  };
  return keepInside(moved, frame, fitted);
}

const swipePixels = 60;
const swipeShare = 0.15;

/** Where a sideways drag leads: 1 to what is on the right, -1 to the left, 0 nowhere. */
export function swipeOf(moved: Point, width: number): -1 | 0 | 1 {
  const far = Math.max(swipePixels, width * swipeShare);
  if (Math.abs(moved.x) < far || Math.abs(moved.x) < 1.5 * Math.abs(moved.y)) return 0;
  return moved.x < 0 ? 1 : -1;
}
