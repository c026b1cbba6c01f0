import { setTimeout as sleep } from 'node:timers/promises';

/** Spreads reading over time: what one reader takes, all that share the pace wait for. */
export class Pace {
  readonly #bytesPerMs: number;
  /** When what was taken so far will have been earned. */
  #nextMs = 0;

  constructor(bytesPerSecond: number) {
    this.#bytesPerMs = bytesPerSecond / 1000;
  }

  /**
   * Waits until these bytes may be read.
   *
   * @throws the signal's reason when it aborts
   */
  async take(bytes: number, signal: AbortSignal): Promise<void> {
    const nowMs = performance.now();
    const startMs = Math.max(nowMs, this.#nextMs);
    this.#nextMs = startMs + bytes / this.#bytesPerMs;
    const waitMs = startMs - nowMs;
    // Timers are not finer than this; what is not waited for now is waited for with the next bytes.
    if (waitMs < 1) return;
    await sleep(waitMs, undefined, { signal }).catch((error: unknown) => {
      signal.throwIfAborted();
      throw error;
    });
  }
}
