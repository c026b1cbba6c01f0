import type { GalleryEntry } from '../media/gallery-entry.ts';
import { normalise, type SearchFilter, type SearchType } from './search-filter.ts';

const rawNames =
  /\.(3fr|arw|cr2|cr3|crw|dng|erf|fff|iiq|kdc|mef|mos|mrw|nef|nrw|orf|pef|raf|raw|rw2|rwl|sr2|srf|srw|x3f)$/i;
const screenshotNames =
  /screen[-_ ]?(shot|grab)|bildschirmfoto|captura de pantalla|capture d.écran|scrnshot|لقطة[ _]شاشة/iu;

/** Whether a photo is of a type that somebody searches for. */
export function isOfType({ kind, name, camera }: GalleryEntry, type: SearchType): boolean {
  const isScreenshot = kind === 'image' && camera === '' && screenshotNames.test(name.normalize('NFC'));
  switch (type) {
    case 'photo':
      return (kind === 'image' && !isScreenshot) || rawNames.test(name);
    case 'raw':
      return rawNames.test(name);
    case 'screenshot':
      return isScreenshot;
    case 'video':
      return kind === 'video';
    case 'other':
      return kind === 'other' && !rawNames.test(name);
  }
}

const texts = new WeakMap<GalleryEntry, string>();

/** All that words are looked for in, made once for each photo. */
function textOf(entry: GalleryEntry): string {
  const known = texts.get(entry);
  if (known !== undefined) return known;
  const text = normalise(`${entry.name}\n${entry.camera}\n${entry.caption}`);
  texts.set(entry, text);
  return text;
}

const within = (at: number, { from, to }: { from: number | null; to: number | null }): boolean =>
  (from === null || at >= from) && (to === null || at < to);

/** Photos of albums whose names have the word, by word. */
export type PhotosByWord = ReadonlyMap<string, ReadonlySet<string>>;

/** Whether a photo is what a search asks for. */
export function matches(entry: GalleryEntry, filter: SearchFilter, albums: PhotosByWord): boolean {
  const { words, types, periods, months } = filter;
  const { takenAt, photo } = entry;
  if (!within(takenAt, filter)) return false;
  const isTimed = periods.length + months.length > 0;
  if (isTimed && !periods.some((period) => within(takenAt, period)))
    if (!months.includes(new Date(takenAt).getUTCMonth())) return false;
  if (types.length > 0 && !types.some((type) => isOfType(entry, type))) return false;
  return words.every((word) => textOf(entry).includes(word) || albums.get(word)?.has(photo) === true);
}
