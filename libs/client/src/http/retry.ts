import { AppError, type ErrorCode } from '@heirloom/contracts';

export interface Patience {
  /** How long to keep trying, counted from the first failure. */
  totalMs: number;
  firstWaitMs: number;
  longestWaitMs: number;
}

/** For a question that a person waits for. */
export const shortPatience: Patience = { totalMs: 4_000, firstWaitMs: 250, longestWaitMs: 2_000 };
/** For long work, which should outlive a restart of the server. */
export const longPatience: Patience = { totalMs: 60_000, firstWaitMs: 250, longestWaitMs: 5_000 };
export const noPatience: Patience = { totalMs: 0, firstWaitMs: 0, longestWaitMs: 0 };

const passing: ReadonlySet<ErrorCode> = new Set([
  'unavailable',
  'timeout',
  'revocations-stale',
  'locked',
  'too-many-requests',
]);

/** Whether the same request may well succeed a moment later. */
export const isPassing = (error: unknown): boolean => error instanceof AppError && passing.has(error.code);

const announced = new WeakMap<AppError, number>();
/** Remembers how long the server asked to wait (`Retry-After`) before what it refused is sent again. */
export function announceWait(error: AppError, waitMs: number): AppError {
  announced.set(error, waitMs);
  return error;
}

export function sleep(ms: number, signal?: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    if (signal?.aborted) return reject(signal.reason as Error);
    const stop = () => {
      clearTimeout(timer);
      reject(signal?.reason as Error);
    };
    const timer = setTimeout(() => {
      signal?.removeEventListener('abort', stop);
      resolve();
    }, ms);
    signal?.addEventListener('abort', stop, { once: true });
  });
}

/** Counts failures of one piece of work and waits between the tries. */
export class Tries {
  readonly #patience: Patience;
  readonly #signal: AbortSignal | undefined;
  #failures = 0;
  #since = 0;

  constructor(patience: Patience, signal?: AbortSignal) {
    this.#patience = patience;
    this.#signal = signal;
  }

  /** Waits until the next try, or throws the error when it does not pass or the patience is over. */
  async failed(error: unknown, progressed = false): Promise<void> {
    if (this.#signal?.aborted || !(error instanceof AppError) || !isPassing(error)) throw error;
    const now = performance.now();
    if (this.#failures === 0 || progressed) {
      this.#failures = 0;
      this.#since = now;
    }
    const waitMs = this.#nextWait(error);
    if (waitMs === null || now - this.#since + waitMs >= this.#patience.totalMs) throw error;
    this.#failures += 1;
    await sleep(waitMs, this.#signal);
  }

  /** Exponential, with jitter, and never shorter than the server asked for. */
  #nextWait(error: AppError): number | null {
    const { firstWaitMs, longestWaitMs } = this.#patience;
    const asked = announced.get(error);
    if (error.code === 'too-many-requests' && asked === undefined) return null;
    const backoff = Math.min(longestWaitMs, firstWaitMs * 2 ** this.#failures);
    return Math.max(asked ?? 0, backoff * (0.5 + Math.random() / 2));
  }
}

/** Repeats what fails in passing until it succeeds or the patience is over. */
export async function persist<T>(
  attempt: () => Promise<T>,
  options: { patience: Patience; signal?: AbortSignal | undefined },
): Promise<T> {
  const tries = new Tries(options.patience, options.signal);
  for (;;) {
    try {
      return await attempt();
    } catch (error) {
      await tries.failed(error);
    }
  }
}
