/** Bytes that can be read from anywhere: a file, a Blob, or a part of one. */
export interface ByteSource {
  readonly size: number;
  /** The bytes from `offset` on; fewer than `length` only where the source ends. */
  read(offset: number, length: number): Promise<Uint8Array<ArrayBuffer>>;
}

/** A Blob or File; nothing of it is read before it is asked for. */
export function blobSource(blob: Blob): ByteSource {
  return {
    size: blob.size,
    read: async (offset, length) => new Uint8Array(await blob.slice(offset, offset + length).arrayBuffer()),
  };
}

export function bytesSource(bytes: Uint8Array): ByteSource {
  return { size: bytes.length, read: async (offset, length) => bytes.slice(offset, offset + length) };
}

/** A part of a source, cut where the source ends. */
export function partOf(source: ByteSource, offset: number, length: number): ByteSource {
  const start = Math.min(Math.max(0, offset), source.size);
  const size = Math.min(Math.max(0, length), source.size - start);
  return {
    size,
    read: (from, wanted) => source.read(start + from, Math.max(0, Math.min(wanted, size - from))),
  };
}

const windowBytes = 64 * 1024;

/** The same source for many small reads that lie close together: it keeps the last 64 KiB. */
export function windowed(source: ByteSource): ByteSource {
  let start = 0;
  let held: Uint8Array<ArrayBuffer> = new Uint8Array();
  return {
    size: source.size,
    read: async (offset, length) => {
      if (length > windowBytes) return await source.read(offset, length);
      const end = Math.min(offset + length, source.size);
      if (offset < start || end > start + held.length) {
        held = await source.read(offset, windowBytes);
        start = offset;
      }
      return held.slice(offset - start, Math.max(offset, end) - start);
    },
  };
}

/** @throws RangeError where the source ends too early */
export async function readExactly(source: ByteSource, offset: number, length: number): Promise<DataView> {
  const bytes = await source.read(offset, length);
  if (bytes.length !== length) throw new RangeError('The file ends too early');
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
}

/** Bytes as Latin-1 text, as magic numbers and box types are written. */
export const latin = (bytes: Uint8Array): string => String.fromCharCode(...bytes);
