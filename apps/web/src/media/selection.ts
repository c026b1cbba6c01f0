/** Which photos a person chose, and from where a range would begin. Never changed in place. */
export interface Selection {
  readonly photos: ReadonlySet<string>;
  /** Place of the last photo that was chosen by itself. */
  readonly anchor: number | null;
}

export interface Selectable {
  readonly length: number;
  photo(place: number): string;
}

export const nothing: Selection = { photos: new Set(), anchor: null };

export function toggle(list: Selectable, { photos }: Selection, place: number): Selection {
  const next = new Set(photos);
  const photo = list.photo(place);
  if (!next.delete(photo)) next.add(photo);
  return { photos: next, anchor: place };
}

/** Adds all from the anchor to a place, whichever comes first. The anchor stays, so the range can be drawn again. */
export function extend(list: Selectable, selection: Selection, place: number): Selection {
  const anchor = selection.anchor ?? place;
  const next = new Set(selection.photos);
  for (let at = Math.min(anchor, place); at <= Math.max(anchor, place); at += 1) next.add(list.photo(at));
  return { photos: next, anchor };
}

/** Whether all of these places are chosen. */
export function holdsAll(list: Selectable, { photos }: Selection, from: number, to: number): boolean {
  for (let at = from; at < to; at += 1) if (!photos.has(list.photo(at))) return false;
  return to > from;
}

/** Adds all of these places, or takes them out when they were all chosen. */
export function toggleAll(list: Selectable, selection: Selection, from: number, to: number): Selection {
  const isOut = holdsAll(list, selection, from, to);
  const next = new Set(selection.photos);
  for (let at = from; at < to; at += 1) {
    if (isOut) next.delete(list.photo(at));
    else next.add(list.photo(at));
  }
  return { photos: next, anchor: selection.anchor };
}

/** What is still there of a selection when the list has changed. */
export function keepPresent(selection: Selection, placeOf: (photo: string) => number): Selection {
  const photos = [...selection.photos].filter((photo) => placeOf(photo) >= 0);
  return photos.length === selection.photos.size ? selection : { photos: new Set(photos), anchor: null };
}
