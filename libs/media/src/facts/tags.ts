import type { Metadata } from '@heirloom/formats';

/** What a picture or film says of itself, as far as it could be read. */
export type PictureFacts = Pick<
  Metadata,
  'takenAt' | 'width' | 'height' | 'orientation' | 'durationMs' | 'camera' | 'place'
>;

export type Tags = Readonly<Record<string, unknown>>;

/** The facts in EXIF tags, named and valued as exifr does. Whatever makes no sense is left out. */
export function factsOf(tags: Tags): PictureFacts {
  const facts: { [K in keyof PictureFacts]: PictureFacts[K] | undefined } = {
    takenAt: takenAt(tags),
    width: whole(tags.ExifImageWidth, 1, 1_000_000),
    height: whole(tags.ExifImageHeight, 1, 1_000_000),
    orientation: whole(tags.Orientation, 1, 8),
    camera: camera(tags),
    place: place(tags),
  };
  return Object.fromEntries(Object.entries(facts).filter(([, value]) => value !== undefined)) as PictureFacts;
}

function whole(value: unknown, min: number, max: number): number | undefined {
  return typeof value === 'number' && Number.isInteger(value) && value >= min && value <= max
    ? value
    : undefined;
}

export function text(value: unknown): string | undefined {
  if (typeof value !== 'string') return undefined;
  // Cameras pad with zero bytes and blanks.
  const trimmed = value.split('\0')[0]?.trim().slice(0, 200).toWellFormed();
  return trimmed ? trimmed : undefined;
}

export function takenAt(tags: Tags): Metadata['takenAt'] {
  const names = [
    ['DateTimeOriginal', 'SubSecTimeOriginal', 'OffsetTimeOriginal'],
    ['CreateDate', 'SubSecTimeDigitized', 'OffsetTimeDigitized'],
    ['DateTimeDigitized', 'SubSecTimeDigitized', 'OffsetTimeDigitized'],
  ] as const;
  for (const [time, fraction, offset] of names) {
    const local = localTime(text(tags[time]), text(tags[fraction]));
    if (!local) continue;
    const offsetMinutes = minutesEast(text(tags[offset]));
    return { local, ...(offsetMinutes === undefined ? {} : { offsetMinutes }) };
  }
  return undefined;
}

/** EXIF writes `2008:05:30 15:56:01`; a camera whose clock was never set writes zeros or blanks. */
function localTime(time: string | undefined, fraction: string | undefined): string | undefined {
  const match = /^(\d{4})[:-](\d\d)[:-](\d\d)[ T](\d\d):(\d\d):(\d\d)/.exec(time ?? '');
  if (!match) return undefined;
  const [, year, month, day, hour, minute, second] = match;
  const local = `${year}-${month}-${day}T${hour}:${minute}:${second}`;
  const real = new Date(`${local}Z`);
  if (Number.isNaN(real.getTime()) || !real.toISOString().startsWith(local)) return undefined;
  return /^\d{1,9}$/.test(fraction ?? '') ? `${local}.${fraction}` : local;
}

function minutesEast(offset: string | undefined): number | undefined {
  const match = /^([+-])(\d\d):(\d\d)$/.exec(offset ?? '');
  if (!match) return undefined;
  const minutes = Number(match[2]) * 60 + Number(match[3]);
  if (minutes > 1439) return undefined;
  return match[1] === '-' && minutes > 0 ? -minutes : minutes;
}

function camera(tags: Tags): Metadata['camera'] {
  const make = text(tags.Make);
  const model = text(tags.Model);
  const lens = text(tags.LensModel);
  if (!make && !model && !lens) return undefined;
  return { ...(make ? { make } : {}), ...(model ? { model } : {}), ...(lens ? { lens } : {}) };
}

function place(tags: Tags): Metadata['place'] {
  const within = (value: unknown, most: number): number | undefined =>
    typeof value === 'number' && Math.abs(value) <= most ? value : undefined;
  const lat = within(tags.latitude, 90);
  const lon = within(tags.longitude, 180);
  if (lat === undefined || lon === undefined) return undefined;
  const height = within(tags.GPSAltitude, 20_000);
  const belowSea =
    tags.GPSAltitudeRef instanceof Uint8Array ? tags.GPSAltitudeRef[0] === 1 : tags.GPSAltitudeRef === 1;
  return { lat, lon, ...(height === undefined ? {} : { alt: belowSea ? -height : height }) };
}
