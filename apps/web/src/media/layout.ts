/** What a layout needs of a list of photos. */
export interface Laid {
  readonly length: number;
  takenAt(place: number): number;
  aspect(place: number): number;
}

export interface LayoutOptions {
  /** All in CSS pixels. */
  width: number;
  /** Rows come near to it, and are never much higher. */
  rowHeight: number;
  gap: number;
  /** Above each day; 0 for none. */
  headingHeight: number;
}

/** A row of tiles, or the heading of a day. */
export interface Row {
  kind: 'heading' | 'tiles';
  /** From the top of the grid. */
  top: number;
  height: number;
  /** Places in the list; `to` is not part of it. Of a heading: all of its day. */
  from: number;
  to: number;
  /** Place of its section in `Layout.sections`. */
  section: number;
}

/** The photos of a day. */
export interface Section {
  top: number;
  height: number;
  from: number;
  to: number;
  /** Places in `Layout.rows`. */
  firstRow: number;
  lastRow: number;
}

export interface Layout {
  height: number;
  rows: readonly Row[];
  sections: readonly Section[];
}

const dayMs = 24 * 3600_000;

/** The day of a camera's clock, counted from 1970. */
export const dayOf = (takenAt: number): number => Math.floor(takenAt / dayMs);

/**
 * Rows of one height each that fill the width, as a printed page is justified: tiles are added to a row until it would be
 * lower than wanted. Days begin rows of their own.
 */
export function layOut(list: Laid, options: LayoutOptions): Layout {
  const rows: Row[] = [];
  const sections: Section[] = [];
  let top = 0;
  for (let from = 0; from < list.length;) {
    const to = options.headingHeight > 0 ? endOfDay(list, from) : list.length;
    const section = sections.length;
    const firstRow = rows.length;
    const start = top;
    if (options.headingHeight > 0) {
      rows.push({ kind: 'heading', top, height: options.headingHeight, from, to, section });
      top += options.headingHeight;
    }
    for (let at = from; at < to;) {
      const { end, height } = fill(list, at, to, options);
      rows.push({ kind: 'tiles', top, height, from: at, to: end, section });
      top += height + options.gap;
      at = end;
    }
    sections.push({ top: start, height: top - start, from, to, firstRow, lastRow: rows.length - 1 });
    from = to;
  }
  return { height: top, rows, sections };
}

function endOfDay(list: Laid, from: number): number {
  const day = dayOf(list.takenAt(from));
  let to = from + 1;
  while (to < list.length && dayOf(list.takenAt(to)) === day) to += 1;
  return to;
}

function fill(
  list: Laid,
  from: number,
  to: number,
  { width, rowHeight, gap }: LayoutOptions,
): { end: number; height: number } {
  let aspects = 0;
  for (let end = from; end < to; end += 1) {
    aspects += list.aspect(end);
    const height = (width - gap * (end - from)) / aspects;
    if (height <= rowHeight) return { end: end + 1, height: Math.max(1, height) };
  }
  const height = (width - gap * (to - from - 1)) / aspects;
  return { end: to, height: Math.min(height, rowHeight) };
}

/** Where each tile of a row begins and how wide it is, in CSS pixels from the row's start. */
export function placesIn(
  list: Laid,
  { from, to, height }: Pick<Row, 'from' | 'to' | 'height'>,
  gap: number,
): { left: number; width: number }[] {
  const places: { left: number; width: number }[] = [];
  let left = 0;
  for (let place = from; place < to; place += 1) {
    const width = list.aspect(place) * height;
    places.push({ left, width });
    left += width + gap;
  }
  return places;
}

/** The last row that begins at this height or above it; -1 for none. */
export function rowAt(rows: readonly Pick<Row, 'top'>[], top: number): number {
  let low = 0;
  let high = rows.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((rows[middle]?.top ?? 0) <= top) low = middle + 1;
    else high = middle;
  }
  return low - 1;
}

/** The row that holds a tile; -1 for none. */
export function rowOf({ rows, sections }: Layout, place: number): number {
  let low = 0;
  let high = sections.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((sections[middle]?.from ?? 0) <= place) low = middle + 1;
    else high = middle;
  }
  const section = sections[low - 1];
  if (!section || place >= section.to) return -1;
  for (let row = section.firstRow; row <= section.lastRow; row += 1) {
    const one = rows[row];
    if (one?.kind === 'tiles' && place >= one.from && place < one.to) return row;
  }
  return -1;
}

export type Step = 'left' | 'right' | 'up' | 'down' | 'home' | 'end' | 'pageUp' | 'pageDown';

/**
 * Where the keyboard goes from a tile. Up and down go to the tile of the next row that is nearest; home and end to the first
 * and last of all.
 */
export function stepFrom(
  list: Laid,
  layout: Layout,
  place: number,
  step: Step,
  { gap, pageHeight }: { gap: number; pageHeight: number },
): number {
  if (step === 'left') return Math.max(0, place - 1);
  if (step === 'right') return Math.min(list.length - 1, place + 1);
  if (step === 'home') return 0;
  if (step === 'end') return list.length - 1;
  const own = rowOf(layout, place);
  const row = layout.rows[own];
  const at = row && placesIn(list, row, gap)[place - row.from];
  if (!at) return place;
  const isUp = step === 'up' || step === 'pageUp';
  const isFar = step === 'pageUp' || step === 'pageDown';
  const begin = isFar
    ? rowAt(layout.rows, row.top + (isUp ? -pageHeight : pageHeight))
    : own + (isUp ? -1 : 1);
  const goal =
    tilesFrom(layout.rows, begin, isUp) ?? (isUp && isFar ? tilesFrom(layout.rows, 0, false) : null);
  return goal ? nearest(list, goal, gap, at.left + at.width / 2) : place;
}

/** The first row of tiles from that one on, in a direction. */
function tilesFrom(rows: readonly Row[], begin: number, isUp: boolean): Row | null {
  for (let at = begin; at >= 0 && at < rows.length; at += isUp ? -1 : 1) {
    const row = rows[at];
    if (row?.kind === 'tiles') return row;
  }
  return null;
}

function nearest(list: Laid, row: Row, gap: number, middle: number): number {
  let best = row.from;
  let distance = Infinity;
  placesIn(list, row, gap).forEach(({ left, width }, i) => {
    const off = Math.abs(left + width / 2 - middle);
    if (off < distance) [best, distance] = [row.from + i, off];
  });
  return best;
}

/** A month that the scrubber can go to. */
export interface Month {
  /** Milliseconds since 1970 of some photo in it. */
  takenAt: number;
  top: number;
  photos: number;
}

/** The months in their order, each with the height at which it begins. */
export function monthsOf(list: Laid, { sections }: Layout): Month[] {
  const months: Month[] = [];
  let known = '';
  for (const { from, to, top } of sections) {
    const takenAt = list.takenAt(from);
    const name = new Date(takenAt).toISOString().slice(0, 7);
    const last = months.at(-1);
    if (name === known && last) last.photos += to - from;
    else months.push({ takenAt, top, photos: to - from });
    known = name;
  }
  return months;
}
