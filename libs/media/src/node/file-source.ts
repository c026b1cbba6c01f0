import { open } from 'node:fs/promises';
import type { ByteSource } from '../source/byte-source.ts';

export interface FileSource extends ByteSource, AsyncDisposable {
  /** Where the whole source is this file, by a name that is text. */
  path?: string;
}

/** A file on disk, open until it is disposed of. File systems take any bytes as a name. */
export async function openFile(path: string | Buffer): Promise<FileSource> {
  const handle = await open(path, 'r');
  const { size } = await handle.stat();
  const named = path.toString();
  return {
    size,
    ...(Buffer.from(named).equals(Buffer.from(path)) ? { path: named } : {}),
    read: async (offset, length) => {
      const bytes = new Uint8Array(Math.max(0, Math.min(length, size - offset)));
      let filled = 0;
      while (filled < bytes.length) {
        const { bytesRead } = await handle.read(bytes, filled, bytes.length - filled, offset + filled);
        if (bytesRead === 0) break;
        filled += bytesRead;
      }
      return bytes.subarray(0, filled);
    },
    [Symbol.asyncDispose]: () => handle.close(),
  };
}
