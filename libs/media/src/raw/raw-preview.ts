import { jpegSize, type PixelSize } from '../containers/jpeg.ts';
import { partOf, readExactly, windowed, type ByteSource } from '../source/byte-source.ts';
import { cr3Candidates } from './cr3-preview.ts';
import { tiffCandidates } from './tiff-preview.ts';

/** A part of a file, in bytes. */
export interface Extent {
  offset: number;
  length: number;
}
export interface RawPreview {
  jpeg: ByteSource;
  /** Of the JPEG, as stored. */
  size: PixelSize;
}

const maxCandidates = 64;
const rawTypes: ReadonlySet<string> = new Set([
  'image/x-adobe-dng',
  'image/x-canon-cr2',
  'image/x-canon-cr3',
  'image/x-fuji-raf',
  'image/x-nikon-nef',
  'image/x-olympus-orf',
  'image/x-panasonic-rw2',
  'image/x-pentax-pef',
  'image/x-sony-arw',
]);

export const isRaw = (mediaType: string): boolean => rawTypes.has(mediaType);

/**
 * The largest ordinary JPEG inside a RAW file, which the camera made of the picture. Nothing of the file is believed:
 * a place outside of it, a loop of directories, or something that is no JPEG is passed over.
 */
export async function rawPreview(file: ByteSource, mediaType: string): Promise<RawPreview | null> {
  const source = windowed(file);
  let best: RawPreview | null = null;
  for (const { offset, length } of (await candidates(source, mediaType)).slice(0, maxCandidates)) {
    if (offset <= 0 || length <= 0 || offset + length > file.size) continue;
    const jpeg = partOf(file, offset, length);
    const size = await jpegSize(windowed(jpeg)).catch(() => undefined);
    if (size && size.width * size.height > (best ? best.size.width * best.size.height : 0))
      best = { jpeg, size };
  }
  return best;
}

async function candidates(source: ByteSource, mediaType: string): Promise<Extent[]> {
  try {
    if (mediaType === 'image/x-canon-cr3') return await cr3Candidates(source);
    if (mediaType === 'image/x-fuji-raf') {
      const header = await readExactly(source, 84, 8);
      return [{ offset: header.getUint32(0), length: header.getUint32(4) }];
    }
    return await tiffCandidates(source);
  } catch {
    return [];
  }
}
