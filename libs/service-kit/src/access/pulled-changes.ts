import { AppError, limits, type Cursor } from '@heirloom/contracts';
import type { Log } from '../logging/logger.ts';

/** Shorter than the time between two pulls, so that one lost answer does not yet make the list stale. */
const pullTimeoutMs = 1_200;
const retryMs = 300;

export interface ChangesPage<C> {
  readonly changes: readonly C[];
  readonly cursor: Cursor;
  readonly more: boolean;
}
export interface ChangesQuestion {
  readonly cursor?: Cursor;
  readonly limit: number;
}

/** Where changes come from, and what is done with them. */
export interface ChangesListener<C> {
  /** For the log: what cannot be checked when the changes do not come. */
  readonly what: string;
  ask(question: ChangesQuestion, options: { timeoutMs: number }): Promise<ChangesPage<C>>;
  /** Hears of each change at least once. */
  heard(change: C): void;
  /** Everything up to now was heard. */
  confirmed?(): void;
  /** The list begins anew: changes since the last confirmation may never be heard. */
  lost?(): void;
  /** The list is too old to rely on. Called again and again until it is not. */
  stale(): void;
}

/**
 * Changes that another service keeps and that must not be missed, pulled every limits.revocationPullMs. Who relies on
 * them refuses once they have not been confirmed for limits.revocationStaleMs.
 */
export class PulledChanges<C> {
  #cursor: Cursor | undefined;
  #confirmedAt = Number.NEGATIVE_INFINITY;
  #timer: NodeJS.Timeout | undefined;
  #running: Promise<void> | undefined;
  #again = false;
  #stopped = true;
  #toldStale = false;

  constructor(
    private readonly listener: ChangesListener<C>,
    private readonly log: Log,
  ) {}

  /** Pulls for the first time and keeps pulling. */
  async start(): Promise<void> {
    this.#stopped = false;
    await this.pull();
  }

  async stop(): Promise<void> {
    this.#stopped = true;
    clearTimeout(this.#timer);
    await this.#running;
  }

  /** Also before they were confirmed for the first time. */
  get stale(): boolean {
    return performance.now() - this.#confirmedAt > limits.revocationStaleMs;
  }

  /**
   * Whether the list can be relied on. Where it is stale it is pulled first: a process that did not run for a while (a
   * machine that slept, or was moved) refuses nobody for that.
   */
  async isFresh(): Promise<boolean> {
    if (this.stale) await (this.#running ?? this.pull());
    return !this.stale;
  }

  /** Pulls now, or once more after the pull that is under way, which may have been answered too early. */
  async pull(): Promise<void> {
    if (this.#running) this.#again = true;
    else this.#running = this.#pullUntilQuiet().finally(() => (this.#running = undefined));
    await this.#running;
  }

  async #pullUntilQuiet(): Promise<void> {
    clearTimeout(this.#timer);
    let nextMs: number;
    do {
      this.#again = false;
      nextMs = await this.#pullOnce();
    } while (this.#again && !this.#stopped);
    if (this.#stopped) return;
    this.#timer = setTimeout(() => void this.pull(), nextMs);
  }

  /** Answers when to pull next. */
  async #pullOnce(): Promise<number> {
    const begunAt = performance.now();
    try {
      while (await this.#takePage());
      this.#confirmedAt = begunAt;
      if (this.#toldStale) this.log.info(`${this.listener.what} can be checked again`);
      this.#toldStale = false;
      this.listener.confirmed?.();
      return limits.revocationPullMs;
    } catch (error) {
      // A cursor that is no longer understood (a database was restored) is given up; the list begins anew.
      if (this.#cursor !== undefined && isOfAnotherList(error)) {
        this.#cursor = undefined;
        this.listener.lost?.();
      }
      if (this.stale && !this.#stopped) this.#refuseEverybody(error);
      return retryMs;
    }
  }

  #refuseEverybody(error: unknown): void {
    if (!this.#toldStale)
      this.log.warn({ err: error }, `${this.listener.what} cannot be checked, so nobody is admitted`);
    this.#toldStale = true;
    this.listener.stale();
  }

  async #takePage(): Promise<boolean> {
    const page = await this.listener.ask(
      { ...(this.#cursor ? { cursor: this.#cursor } : {}), limit: limits.changesPerPage },
      { timeoutMs: pullTimeoutMs },
    );
    for (const change of page.changes) this.listener.heard(change);
    this.#cursor = page.cursor;
    return page.more;
  }
}

const isOfAnotherList = (error: unknown): boolean =>
  error instanceof AppError && (error.code === 'gone' || error.code === 'bad-request');
