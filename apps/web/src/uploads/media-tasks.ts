import { digestSource, type SourceDigest } from '@heirloom/crypto';
import { blobSource, describeMedia, type MediaDescription } from '@heirloom/media';
import { canvasDecoder } from '@heirloom/media/browser';

/** Bytes read from a file at once. */
const readAtOnceBytes = 1024 * 1024;

/** Reads a file from its start; never more than 1 MiB of it is in memory. */
export async function* readBlob(file: Blob): AsyncGenerator<Uint8Array, void, undefined> {
  for (let at = 0; at < file.size; at += readAtOnceBytes)
    yield new Uint8Array(await file.slice(at, at + readAtOnceBytes).arrayBuffer());
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
    { name, sha256, modifiedAt }: { name: string; sha256: Uint8Array; modifiedAt: number },
  ): Promise<MediaDescription> =>
    await describeMedia({ name, source: blobSource(file), sha256, modifiedAt }, canvasDecoder),
};

export type MediaTasks = typeof mediaTasks;
