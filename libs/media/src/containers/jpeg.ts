import { readExactly, type ByteSource } from '../source/byte-source.ts';

export interface PixelSize {
  width: number;
  height: number;
}

const maxSegments = 512;

/**
 * Size of a JPEG that every decoder reads: baseline or progressive, 8 bits. Undefined for anything else, as the
 * lossless JPEG that RAW files keep their sensor's data in (ITU T.81, Annex B).
 */
export async function jpegSize(source: ByteSource): Promise<PixelSize | undefined> {
  if ((await readExactly(source, 0, 2)).getUint16(0) !== 0xffd8) return undefined;
  let at = 2;
  for (let count = 0; count < maxSegments; count += 1) {
    const head = await readExactly(source, at, 4);
    const marker = head.getUint16(0);
    if (marker === 0xffff) {
      at += 1;
      continue;
    }
    if (marker === 0xffc0 || marker === 0xffc1 || marker === 0xffc2) {
      const frame = await readExactly(source, at + 4, 5);
      const size = { width: frame.getUint16(3), height: frame.getUint16(1) };
      return frame.getUint8(0) === 8 && size.width > 0 && size.height > 0 ? size : undefined;
    }
    const isTable = marker === 0xffc4 || marker === 0xffcc;
    if ((marker >= 0xffc0 && marker <= 0xffcf && !isTable) || marker === 0xffda || marker < 0xff01)
      return undefined;
    at += 2 + head.getUint16(2);
  }
  return undefined;
}
