import type { IndexedPhoto, UploadOutcome, Uploader, UploadSource } from '@heirloom/client';
import { AppError, limits } from '@heirloom/contracts';
import type { SourceDigest } from '@heirloom/crypto';
import { toHex } from '@heirloom/formats';
import { readBlob } from './media-tasks.ts';
import type { MediaWorkers } from './media-workers.ts';
import type { ActiveUpload, FileSource, StoredUpload } from './queued-file.ts';

/** The browser cannot read the file any more: it was moved, deleted or changed. */
export class UnreadableError extends Error {
  override readonly name = 'UnreadableError';
}

export interface SendParts {
  uploader: Uploader;
  workers: MediaWorkers;
  signal: AbortSignal;
  /** Resolves when no other file of this content is on its way; what it gives ends this file's own turn. */
  turn: (content: string) => Promise<() => void>;
  tell: (progress: Pick<ActiveUpload, 'step' | 'share'>) => void;
}

const openFile = async (source: FileSource): Promise<Blob> =>
  source.kind === 'copy' ? source.file : await source.handle.getFile();

/** What reading throws is about the file, unless it says otherwise. */
function reading(error: unknown): unknown {
  if (error instanceof AppError || (error instanceof DOMException && error.name === 'AbortError'))
    return error;
  return new UnreadableError('the file cannot be read', { cause: error });
}

/**
 * Reads, seals and sends a file. It resolves when its bytes are at the server; `outcome` follows when they are
 * acknowledged. A file that changed on the disk meanwhile is read once more as the one that it is now.
 * @throws UnreadableError; AppError as Uploader.send
 */
export async function sendFile(
  upload: StoredUpload,
  parts: SendParts,
): Promise<{ outcome: Promise<UploadOutcome> }> {
  try {
    return await sendOnce(upload, parts);
  } catch (error) {
    const hasChanged = error instanceof AppError && error.code === 'source-changed';
    if (!hasChanged || upload.source.kind === 'copy') throw error;
    return await sendOnce(upload, parts);
  }
}

async function sendOnce(
  upload: StoredUpload,
  { uploader, workers, signal, turn, tell }: SendParts,
): Promise<{ outcome: Promise<UploadOutcome> }> {
  const file = await openFile(upload.source).catch((error: unknown) => {
    throw reading(error);
  });
  if (file.size > limits.objectBytes * 0.99)
    throw new AppError('too-large', { detail: 'This file is larger than 63 GiB.' });
  const digest = await digestOf(file, { workers, signal, tell });
  const source: UploadSource = {
    digest,
    original: async function* () {
      try {
        for await (const piece of readBlob(file)) {
          signal.throwIfAborted();
          yield piece;
        }
      } catch (error) {
        throw signal.aborted ? signal.reason : reading(error);
      }
    },
    describe: () =>
      workers.describe(file, { name: upload.name, sha256: digest.sha256, modifiedAt: upload.modifiedAt }),
  };
  const endTurn = await turn(toHex(digest.sha256));
  try {
    const { outcome } = await uploader.send(source, {
      onProgress: (sent, total) => tell({ step: 'sending', share: total === 0 ? 0 : sent / total }),
    });
    tell({ step: 'saving', share: 1 });
    return { outcome: outcome.finally(endTurn) };
  } catch (error) {
    endTurn();
    throw error;
  }
}

async function digestOf(
  file: Blob,
  { workers, signal, tell }: Pick<SendParts, 'workers' | 'signal' | 'tell'>,
): Promise<SourceDigest> {
  tell({ step: 'reading', share: 0 });
  const digest = await workers
    .digest(file, (bytes) => tell({ step: 'reading', share: bytes / file.size }))
    .catch((error: unknown) => {
      throw reading(error);
    });
  signal.throwIfAborted();
  return digest;
}

/** The photo of an outcome. @throws what it failed by */
export function photoOf(outcome: UploadOutcome): IndexedPhoto {
  if (outcome.status === 'failed') throw outcome.error;
  return outcome.photo;
}
