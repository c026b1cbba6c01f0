import { Uploader, type Patience, type UploadOutcome, type Vault } from '@heirloom/client';
import { AppError, type ErrorCode } from '@heirloom/contracts';
import type { EngineContext } from '../engine/engine-context.ts';
import { AlbumAdder } from './album-adder.ts';
import type { LiveReport } from './live-channel.ts';
import type { MediaWorkers } from './media-workers.ts';
import type { ActiveUpload, StoredUpload, UploadFailure, UploadOutcomeKind } from './queued-file.ts';
import { photoOf, sendFile, UnreadableError } from './send-file.ts';
import { SpeedMeter } from './speed-meter.ts';
import type { UploadQueue } from './upload-queue.ts';

/** Files that are read, sealed and sent at the same time. */
const lanes = 3;
/** Files whose bytes are sent and whose acknowledgement is awaited. */
const awaiting = 12;
const recentRows = 20;
/** Long enough for a hiccup; a longer absence is told to the person, and waited for. */
const patience: Patience = { totalMs: 6_000, firstWaitMs: 250, longestWaitMs: 2_000 };

/** Errors that every other file would meet as well. */
const concernsAll: ReadonlySet<ErrorCode> = new Set([
  'unavailable',
  'timeout',
  'revocations-stale',
  'token-missing',
  'token-invalid',
  'token-expired',
  'device-revoked',
  'account-locked',
  'storage-full',
  'quota-exceeded',
  'too-many-requests',
  'no-family',
]);
export const mustEndRun = (error: unknown): boolean =>
  error instanceof AppError && concernsAll.has(error.code);

export interface RunParts {
  context: EngineContext;
  vault: Vault;
  queue: UploadQueue;
  workers: MediaWorkers;
  report: LiveReport;
  /** Files that the browser does not let us read at present. */
  unallowed: Set<string>;
  stop: AbortController;
}

/** Sends what is in the queue until it is empty, or until something happens that concerns all files. */
export class UploadRun {
  readonly #parts: RunParts;
  readonly #uploader: Uploader;
  readonly #adder: AlbumAdder;
  readonly #speed = new SpeedMeter();
  readonly #active = new Map<string, ActiveUpload>();
  /** What was taken from the queue, with what stops it alone. */
  readonly #taken = new Map<string, AbortController>();
  readonly #awaited = new Set<Promise<void>>();
  /** Contents that are on their way, so that a file that is there twice is sent once. */
  readonly #byContent = new Map<string, Promise<void>>();

  constructor(parts: RunParts) {
    const { vault, context, stop } = parts;
    this.#parts = parts;
    this.#uploader = new Uploader(vault, { journal: context.journal, signal: stop.signal, patience });
    this.#adder = new AlbumAdder(vault);
  }

  /** @throws what stopped it: an error that concerns all, or the reason of an abort */
  async work(): Promise<void> {
    await Promise.all(Array.from({ length: lanes }, () => this.#lane()));
    await Promise.all(this.#awaited);
    this.#parts.stop.signal.throwIfAborted();
  }

  /** Stops what the person took out of the queue, here or in another tab. */
  async dropRemoved(): Promise<void> {
    for (const [id, own] of this.#taken) if (!(await this.#parts.queue.get(id))) own.abort();
  }

  async #lane(): Promise<void> {
    for (;;) {
      while (this.#awaited.size >= awaiting) await Promise.race(this.#awaited);
      const upload = this.#parts.stop.signal.aborted ? null : await this.#take();
      if (!upload) return;
      await this.#one(upload);
    }
  }

  /** Lanes ask one after the other: what one has seen is taken before the next looks. */
  #taking: Promise<unknown> = Promise.resolve();
  #take(): Promise<StoredUpload | null> {
    const mine = this.#taking.then(async () => {
      const { queue, unallowed } = this.#parts;
      for (;;) {
        const upload = await queue.next(new Set([...this.#taken.keys(), ...unallowed]));
        if (!upload) return null;
        if (await this.#mayRead(upload)) {
          this.#taken.set(upload.id, new AbortController());
          return upload;
        }
        unallowed.add(upload.id);
      }
    });
    this.#taking = mine.catch(() => undefined);
    return mine;
  }

  async #mayRead({ source }: StoredUpload): Promise<boolean> {
    if (source.kind === 'copy') return true;
    return ((await source.root.queryPermission?.({ mode: 'read' })) ?? 'granted') === 'granted';
  }

  /** Returns when the file is sent. What becomes of it comes when the server has acknowledged it. */
  async #one(upload: StoredUpload): Promise<void> {
    const { id, name, size } = upload;
    this.#show({ id, name, size, step: 'reading', share: 0 });
    let outcome: Promise<UploadOutcome>;
    try {
      ({ outcome } = await this.#send(upload));
    } catch (error) {
      outcome = Promise.resolve({ status: 'failed', error });
    }
    const settled = outcome
      .then((result) => this.#settle(upload, result))
      .catch((error: unknown) => this.#failed(upload, error))
      .finally(() => {
        this.#awaited.delete(settled);
        this.#taken.delete(id);
        this.#hide(id);
        this.#parts.context.changed('uploads');
      });
    this.#awaited.add(settled);
  }

  async #send(upload: StoredUpload): Promise<{ outcome: Promise<UploadOutcome> }> {
    const { workers, stop } = this.#parts;
    const { id, name, size } = upload;
    const own = this.#taken.get(id);
    let last = 0;
    return await sendFile(upload, {
      uploader: this.#uploader,
      workers,
      signal: AbortSignal.any([stop.signal, ...(own ? [own.signal] : [])]),
      turn: (content) => this.#turn(content),
      tell: ({ step, share }) => {
        if (step === 'sending') this.#speed.note((share - last) * size);
        if (step === 'sending') last = share;
        this.#show({ id, name, size, step, share });
      },
    });
  }

  /** A second file of the same content waits for the first, and is in the vault then. */
  async #turn(content: string): Promise<() => void> {
    for (let other = this.#byContent.get(content); other; other = this.#byContent.get(content)) await other;
    const { promise, resolve } = Promise.withResolvers<void>();
    this.#byContent.set(content, promise);
    return () => {
      this.#byContent.delete(content);
      resolve();
    };
  }

  async #settle(upload: StoredUpload, outcome: UploadOutcome): Promise<void> {
    const photo = photoOf(outcome);
    if (upload.albumId !== null)
      await this.#adder.add(upload.albumId, photo).catch((error: unknown) => {
        throw new AlbumError(error);
      });
    const kind = kindOf(outcome);
    const copies = 'copies' in outcome ? outcome.copies : 0;
    await this.#parts.queue.done(upload, kind, copies);
    const { live } = this.#parts.report;
    const line = { id: upload.id, name: upload.name, outcome: kind };
    this.#parts.report.set({ recent: [line, ...live.recent].slice(0, recentRows) });
  }

  /** The file stays in the queue when the fault is not its own. */
  async #failed(upload: StoredUpload, thrown: unknown): Promise<void> {
    const { stop, queue } = this.#parts;
    const error = thrown instanceof AlbumError ? thrown.cause : thrown;
    if (stop.signal.aborted || this.#taken.get(upload.id)?.signal.aborted) return;
    if (mustEndRun(error)) stop.abort(error);
    else await queue.fail(upload, failureOf(error, thrown instanceof AlbumError));
  }

  #show(active: ActiveUpload): void {
    this.#active.set(active.id, active);
    this.#tell();
  }

  #hide(id: string): void {
    this.#active.delete(id);
    this.#tell();
  }

  #tell(): void {
    this.#parts.report.set({ active: [...this.#active.values()], bytesPerSecond: this.#speed.perSecond() });
  }
}

class AlbumError extends Error {
  override readonly name = 'AlbumError';

  constructor(cause: unknown) {
    super('the album did not take it', { cause });
  }
}

function kindOf({ status }: UploadOutcome): UploadOutcomeKind {
  if (status === 'already-stored') return 'known';
  return status === 'restored' ? 'restored' : 'stored';
}

function failureOf(error: unknown, isStored: boolean): UploadFailure {
  if (error instanceof UnreadableError) return { code: 'unreadable', message: '', isStored };
  if (error instanceof AppError) return { code: error.code, message: error.message, isStored };
  return { code: null, message: error instanceof Error ? error.message : String(error), isStored };
}
