import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { AppError, limits } from '@heirloom/contracts';
import type { UploadSource } from '@heirloom/client';
import { digestSource, type SourceDigest } from '@heirloom/crypto';
import type { Metadata } from '@heirloom/formats';
import { readExif } from '../photos/exif.ts';
import { mediaTypeOf } from '../photos/media-type.ts';
import { renditionsOf } from '../photos/renditions.ts';
import type { SourceFile } from '../photos/walk.ts';
import { nodePorts } from '../ports/node-ports.ts';

const readAtOnceBytes = 1024 * 1024;

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

export const readFileOf =
  ({ path }: SourceFile) =>
  (): AsyncIterable<Uint8Array> =>
    createReadStream(path, { highWaterMark: readAtOnceBytes });

/**
 * Hashes a file that stays the same meanwhile.
 * @throws AppError `source-changed`, `too-large`
 */
export async function digestFile(file: SourceFile): Promise<{ digest: SourceDigest; stamp: FileStamp }> {
  const before = await stampOf(file);
  if (before.size > limits.objectBytes * 0.99) {
    throw new AppError('too-large', { detail: 'This file is larger than 63 GiB.' });
  }
  const digest = await digestSource(readFileOf(file), nodePorts);
  const after = await stampOf(file);
  if (before.stamp !== after.stamp || digest.size !== after.size) {
    throw new AppError('source-changed', { detail: 'The file changed while it was being read.' });
  }
  return { digest, stamp: after };
}

/** The file as the uploader takes it. */
export function uploadSource(file: SourceFile, digest: SourceDigest, stamp: FileStamp): UploadSource {
  return { digest, original: readFileOf(file), describe: () => describe(file, digest, stamp) };
}

/** What the file says of itself. Nothing that is unreadable there keeps a file from being stored. */
async function describe(file: SourceFile, { size, sha256 }: SourceDigest, { modifiedAtMs }: FileStamp) {
  const mediaType = mediaTypeOf(file.name);
  const facts = mediaType.startsWith('image/') ? await readExif(file.shown) : {};
  const { thumbnail, preview, width, height } = await renditionsOf(file.shown, mediaType, size);
  const metadata: Metadata = {
    name: nameOf(file),
    mediaType,
    size,
    sha256,
    modifiedAt: modifiedAtMs,
    ...facts,
    ...(width && height ? { width, height } : {}),
    ...(thumbnail ? { thumbnail: thumbnail.about } : {}),
    ...(preview ? { preview: preview.about } : {}),
  };
  return { metadata, thumbnail: thumbnail?.bytes, preview: preview?.bytes };
}

const nameOf = ({ name }: SourceFile): string => [...name.toWellFormed()].slice(0, 1000).join('') || 'photo';
