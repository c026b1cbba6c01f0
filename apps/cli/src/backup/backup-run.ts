import { AppError, type ErrorCode } from '@heirloom/contracts';
import type { IndexedPhoto, Uploader, UploadOutcome, Vault } from '@heirloom/client';
import { failureOf, type Failure } from '../output/failure.ts';
import type { Progress } from '../output/progress.ts';
import type { SourceFile } from '../photos/walk.ts';
import type { SeenFiles } from '../profile/profile-database.ts';
import { digestFile, stampOf, uploadSource, type FileStamp } from './read-file.ts';

/** What became of one file. */
export type FileResult =
  | { file: string; status: 'stored' | 'restored' | 'already-there'; photo: IndexedPhoto; copies: number }
  | { file: string; status: 'failed'; failure: Failure };

/** Errors that every other file would meet as well. */
const endsTheRun: ReadonlySet<ErrorCode> = new Set([
  'unavailable',
  'timeout',
  'token-invalid',
  'token-missing',
  'device-revoked',
  'account-locked',
  'revocations-stale',
  'storage-full',
  'quota-exceeded',
  'forbidden',
]);

/** Files that are read, sealed and sent at the same time. */
const sending = 2;
/** A file from this size on goes alone among its like, so that memory stays small. */
const largeBytes = 32 * 1024 * 1024;
/** Files whose bytes are sent and whose acknowledgement is awaited. */
const awaiting = 12;

export interface BackupParts {
  vault: Vault;
  uploader: Uploader;
  seenFiles: SeenFiles;
  progress: Progress;
  /** Stops the run: the person's wish, or an error that concerns all. */
  stop: AbortController;
}

const failed = (error: unknown): UploadOutcome => ({ status: 'failed', error });

/** Stores files, a few at a time. Each gets exactly one result, in the order in which they end. */
export class BackupRun {
  readonly #parts: BackupParts;
  readonly #results: FileResult[] = [];
  /** Contents of this run, so that a file that appears twice is stored once. */
  readonly #byContent = new Map<string, Promise<UploadOutcome>>();
  readonly #awaited = new Set<Promise<void>>();
  #large: Promise<unknown> = Promise.resolve();

  constructor(parts: BackupParts) {
    this.#parts = parts;
  }

  async run(files: readonly SourceFile[]): Promise<FileResult[]> {
    const queue = files.values();
    const worker = async () => {
      for (const file of queue) {
        await this.#one(file);
        while (this.#awaited.size >= awaiting) await Promise.race(this.#awaited);
      }
    };
    await Promise.all(Array.from({ length: sending }, worker));
    await Promise.all(this.#awaited);
    return this.#results;
  }

  /** Returns when the file is sent. Its result comes when the server has acknowledged it. */
  async #one(file: SourceFile): Promise<void> {
    let outcome: Promise<UploadOutcome>;
    try {
      this.#parts.stop.signal.throwIfAborted();
      ({ outcome } = await this.#send(file));
    } catch (error) {
      outcome = Promise.resolve(failed(error));
    }
    const awaited = outcome.then((settled) => this.#record(file, settled));
    this.#awaited.add(awaited);
    void awaited.finally(() => this.#awaited.delete(awaited));
  }

  async #send(file: SourceFile): Promise<{ outcome: Promise<UploadOutcome> }> {
    const stamp = await stampOf(file);
    const known = await this.#knownBySight(file, stamp);
    if (known) return { outcome: Promise.resolve(known) };
    if (stamp.size < largeBytes) return await this.#sendAsItIs(file);
    const before = this.#large;
    const mine = before.then(() => this.#sendAsItIs(file));
    this.#large = mine.catch(() => undefined);
    return await mine;
  }

  async #sendAsItIs(file: SourceFile): Promise<{ outcome: Promise<UploadOutcome> }> {
    try {
      return await this.#sendContent(file);
    } catch (error) {
      if (!(error instanceof AppError) || error.code !== 'source-changed') throw error;
      // It is read once more, as the file that it is now.
      return await this.#sendContent(file);
    }
  }

  /** A file that was stored before and was not touched since need not be read again. */
  async #knownBySight(file: SourceFile, { stamp, size }: FileStamp): Promise<UploadOutcome | null> {
    const { vault, seenFiles, progress } = this.#parts;
    const contentKey = seenFiles.find(vault.seal.lookup('path', file.path), stamp);
    const photo = contentKey && (await vault.library.byContentKey(contentKey));
    // One in the trash is restored, which the uploader does.
    if (!photo || photo.trashedAt !== undefined) return null;
    progress.add(size);
    return { status: 'already-stored', photo, copies: 0 };
  }

  async #sendContent(file: SourceFile): Promise<{ outcome: Promise<UploadOutcome> }> {
    const { uploader } = this.#parts;
    const { digest, stamp } = await digestFile(file);
    const content = Buffer.from(digest.sha256).toString('hex');
    const twin = this.#byContent.get(content);
    if (twin) return { outcome: this.#sameAs(twin, file, digest.sha256, stamp.stamp, digest.size) };
    const mine = Promise.withResolvers<UploadOutcome>();
    this.#byContent.set(content, mine.promise);
    try {
      const { outcome } = await uploader.send(uploadSource(file, digest, stamp), {
        onProgress: this.#showProgress(digest.size),
      });
      void outcome.then((settled) => {
        if (settled.status !== 'failed') this.#note(file, digest.sha256, stamp.stamp);
        mine.resolve(settled);
      });
      return { outcome: mine.promise };
    } catch (error) {
      this.#byContent.delete(content);
      mine.resolve(failed(error));
      throw error;
    }
  }

  /** A second file of the same content waits for the first one. */
  async #sameAs(
    twin: Promise<UploadOutcome>,
    file: SourceFile,
    sha256: Uint8Array,
    stamp: string,
    size: number,
  ): Promise<UploadOutcome> {
    const settled = await twin;
    this.#parts.progress.add(size);
    if (settled.status === 'failed') return settled;
    this.#note(file, sha256, stamp);
    return { ...settled, status: 'already-stored' };
  }

  #note(file: SourceFile, sha256: Uint8Array, stamp: string): void {
    const { vault, seenFiles } = this.#parts;
    seenFiles.note(vault.seal.lookup('path', file.path), stamp, vault.library.contentKey(sha256));
  }

  /** Counts in bytes of the file, though what is sent is a little longer. */
  #showProgress(size: number): (sent: number, total: number) => void {
    let shown = 0;
    return (sent, total) => {
      const now = total === 0 ? 0 : Math.round((sent / total) * size);
      this.#parts.progress.add(now - shown);
      shown = now;
    };
  }

  #record(file: SourceFile, outcome: UploadOutcome): void {
    this.#parts.progress.itemDone();
    if (outcome.status !== 'failed') {
      const status = outcome.status === 'already-stored' ? 'already-there' : outcome.status;
      this.#results.push({ file: file.shown, status, photo: outcome.photo, copies: outcome.copies });
      return;
    }
    const { error } = outcome;
    this.#results.push({ file: file.shown, status: 'failed', failure: failureOf(error) });
    if (error instanceof AppError && endsTheRun.has(error.code)) this.#parts.stop.abort(error);
  }
}
