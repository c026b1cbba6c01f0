import { limits } from '@heirloom/contracts';
import type { Metadata } from '@heirloom/formats';
import sharp, { type Sharp } from 'sharp';

export interface Rendition {
  bytes: Uint8Array;
  about: NonNullable<Metadata['thumbnail']>;
}
export interface Renditions {
  thumbnail?: Rendition;
  preview?: Rendition;
  width?: number;
  height?: number;
}

const thumbnailPixels = 360;
const previewPixels = 1920;
/** A larger picture is stored without renditions: decoding it would take more memory than a backup may have. */
const maxPixels = 150_000_000;
const maxFileBytes = 512 * 1024 * 1024;
const pictureType = /^image\/(?!x-)/;

sharp.cache(false);
sharp.concurrency(1);

/**
 * A thumbnail and a preview, upright and without metadata, of whatever sharp decodes. Anything else has none:
 * no file is refused because it cannot be shown. Of a RAW file sharp would see only the small picture inside, and
 * take it for the photo.
 */
export async function renditionsOf(file: string, mediaType: string, fileBytes: number): Promise<Renditions> {
  if (fileBytes === 0 || fileBytes > maxFileBytes || !pictureType.test(mediaType)) return {};
  const open = (): Sharp =>
    sharp(file, {
      failOn: 'none',
      limitInputPixels: maxPixels,
      sequentialRead: true,
      animated: false,
    }).autoOrient();
  try {
    const { width, height } = await open().metadata();
    const preview = await render(open(), previewPixels, 80, limits.previewBytes);
    const thumbnail = await render(
      preview ? sharp(preview.bytes) : open(),
      thumbnailPixels,
      70,
      limits.thumbnailBytes,
    );
    return {
      ...(width && height ? { width, height } : {}),
      ...(preview ? { preview } : {}),
      ...(thumbnail ? { thumbnail } : {}),
    };
  } catch {
    return {};
  }
}

async function render(
  picture: Sharp,
  pixels: number,
  quality: number,
  maxBytes: number,
): Promise<Rendition | null> {
  const { data, info } = await picture
    .resize({ width: pixels, height: pixels, fit: 'inside', withoutEnlargement: true })
    .webp({ quality, effort: 2 })
    .toBuffer({ resolveWithObject: true });
  if (data.length > maxBytes) return null;
  return {
    bytes: new Uint8Array(data),
    about: { width: info.width, height: info.height, mediaType: 'image/webp' },
  };
}
