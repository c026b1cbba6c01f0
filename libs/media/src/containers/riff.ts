import { latin, partOf, readExactly, type ByteSource } from '../source/byte-source.ts';

const maxChunks = 4096;

/** The content of the first chunk of a WebP file that has this name (RFC 9649 section 2). */
export async function webpChunk(source: ByteSource, name: string): Promise<ByteSource | undefined> {
  let at = 12;
  for (let count = 0; count < maxChunks && at + 8 <= source.size; count += 1) {
    const head = await readExactly(source, at, 8);
    const size = head.getUint32(4, true);
    if (latin(new Uint8Array(head.buffer, head.byteOffset, 4)) === name) return partOf(source, at + 8, size);
    at += 8 + size + (size % 2);
  }
  return undefined;
}
