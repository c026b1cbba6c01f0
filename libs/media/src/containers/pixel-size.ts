import { readExactly, type ByteSource } from '../source/byte-source.ts';
import { boxesIn, findBox } from './boxes.ts';
import { jpegSize, type PixelSize } from './jpeg.ts';
import { webpChunk } from './riff.ts';

/** More than this is no picture's size, and more than metadata can say. */
const maxEdge = 1_000_000;

const readers: Readonly<Record<string, (source: ByteSource) => Promise<PixelSize | undefined>>> = {
  'image/jpeg': jpegSize,
  'image/png': async (source) => {
    const view = await readExactly(source, 16, 8);
    return { width: view.getUint32(0), height: view.getUint32(4) };
  },
  'image/gif': async (source) => {
    const view = await readExactly(source, 6, 4);
    return { width: view.getUint16(0, true), height: view.getUint16(2, true) };
  },
  'image/webp': webpSize,
  'image/avif': heifSize,
  'image/heic': heifSize,
  'image/heif': heifSize,
};

/**
 * Size in pixels as the file's header states it, before any rotation: known before a decoder sees the file, so that a
 * small file that unfolds to gigabytes is left alone. Undefined where the type has no reader here.
 */
export async function pixelSize(source: ByteSource, mediaType: string): Promise<PixelSize | undefined> {
  const size = await readers[mediaType]?.(source);
  const isSize = (edge: number): boolean => edge >= 1 && edge <= maxEdge;
  return size && isSize(size.width) && isSize(size.height) ? size : undefined;
}

async function webpSize(source: ByteSource): Promise<PixelSize | undefined> {
  const extended = await webpChunk(source, 'VP8X');
  if (extended) {
    const view = await readExactly(extended, 0, 10);
    const at = (i: number) => view.getUint16(i, true) + (view.getUint8(i + 2) << 16) + 1;
    return { width: at(4), height: at(7) };
  }
  const lossless = await webpChunk(source, 'VP8L');
  if (lossless) {
    const bits = (await readExactly(lossless, 1, 4)).getUint32(0, true);
    return { width: (bits & 0x3fff) + 1, height: ((bits >>> 14) & 0x3fff) + 1 };
  }
  const lossy = await webpChunk(source, 'VP8 ');
  if (!lossy) return undefined;
  const view = await readExactly(lossy, 6, 4);
  return { width: view.getUint16(0, true) & 0x3fff, height: view.getUint16(2, true) & 0x3fff };
}

/** The largest `ispe`: that of the whole picture, since its tiles and thumbnails are smaller. */
async function heifSize(source: ByteSource): Promise<PixelSize | undefined> {
  const properties = await findBox(source, 'meta/iprp/ipco');
  if (!properties) return undefined;
  let largest: PixelSize | undefined;
  for await (const box of boxesIn(source, properties.start, properties.end)) {
    if (box.type !== 'ispe') continue;
    const view = await readExactly(source, box.start, 12);
    const size = { width: view.getUint32(4), height: view.getUint32(8) };
    if (size.width * size.height > (largest ? largest.width * largest.height : 0)) largest = size;
  }
  return largest;
}
