const windowMs = 15_000;
/** Less than this says nothing yet. */
const leastMs = 2_000;

/** Bytes a second over the last quarter of a minute. */
export class SpeedMeter {
  readonly #now: () => number;
  #notes: { at: number; bytes: number }[] = [];
  #since: number | null = null;

  /** @param now - milliseconds that only go forward */
  constructor(now: () => number = () => performance.now()) {
    this.#now = now;
  }

  /** @param bytes - that were sent since the last note; negative when the server lost some */
  note(bytes: number): void {
    const at = this.#now();
    this.#since ??= at;
    this.#notes = this.#notes.filter((one) => one.at > at - windowMs);
    this.#notes.push({ at, bytes });
  }

  /** Null while nobody can say. */
  perSecond(): number | null {
    const now = this.#now();
    const spanMs = Math.min(windowMs, now - (this.#since ?? now));
    if (spanMs < leastMs) return null;
    const bytes = this.#notes.reduce((sum, one) => (one.at > now - windowMs ? sum + one.bytes : sum), 0);
    return bytes > 0 ? (bytes / spanMs) * 1000 : null;
  }
}
