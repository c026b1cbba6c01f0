import { open, stat } from 'node:fs/promises';
import { AppError, limits } from '@heirloom/contracts';
import type { UploadSource } from '@heirloom/client';
import { digestSource, type SourceDigest } from '@heirloom/crypto';
import type { SourceFile } from '../photos/walk.ts';
import { nodePorts } from '../ports/node-ports.ts';

const readAtOnceBytes = 512 * 1024;

/** All that changes when a file's content changes, as the file system tells it. */
export interface FileStamp {
  size: number;
  modifiedAtMs: number;
  /** Compares equal only for the same file, untouched. */
  stamp: string;
}

export async function stampOf({ path }: SourceFile): Promise<FileStamp> {
  const { size, mtimeNs, ctimeNs, ino, dev } = await stat(path, { bigint: true });
  return {
    size: Number(size),
    modifiedAtMs: Math.max(0, Number(mtimeNs / 1_000_000n)),
    stamp: [size, mtimeNs, ctimeNs, ino, dev].join(':'),
  };
}

/** Reads a file from its start. Each piece is valid until the next one is asked for: all lie in one buffer. */
export async function* readFile({ path }: SourceFile): AsyncGenerator<Uint8Array, void, undefined> {
  const handle = await open(path, 'r');
  try {
    const buffer = new Uint8Array(readAtOnceBytes);
    for (;;) {
      const { bytesRead } = await handle.read(buffer, 0, buffer.length, null);
      if (bytesRead === 0) return;
      yield buffer.subarray(0, bytesRead);
    }
  } finally {
    await handle.close();
  }
}

/**
 * Hashes a file that stays the same meanwhile.
 * @throws AppError `source-changed`, `too-large`
 */
export async function digestFile(file: SourceFile): Promise<{ digest: SourceDigest; stamp: FileStamp }> {
  const before = await stampOf(file);
  if (before.size > limits.objectBytes * 0.99) {
    throw new AppError('too-large', { detail: 'This file is larger than 63 GiB.' });
  }
  const digest = await digestSource(() => readFile(file), nodePorts);
  const after = await stampOf(file);
  if (before.stamp !== after.stamp || digest.size !== after.size) {
    throw new AppError('source-changed', { detail: 'The file changed while it was being read.' });
  }
  return { digest, stamp: after };
}

/** The file as the uploader takes it. */
export function uploadSource(file: SourceFile, digest: SourceDigest, stamp: FileStamp): UploadSource {
  return { digest, original: () => readFile(file), describe: () => describe(file, digest, stamp) };
}

/** What the file says of itself. Nothing that is unreadable there keeps a file from being stored. */
async function describe(file: SourceFile, { sha256 }: SourceDigest, { modifiedAtMs }: FileStamp) {
  const { describeMedia } = await import('@heirloom/media');
  const { openFile, sharpDecoder } = await import('@heirloom/media/node');
  await using source = await openFile(file.path);
  return await describeMedia({ name: file.name, source, sha256, modifiedAt: modifiedAtMs }, sharpDecoder);
}
