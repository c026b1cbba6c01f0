import { limits } from '@heirloom/contracts/limits';
import type { Metadata } from '@heirloom/formats';
import type { PixelSize } from '../containers/jpeg.ts';
import type { Frame } from './picture-decoder.ts';

export interface Rendition {
  bytes: Uint8Array<ArrayBuffer>;
  about: NonNullable<Metadata['thumbnail']>;
}
export interface Renditions {
  thumbnail?: Rendition;
  preview?: Rendition;
  /** The whole picture's size, upright. */
  full?: PixelSize;
}

/** Tried in turn until the result is within its limit. */
const qualities = { preview: [80, 60, 35], thumbnail: [70, 50, 25] } as const;

/** A thumbnail and a preview of a picture, upright, sRGB and without metadata. */
export async function renditionsOf(frame: Frame): Promise<Renditions> {
  try {
    const preview = await render(frame, limits.previewPixels, qualities.preview, limits.previewBytes);
    const thumbnail = await render(frame, limits.thumbnailPixels, qualities.thumbnail, limits.thumbnailBytes);
    return { full: frame.full, ...(preview ? { preview } : {}), ...(thumbnail ? { thumbnail } : {}) };
  } finally {
    frame.close();
  }
}

async function render(
  frame: Frame,
  longEdge: number,
  tries: readonly number[],
  maxBytes: number,
): Promise<Rendition | null> {
  for (const quality of tries) {
    const { bytes, ...about } = await frame.encode(longEdge, quality);
    if (bytes.length <= maxBytes) return { bytes, about };
  }
  return null;
}
