import type { PixelSize } from '../containers/jpeg.ts';
import type { ByteSource } from '../source/byte-source.ts';
import type { ColourConversion } from './colour.ts';
import type { Raster } from './turn.ts';

/** A picture that was unpacked already: upright. */
export interface Pixels extends Raster {
  /** How to bring it to sRGB, where it is something else. */
  colour?: ColourConversion | undefined;
}

export type Picture =
  | {
      kind: 'file';
      source: ByteSource;
      mediaType: string;
      /** EXIF orientation that the picture states itself; some platforms see it, some have to be told. */
      orientation?: number | undefined;
      /** The same for a picture that states none, but what it came in does. */
      turn?: number | undefined;
    }
  | { kind: 'pixels'; pixels: Pixels };

export interface Encoded {
  bytes: Uint8Array<ArrayBuffer>;
  width: number;
  height: number;
  mediaType: string;
}

/** A picture in memory as it is to be shown: upright, sRGB, its longer edge within what was asked for. */
export interface Frame {
  /** The whole picture's size, upright, before it was made smaller. */
  full: PixelSize;
  /** As WebP (or JPEG, where the platform has no WebP), no larger than the frame, without any metadata. */
  encode(longEdge: number, quality: number): Promise<Encoded>;
  close(): void;
}

/**
 * The port to what unpacks and packs pictures: sharp under Node, the browser's own decoders in a worker. Whatever they
 * cannot read, broken files included, gives null or throws; the caller treats both alike.
 */
export interface PictureDecoder {
  open(picture: Picture, longEdge: number): Promise<Frame | null>;
  /** A frame from near the beginning of a film; null where the platform cannot decode films. */
  poster(source: ByteSource, longEdge: number): Promise<Frame | null>;
}

/** The largest size of the same shape with both edges within `longEdge`; never larger than it was. */
export function fit({ width, height }: PixelSize, longEdge: number): PixelSize {
  const scale = Math.min(1, longEdge / Math.max(width, height));
  return { width: Math.max(1, Math.round(width * scale)), height: Math.max(1, Math.round(height * scale)) };
}
