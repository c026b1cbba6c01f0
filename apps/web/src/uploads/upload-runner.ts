import { AppError } from '@heirloom/contracts';
import { isAbsence, type EngineContext } from '../engine/engine-context.ts';
import type { Topic } from '../engine/topics.ts';
import { recoveryKeyEngine } from '../session/recovery-key-engine.ts';
import { LiveReport } from './live-channel.ts';
import { MediaWorkers } from './media-workers.ts';
import { idleUploads } from './queued-file.ts';
import type { UploadQueue } from './upload-queue.ts';
import { mustEndRun, UploadRun } from './upload-run.ts';

/** Held by the tab that uploads: there is one at a time. */
const lockName = 'heirloom-uploads';
/** How soon an absent server is tried again: the first times soon, then every half minute. */
const waitsMs = [2_000, 5_000, 10_000, 20_000, 30_000];
/** A full server may have been given room, or a person more of it. */
const fullWaitMs = 5 * 60_000;

const passes = (error: unknown): boolean =>
  isAbsence(error) ||
  (error instanceof AppError && (error.code === 'revocations-stale' || error.code === 'too-many-requests'));
const isFull = (error: unknown): boolean =>
  error instanceof AppError && (error.code === 'storage-full' || error.code === 'quota-exceeded');

/** What tells a run to end, though nothing is wrong. */
class Interruption extends Error {
  override readonly name = 'Interruption';
}

/** Nothing is there yet, and nobody could bring it back if the password were forgotten. */
class KeyNeeded extends Error {
  override readonly name = 'KeyNeeded';
}

/**
 * Uploads in one tab at a time. A tab with something to do stands in line for the lock, so when the one that uploads is
 * closed, the next goes on. What a run cannot go on without is waited for, and told.
 */
export class UploadRunner {
  readonly unallowed = new Set<string>();
  readonly #context: EngineContext;
  readonly #queue: UploadQueue;
  readonly #report = new LiveReport();
  readonly #workers = new MediaWorkers();
  #inLine = false;
  #again = false;
  /** Something that only the person can change. */
  #isStopped = false;
  #stop: AbortController | null = null;
  #run: UploadRun | null = null;
  #failures = 0;
  #alarm: (() => void) | null = null;

  constructor(context: EngineContext, queue: UploadQueue) {
    this.#context = context;
    this.#queue = queue;
    context.listen((topics) => void this.#hear(topics));
    self.addEventListener('online', () => this.#alarm?.());
    this.wake();
  }

  /** There may be something to do. */
  wake(): void {
    if (this.#inLine) {
      this.#again = true;
      return;
    }
    this.#inLine = true;
    this.#again = false;
    void this.#standInLine().finally(() => {
      this.#inLine = false;
      if (this.#again) this.wake();
    });
  }

  /** The person has seen what was wrong, and wants it to go on. */
  resume(): void {
    this.#isStopped = false;
    this.#failures = 0;
    this.unallowed.clear();
    this.#alarm?.();
    this.wake();
  }

  /** Ends the run that is under way in this tab; the queue stays. */
  interrupt(): void {
    this.#stop?.abort(new Interruption('the run is to end'));
    this.#alarm?.();
  }

  async #hear(topics: readonly Topic[]): Promise<void> {
    if (topics.includes('session')) {
      this.#isStopped = false;
      this.interrupt();
      if ((await this.#context.profile.standing()).kind === 'none') this.#queue.dropLoose();
      this.wake();
    }
    if (!topics.includes('uploads')) return;
    if ((await this.#queue.tally()).isPaused) this.interrupt();
    await this.#run?.dropRemoved();
    this.wake();
  }

  async #standInLine(): Promise<void> {
    if (!(await this.#hasWork())) return;
    await navigator.locks.request(lockName, async () => {
      await this.#work();
      this.#report.handOver();
    });
  }

  async #hasWork(): Promise<boolean> {
    if (this.#isStopped || (await this.#context.profile.standing()).kind !== 'open') return false;
    if ((await this.#queue.tally()).isPaused) return false;
    return (await this.#queue.next(this.unallowed)) !== null;
  }

  async #work(): Promise<void> {
    this.#report.set({ ...idleUploads, recent: this.#report.live.recent });
    while (await this.#hasWork()) {
      this.#stop = new AbortController();
      try {
        this.#report.set({ phase: 'running', problem: null });
        await this.#oneRun(this.#stop);
        this.#failures = 0;
      } catch (error) {
        await this.#afterFailure(error);
      } finally {
        this.#run = null;
        this.#report.set({ active: [], bytesPerSecond: null });
        this.#context.changed('timeline', 'uploads');
      }
    }
    this.#workers.end();
    if (!this.#isStopped) this.#report.set({ phase: 'idle', problem: null });
  }

  async #oneRun(stop: AbortController): Promise<void> {
    const { unallowed } = this;
    const vault = await this.#context.vault();
    // What the vault has must be known, or it would be sent a second time.
    await this.#context.online(() => vault.syncLibrary());
    await this.#mustHaveKey(vault.libraryId);
    this.#run = new UploadRun({
      context: this.#context,
      vault,
      queue: this.#queue,
      workers: this.#workers,
      report: this.#report,
      unallowed,
      stop,
    });
    await this.#run.work();
  }

  /** Before the first photo of all, the recovery key is confirmed. @throws KeyNeeded */
  async #mustHaveKey(library: string): Promise<void> {
    const { database } = this.#context;
    if ((await database.count('rows', IDBKeyRange.bound([library], [library, []]))) > 0) return;
    if ((await recoveryKeyEngine(this.#context).recoveryKey()) !== 'confirmed')
      throw new KeyNeeded('the recovery key is not confirmed');
  }

  async #afterFailure(error: unknown): Promise<void> {
    if (error instanceof Interruption) return;
    if (error instanceof KeyNeeded) {
      this.#isStopped = true;
      this.#report.set({ phase: 'key-needed', problem: null });
      return;
    }
    const code = error instanceof AppError ? error.code : null;
    const problem = { code, message: error instanceof Error ? error.message : String(error) };
    if (passes(error)) {
      this.#context.noteConnection(!isAbsence(error));
      this.#report.set({ phase: 'offline', problem });
      await this.#rest(waitsMs[Math.min(this.#failures++, waitsMs.length - 1)] ?? 0);
    } else if (isFull(error)) {
      this.#report.set({ phase: 'stopped', problem });
      await this.#rest(fullWaitMs);
    } else {
      // Locked or signed out, which the whole app shows, or a fault that all files would meet.
      this.#isStopped = true;
      this.#report.set({ phase: 'stopped', problem });
      if (mustEndRun(error)) this.#context.forget();
    }
  }

  /** Until so much time has passed, the network is back, or the person wants to go on. */
  async #rest(ms: number): Promise<void> {
    await new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, ms);
      this.#alarm = () => {
        clearTimeout(timer);
        resolve();
      };
    });
    this.#alarm = null;
  }
}
