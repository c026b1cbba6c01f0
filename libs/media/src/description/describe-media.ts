import { limits } from '@heirloom/contracts/limits';
import type { Metadata } from '@heirloom/formats';
import type { PixelSize } from '../containers/jpeg.ts';
import { pixelSize } from '../containers/pixel-size.ts';
import { cr3Tags } from '../facts/cr3-tags.ts';
import { exifTags } from '../facts/exif.ts';
import { filmFacts } from '../facts/film.ts';
import { factsOf, type PictureFacts, type Tags } from '../facts/tags.ts';
import { decodeHeic } from '../heic/decode-heic.ts';
import type { Frame, PictureDecoder } from '../pictures/picture-decoder.ts';
import { renditionsOf, type Renditions } from '../pictures/renditions.ts';
import { isRaw, rawPreview, type RawPreview } from '../raw/raw-preview.ts';
import { windowed, type ByteSource } from '../source/byte-source.ts';
import { mediaTypeOf } from './media-type.ts';
import { sniffMediaType } from './sniff.ts';

export interface MediaFile {
  /** File name, with or without folders. */
  name: string;
  source: ByteSource;
  sha256: Uint8Array;
  /** Milliseconds since 1970. */
  modifiedAt?: number | undefined;
}

export interface MediaDescription {
  metadata: Metadata;
  thumbnail?: Uint8Array<ArrayBuffer> | undefined;
  preview?: Uint8Array<ArrayBuffer> | undefined;
}

interface Found {
  facts: PictureFacts;
  renditions: Renditions;
}

/** No file system has longer names; twice as many UTF-16 units are within what metadata holds. */
const maxNameCharacters = 500;
const heic: ReadonlySet<string> = new Set(['image/heic', 'image/heif']);
/** Formats that carry rotation in the container: EXIF's repeats it and must not be applied again. */
const turnedByContainer: ReadonlySet<string> = new Set([...heic, 'image/avif']);

/**
 * Everything about a file that its photo's metadata keeps, and what is made for showing it. It never throws: what
 * cannot be read or decoded is left out, for a file is stored whether it can be shown or not.
 */
export async function describeMedia(file: MediaFile, decoder: PictureDecoder): Promise<MediaDescription> {
  const { source } = file;
  const mediaType = await sniffMediaType(source, file.name).catch(() => mediaTypeOf(file.name));
  const { facts, renditions } = await look(source, mediaType, decoder).catch((): Found => ({
    facts: {},
    renditions: {},
  }));
  const { thumbnail, preview } = renditions;
  const metadata: Metadata = {
    name: baseName(file.name),
    mediaType,
    size: source.size,
    sha256: file.sha256,
    ...(file.modifiedAt === undefined ? {} : { modifiedAt: file.modifiedAt }),
    ...facts,
    ...(thumbnail ? { thumbnail: thumbnail.about } : {}),
    ...(preview ? { preview: preview.about } : {}),
  };
  return { metadata, thumbnail: thumbnail?.bytes, preview: preview?.bytes };
}

async function look(source: ByteSource, mediaType: string, decoder: PictureDecoder): Promise<Found> {
  if (mediaType.startsWith('video/')) {
    const facts = await filmFacts(source);
    return { facts, renditions: await render(() => decoder.poster(source, limits.previewPixels)) };
  }
  if (!mediaType.startsWith('image/') || mediaType === 'image/svg+xml' || source.size === 0)
    return { facts: {}, renditions: {} };
  if (isRaw(mediaType)) return await lookAtRaw(source, mediaType, decoder);
  return await lookAtPicture(source, mediaType, decoder);
}

async function lookAtPicture(source: ByteSource, mediaType: string, decoder: PictureDecoder): Promise<Found> {
  const { orientation, ...tags } = factsOf(await exifTags(source, mediaType));
  const turn = turnedByContainer.has(mediaType) ? undefined : orientation;
  const stored = await pixelSize(windowed(source), mediaType).catch(() => undefined);
  const isTooLarge =
    source.size > limits.pictureBytes || (stored && stored.width * stored.height > limits.picturePixels);
  const renditions = isTooLarge
    ? {}
    : await render(async () => {
        if (!heic.has(mediaType))
          return await decoder.open(
            { kind: 'file', source, mediaType, orientation: turn },
            limits.previewPixels,
          );
        const pixels = await decodeHeic(source);
        return pixels && (await decoder.open({ kind: 'pixels', pixels }, limits.previewPixels));
      });
  return { facts: { ...tags, ...sizeFacts(mediaType, turn, stored, renditions.full) }, renditions };
}

/** Width and height as stored with the orientation to apply; of what the container turns, as shown. */
function sizeFacts(
  mediaType: string,
  orientation: number | undefined,
  stored: PixelSize | undefined,
  shown: PixelSize | undefined,
): PictureFacts {
  if (turnedByContainer.has(mediaType)) return { ...(shown ?? stored) };
  const turn = orientation === undefined ? {} : { orientation };
  if (stored) return { ...stored, ...turn };
  if (!shown) return turn;
  return (orientation ?? 1) < 5
    ? { ...shown, ...turn }
    : { width: shown.height, height: shown.width, ...turn };
}

async function lookAtRaw(source: ByteSource, mediaType: string, decoder: PictureDecoder): Promise<Found> {
  const found = await rawPreview(source, mediaType);
  const inside = found ? await exifTags(found.jpeg, 'image/jpeg') : {};
  const facts = factsOf(await rawTags(source, mediaType, inside));
  const renditions = found ? await render(() => openPreview(found, inside, facts.orientation, decoder)) : {};
  return { facts: { ...found?.size, ...facts }, renditions };
}

/** A preview that says how it is turned is right about it; else it lies as the sensor's picture does. */
async function openPreview(
  { jpeg, size }: RawPreview,
  inside: Tags,
  orientation: number | undefined,
  decoder: PictureDecoder,
): Promise<Frame | null> {
  if (jpeg.size > limits.pictureBytes || size.width * size.height > limits.picturePixels) return null;
  const turn = factsOf(inside).orientation === undefined ? orientation : undefined;
  return await decoder.open(
    { kind: 'file', source: jpeg, mediaType: 'image/jpeg', turn },
    limits.previewPixels,
  );
}

async function rawTags(source: ByteSource, mediaType: string, inside: Tags): Promise<Tags> {
  if (mediaType === 'image/x-fuji-raf') return inside;
  if (mediaType === 'image/x-canon-cr3') return await cr3Tags(windowed(source)).catch(() => ({}));
  return { ...inside, ...(await exifTags(source, mediaType)) };
}

async function render(open: () => Promise<Frame | null>): Promise<Renditions> {
  try {
    const frame = await open();
    return frame ? await renditionsOf(frame) : {};
  } catch {
    return {};
  }
}

function baseName(name: string): string {
  const last = name.toWellFormed().split('/').at(-1) ?? '';
  return [...last].slice(0, maxNameCharacters).join('') || 'photo';
}
