import type { PhotoList } from '../media/photo-list.ts';

/**
 * Where a step leads. The address follows a moment later than the press, and the list may have been made anew in between:
 * whoever presses quickly goes on from the photo for which they have asked.
 *
 * @param shown - id of the photo that is shown
 * @param asked - id of the one that was asked for and is not shown yet, or null
 * @param step - 1 forwards, -1 back
 * @returns its id, or null at an end
 */
export function nextPhoto(
  photos: PhotoList,
  shown: string,
  asked: string | null,
  step: number,
): string | null {
  const askedPlace = asked === null ? -1 : photos.placeOf(asked);
  const goal = (askedPlace < 0 ? photos.placeOf(shown) : askedPlace) + step;
  return goal < 0 || goal >= photos.length ? null : photos.photo(goal);
}
