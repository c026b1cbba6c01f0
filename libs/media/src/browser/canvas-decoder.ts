import { limits } from '@heirloom/contracts/limits';
import type { PixelSize } from '../containers/jpeg.ts';
import { pixelSize } from '../containers/pixel-size.ts';
import { openFilm } from '../facts/film.ts';
import { convertToSrgb } from '../pictures/colour.ts';
import {
  fit,
  type Encoded,
  type Frame,
  type Picture,
  type PictureDecoder,
} from '../pictures/picture-decoder.ts';
import { turnUpright } from '../pictures/turn.ts';
import { hideExif } from './hide-exif.ts';
import { windowed, type ByteSource } from '../source/byte-source.ts';

/** Where in a film its poster is taken, in seconds: the very first frame is often black. */
const posterSeconds = 1;

/** Pictures and films by the browser's own decoders and canvases; it runs in a worker. */
export const canvasDecoder: PictureDecoder = {
  async open(picture: Picture, longEdge: number): Promise<Frame | null> {
    if (picture.kind === 'pixels') return await openPixels(picture, longEdge);
    const { source, mediaType } = picture;
    const stored = await pixelSize(windowed(source), mediaType).catch(() => undefined);
    if (stored && stored.width * stored.height > limits.unpackedPixels * 2) return null;
    const bytes = await source.read(0, source.size);
    const turn = hideExif(bytes, mediaType) ? picture.orientation : picture.turn;
    const file = new Blob([bytes], { type: mediaType });
    const bitmap = await createImageBitmap(file, { imageOrientation: 'from-image' });
    const full = { width: bitmap.width, height: bitmap.height };
    const canvas = shrink(bitmap, full, longEdge);
    bitmap.close();
    if (!turn || turn === 1) return frameOf(canvas, full);
    const raster = turnUpright(pixelsOf(canvas), turn);
    const turned = new OffscreenCanvas(raster.width, raster.height);
    contextOf(turned).putImageData(new ImageData(raster.rgba, raster.width, raster.height), 0, 0);
    return frameOf(turned, turn < 5 ? full : { width: full.height, height: full.width });
  },

  async poster(source: ByteSource, longEdge: number): Promise<Frame | null> {
    if (typeof VideoDecoder === 'undefined') return null;
    const { CanvasSink } = await import('mediabunny');
    const input = await openFilm(source);
    try {
      const track = await input.getPrimaryVideoTrack();
      if (!track || !(await track.canDecode())) return null;
      const full = { width: await track.getDisplayWidth(), height: await track.getDisplayHeight() };
      if (!(full.width >= 1 && full.height >= 1) || full.width * full.height > limits.unpackedPixels)
        return null;
      const sink = new CanvasSink(track, { ...fit(full, longEdge), fit: 'fill' });
      const first = await track.getFirstTimestamp();
      const length = (await input.getDurationFromMetadata()) ?? 0;
      const wrapped = await sink.getCanvas(first + Math.min(posterSeconds, Math.max(0, length - first) / 10));
      return wrapped?.canvas instanceof OffscreenCanvas ? frameOf(wrapped.canvas, full) : null;
    } finally {
      input.dispose();
    }
  },
};

/** A canvas takes its pixels at once; `colour` is applied after they became fewer. */
async function openPixels(
  { pixels }: Extract<Picture, { kind: 'pixels' }>,
  longEdge: number,
): Promise<Frame> {
  const { width, height, rgba, colour } = pixels;
  const bitmap = await createImageBitmap(new ImageData(rgba, width, height));
  const canvas = shrink(bitmap, { width, height }, longEdge);
  bitmap.close();
  if (colour) {
    const image = contextOf(canvas).getImageData(0, 0, canvas.width, canvas.height);
    convertToSrgb(image.data, colour);
    contextOf(canvas).putImageData(image, 0, 0);
  }
  return frameOf(canvas, { width, height });
}

function frameOf(canvas: OffscreenCanvas, full: PixelSize): Frame {
  return {
    full,
    async encode(longEdge, quality) {
      const small = shrink(canvas, canvas, longEdge);
      const { width, height } = small;
      const webp = await small.convertToBlob({ type: 'image/webp', quality: quality / 100 });
      return { ...(await packed(webp, small, quality)), width, height };
    },
    // Its memory goes at once rather than with the next collection.
    close: () => void (canvas.width = canvas.height = 0),
  };
}

/** Browsers without WebP for writing answer PNG, which is far too large: then JPEG, on white. */
async function packed(
  blob: Blob,
  canvas: OffscreenCanvas,
  quality: number,
): Promise<Pick<Encoded, 'bytes' | 'mediaType'>> {
  let chosen = blob;
  if (blob.type !== 'image/webp') {
    const context = contextOf(canvas);
    context.globalCompositeOperation = 'destination-over';
    context.fillStyle = '#fff';
    context.fillRect(0, 0, canvas.width, canvas.height);
    chosen = await canvas.convertToBlob({ type: 'image/jpeg', quality: quality / 100 });
  }
  return { bytes: new Uint8Array(await chosen.arrayBuffer()), mediaType: chosen.type };
}

function shrink(image: CanvasImageSource, size: PixelSize, longEdge: number): OffscreenCanvas {
  const { width, height } = fit(size, longEdge);
  const canvas = new OffscreenCanvas(width, height);
  const context = contextOf(canvas);
  context.imageSmoothingQuality = 'high';
  context.drawImage(image, 0, 0, width, height);
  return canvas;
}

const pixelsOf = (canvas: OffscreenCanvas) => {
  const { width, height, data } = contextOf(canvas).getImageData(0, 0, canvas.width, canvas.height);
  return { width, height, rgba: data };
};

function contextOf(canvas: OffscreenCanvas): OffscreenCanvasRenderingContext2D {
  const context = canvas.getContext('2d', { colorSpace: 'srgb' });
  if (!context) throw new Error('This browser has no canvas for workers');
  return context;
}
