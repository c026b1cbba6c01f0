import { latin } from '../source/byte-source.ts';

/** Where chunks begin, what follows a chunk's content, and the name of the one with EXIF. */
const containers: Readonly<Record<string, { start: number; name: string; little: boolean; png: boolean }>> = {
  'image/webp': { start: 12, name: 'EXIF', little: true, png: false },
  'image/png': { start: 8, name: 'eXIf', little: false, png: true },
};

/**
 * Some browsers turn a WebP or PNG by its EXIF orientation and some do not. Renames the chunk, so that no browser
 * does: chunks of an unknown name are passed over.
 *
 * @returns whether the bytes are of such a format; what orientation says is then left to the caller
 */
export function hideExif(bytes: Uint8Array, mediaType: string): boolean {
  const container = containers[mediaType];
  if (!container) return false;
  const { start, name, little, png } = container;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  for (let at = start; at + 8 <= bytes.length;) {
    const size = view.getUint32(at + (png ? 0 : 4), little);
    const nameAt = at + (png ? 4 : 0);
    if (latin(bytes.subarray(nameAt, nameAt + 4)) === name) bytes.set([0x78, 0x78, 0x78, 0x78], nameAt);
    at += png ? size + 12 : size + 8 + (size % 2);
  }
  return true;
}
