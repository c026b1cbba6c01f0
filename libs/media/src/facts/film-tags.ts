import type { Metadata } from '@heirloom/formats';
import { boxesIn, findBox, type Box } from '../containers/boxes.ts';
import { latin, readExactly, windowed, type ByteSource } from '../source/byte-source.ts';

type FilmTags = Pick<Metadata, 'takenAt' | 'place'>;

/** Seconds from 1904 (QuickTime's epoch) to 1970. */
const epochSeconds = 2_082_844_800;
const copyrightXyz = '\xa9xyz';

/** Time and place that MP4 and QuickTime keep in the header of the film itself. */
export async function headerTags(file: ByteSource): Promise<FilmTags> {
  try {
    const source = windowed(file);
    const movie = await findBox(source, 'moov');
    if (!movie) return {};
    const takenAt = await creationTime(source, movie);
    const place = await userDataPlace(source, movie);
    return { ...(takenAt ? { takenAt } : {}), ...(place ? { place } : {}) };
  } catch {
    return {};
  }
}

/** `mvhd` counts in UTC; cameras without a clock leave it 0. */
async function creationTime(source: ByteSource, movie: Box): Promise<Metadata['takenAt']> {
  const header = await findBox(source, 'mvhd', movie);
  if (!header) return undefined;
  const view = await readExactly(source, header.start, 12);
  const seconds = view.getUint8(0) === 1 ? Number(view.getBigUint64(4)) : view.getUint32(4);
  const at = new Date((seconds - epochSeconds) * 1000);
  if (seconds <= epochSeconds || Number.isNaN(at.getTime()) || at.getUTCFullYear() > 2200) return undefined;
  return { local: at.toISOString().slice(0, 19), offsetMinutes: 0 };
}

async function userDataPlace(source: ByteSource, movie: Box): Promise<Metadata['place']> {
  const userData = await findBox(source, 'udta', movie);
  if (!userData) return undefined;
  for await (const box of boxesIn(source, userData.start, userData.end)) {
    if (box.type !== copyrightXyz) continue;
    // Length and language stand before the text.
    const text = await source.read(box.start + 4, Math.min(box.end - box.start - 4, 100));
    return placeOf(latin(text));
  }
  return undefined;
}

/** ISO 6709 in degrees, as phones write it: `+52.5200+013.4050+034.000/`. */
export function placeOf(text: string): Metadata['place'] {
  const match = /^([+-]\d{1,2}(?:\.\d+)?)([+-]\d{1,3}(?:\.\d+)?)([+-]\d+(?:\.\d+)?)?/.exec(text);
  if (!match) return undefined;
  const [lat, lon, alt] = match.slice(1).map((part) => (part === undefined ? undefined : Number(part)));
  if (lat === undefined || lon === undefined || Math.abs(lat) > 90 || Math.abs(lon) > 180) return undefined;
  return { lat, lon, ...(alt !== undefined && Math.abs(alt) <= 20_000 ? { alt } : {}) };
}
