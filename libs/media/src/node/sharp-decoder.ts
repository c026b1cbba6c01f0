import { limits } from '@heirloom/contracts/limits';
import type sharpFactory from 'sharp';
import type { Sharp, SharpOptions } from 'sharp';
import { convertToSrgb, type ColourConversion } from '../pictures/colour.ts';
import { fit, type Frame, type Picture, type PictureDecoder } from '../pictures/picture-decoder.ts';
import { turnUpright, type Raster } from '../pictures/turn.ts';
import type { FileSource } from './file-source.ts';

type SharpFactory = typeof sharpFactory;

/** What sharp's own build decodes. SVG is a program rather than a picture, and left alone. */
const decodable: ReadonlySet<string> = new Set([
  'image/avif',
  'image/gif',
  'image/jpeg',
  'image/png',
  'image/tiff',
  'image/webp',
]);

/** Pictures by sharp (libvips), which reads JPEG at the size that is needed; films are beyond it. */
export const sharpDecoder: PictureDecoder = {
  async open(picture: Picture, longEdge: number): Promise<Frame | null> {
    if (picture.kind === 'file' && !decodable.has(picture.mediaType)) return null;
    const sharp = await loadSharp();
    const opened = await openPicture(sharp, picture);
    const { data, info } = await opened.pipeline
      .resize({ ...fitWithin(longEdge) })
      .toColourspace('srgb')
      .ensureAlpha()
      .raw()
      .toBuffer({ resolveWithObject: true });
    const rgba = new Uint8ClampedArray(data.buffer as ArrayBuffer, data.byteOffset, data.length);
    const { raster, full } = upright({ width: info.width, height: info.height, rgba }, opened);
    return frameOf(sharp, raster, full, opened.hasAlpha);
  },
  poster: async () => null,
};

interface Opened {
  pipeline: Sharp;
  /** Upright, unless `turn` is still to come. */
  full: { width: number; height: number };
  /** Transparency costs time at every resize, so it is told apart. */
  hasAlpha: boolean;
  turn?: number | undefined;
  colour?: ColourConversion | undefined;
}

/** Loaded with the first picture: it takes more memory than everything else. */
async function loadSharp(): Promise<SharpFactory> {
  const { default: sharp } = await import('sharp');
  sharp.cache(false);
  sharp.concurrency(1);
  return sharp;
}

async function openPicture(sharp: SharpFactory, picture: Picture): Promise<Opened> {
  if (picture.kind === 'pixels') {
    const { rgba, width, height, colour } = picture.pixels;
    return {
      pipeline: sharp(rgba, rawOptions({ width, height }, false)),
      full: { width, height },
      hasAlpha: false,
      colour,
    };
  }
  const { path } = picture.source as FileSource;
  const input = path ?? (await picture.source.read(0, picture.source.size));
  const options: SharpOptions = {
    failOn: 'none',
    limitInputPixels: limits.picturePixels,
    sequentialRead: true,
    animated: false,
  };
  const { autoOrient, hasAlpha } = await sharp(input, options).metadata();
  return { pipeline: sharp(input, options).autoOrient(), full: autoOrient, hasAlpha, turn: picture.turn };
}

function upright(raster: Raster, { full, turn, colour }: Opened): { raster: Raster; full: Opened['full'] } {
  if (colour) convertToSrgb(raster.rgba, colour);
  if (!turn) return { raster, full };
  return {
    raster: turnUpright(raster, turn),
    full: turn < 5 ? full : { width: full.height, height: full.width },
  };
}

function frameOf(sharp: SharpFactory, raster: Raster, full: Opened['full'], hasAlpha: boolean): Frame {
  return {
    full,
    async encode(longEdge, quality) {
      const { data, info } = await sharp(raster.rgba, rawOptions(raster, hasAlpha))
        .resize({ ...fit(raster, longEdge), fit: 'fill' })
        .webp({ quality, effort: 2 })
        .toBuffer({ resolveWithObject: true });
      return { bytes: new Uint8Array(data), width: info.width, height: info.height, mediaType: 'image/webp' };
    },
    close: () => undefined,
  };
}

const rawOptions = ({ width, height }: Opened['full'], hasAlpha: boolean): SharpOptions => ({
  raw: { width, height, channels: 4, premultiplied: !hasAlpha },
  limitInputPixels: limits.picturePixels,
});
const fitWithin = (longEdge: number) =>
  ({ width: longEdge, height: longEdge, fit: 'inside', withoutEnlargement: true }) as const;
