/** What a request that is not wanted any more ends with. */
export class CancelledError extends Error {
  constructor() {
    super('nobody waits for this any more');
    this.name = 'CancelledError';
  }
}

interface Waiting {
  ticket: number;
  begin: () => void;
  drop: () => void;
}

/**
 * Runs a few things at a time, the newest request first: what was asked for last is what the person looks at now. What
 * scrolled away is taken back.
 */
export class PartQueue {
  readonly #most: number;
  readonly #waiting: Waiting[] = [];
  readonly #running = new Map<number, AbortController>();

  constructor(most: number) {
    this.#most = most;
  }

  /**
   * @param ticket - the caller's name for this request, used once
   * @throws CancelledError when it was taken back before it began; what the work throws
   */
  async run<T>(ticket: number, work: (signal: AbortSignal) => Promise<T>): Promise<T> {
    if (this.#running.size >= this.#most) {
      await new Promise<void>((begin, reject) => {
        this.#waiting.push({ ticket, begin, drop: () => reject(new CancelledError()) });
      });
    }
    const stop = new AbortController();
    this.#running.set(ticket, stop);
    try {
      return await work(stop.signal);
    } finally {
      this.#running.delete(ticket);
      this.#waiting.pop()?.begin();
    }
  }

  cancel(ticket: number): void {
    const place = this.#waiting.findIndex((one) => one.ticket === ticket);
    if (place >= 0) this.#waiting.splice(place, 1)[0]?.drop();
    else this.#running.get(ticket)?.abort(new CancelledError());
  }
}
