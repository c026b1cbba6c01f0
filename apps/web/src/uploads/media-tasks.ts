import { digestSource, type SourceDigest } from '@heirloom/crypto';
import type { Metadata } from '@heirloom/formats';

/** Bytes read from a file at once. */
const readAtOnceBytes = 1024 * 1024;

/** Reads a file from its start; never more than 1 MiB of it is in memory. */
export async function* readBlob(file: Blob): AsyncGenerator<Uint8Array, void, undefined> {
  for (let at = 0; at < file.size; at += readAtOnceBytes)
    yield new Uint8Array(await file.slice(at, at + readAtOnceBytes).arrayBuffer());
}

export interface Description {
  metadata: Metadata;
  thumbnail?: Uint8Array<ArrayBuffer> | undefined;
  preview?: Uint8Array<ArrayBuffer> | undefined;
}

/** What is heavy about a file before it is sealed. It runs in a worker of its own, so that nothing else waits for it. */
export const mediaTasks = {
  /** Takes the file's hashes; `tell` hears the bytes that were read. */
  digest: async (file: Blob, tell: (bytes: number) => void): Promise<SourceDigest> => {
    let read = 0;
    return await digestSource(async function* () {
      for await (const piece of readBlob(file)) {
        yield piece;
        tell((read += piece.length));
      }
    });
  },
  describe: async (
    file: Blob,
    about: { name: string; sha256: Uint8Array; modifiedAt: number },
  ): Promise<Description> => ({
    metadata: {
      name: about.name.toWellFormed().slice(0, 1000) || 'photo',
      mediaType: 'application/octet-stream',
      size: file.size,
      sha256: about.sha256,
      modifiedAt: about.modifiedAt,
    },
  }),
};

export type MediaTasks = typeof mediaTasks;
