import type { Metadata } from '@heirloom/formats';
import type { Input, InputVideoTrack } from 'mediabunny';
import type { ByteSource } from '../source/byte-source.ts';
import { headerTags, placeOf } from './film-tags.ts';
import { takenAt, text, type PictureFacts } from './tags.ts';

const cacheBytes = 4 * 1024 * 1024;
const maxDurationMs = 10 * 365 * 24 * 3600_000;

/** Opens a film of any container that mediabunny reads; only the pieces that are asked for are read. */
export async function openFilm(source: ByteSource): Promise<Input> {
  const { ALL_FORMATS, CustomSource, Input } = await import('mediabunny');
  return new Input({
    formats: ALL_FORMATS,
    source: new CustomSource({
      getSize: () => source.size,
      read: (start, end) => source.read(start, end - start),
      maxCacheSize: cacheBytes,
      handleUnhandledError: () => undefined,
    }),
  });
}

/**
 * Size as it is shown (rotation and pixel shape applied), length, time and place of a film; whatever cannot be read is
 * left out.
 */
export async function filmFacts(source: ByteSource): Promise<PictureFacts> {
  const header = await headerTags(source);
  let facts: PictureFacts = {};
  try {
    const input = await openFilm(source);
    try {
      const track = await input.getPrimaryVideoTrack();
      facts = {
        ...(await appleTags(input)),
        ...(track ? await sizeOf(track) : {}),
        ...(await lengthOf(input)),
      };
    } finally {
      input.dispose();
    }
  } catch {
    // What the header told is kept.
  }
  return { ...header, ...facts };
}

async function sizeOf(track: InputVideoTrack): Promise<PictureFacts> {
  const [width, height] = [await track.getDisplayWidth(), await track.getDisplayHeight()].map(Math.round);
  const isSize = (value: number | undefined) => value !== undefined && value >= 1 && value <= 1_000_000;
  return isSize(width) && isSize(height) ? { width, height } : {};
}

async function lengthOf(input: Input): Promise<PictureFacts> {
  const seconds = (await input.getDurationFromMetadata()) ?? (await input.computeDuration());
  const durationMs = Math.round(seconds * 1000);
  return durationMs >= 0 && durationMs < maxDurationMs ? { durationMs } : {};
}

/** Apple writes the local time with its offset and the place as metadata; nothing else has the camera's clock. */
async function appleTags(input: Input): Promise<PictureFacts> {
  const { raw, date } = await input.getMetadataTags().catch(() => ({ raw: undefined, date: undefined }));
  const tag = (name: string) => text(raw?.[`com.apple.quicktime.${name}`]);
  const taken = localTime(tag('creationdate')) ?? (date ? utcTime(date) : undefined);
  const place = placeOf(tag('location.ISO6709') ?? '');
  const [make, model] = [tag('make'), tag('model')];
  return {
    ...(taken ? { takenAt: taken } : {}),
    ...(place ? { place } : {}),
    ...(make || model ? { camera: { ...(make ? { make } : {}), ...(model ? { model } : {}) } } : {}),
  };
}

/** `2024-05-06T07:08:09+0200` */
function localTime(written: string | undefined): Metadata['takenAt'] {
  const match = /^(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d)(?:\.\d+)?([+-]\d\d):?(\d\d)$/.exec(written ?? '');
  return match
    ? takenAt({ DateTimeOriginal: match[1], OffsetTimeOriginal: `${match[2]}:${match[3]}` })
    : undefined;
}

/** A mere year or day says nothing of the moment. */
function utcTime(date: Date): Metadata['takenAt'] {
  if (Number.isNaN(date.getTime()) || date.getTime() % 86_400_000 === 0) return undefined;
  return takenAt({ DateTimeOriginal: date.toISOString(), OffsetTimeOriginal: '+00:00' });
}
