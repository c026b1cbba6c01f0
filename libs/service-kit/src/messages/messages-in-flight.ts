/** Counts the messages being handled, so that a stopping service lets them finish. */
export class MessagesInFlight {
  readonly #running = new Set<Promise<unknown>>();

  track<T>(handling: Promise<T>): Promise<T> {
    this.#running.add(handling);
    void handling.finally(() => this.#running.delete(handling)).catch(() => undefined);
    return handling;
  }

  /** Resolves once nothing is being handled, or after the given time. */
  async settle(timeoutMs: number): Promise<void> {
    let timer: NodeJS.Timeout | undefined;
    const bound = new Promise<void>((resolve) => {
      timer = setTimeout(resolve, timeoutMs);
    });
    await Promise.race([Promise.allSettled([...this.#running]), bound]);
    clearTimeout(timer);
  }
}
