import { Injectable } from '@nestjs/common';
import { AppError, authMessages, limits, type Cursor, type DeviceId } from '@heirloom/contracts';
import type { Log } from '../logging/logger.ts';
import { Bus } from '../messages/bus.ts';
import { OpenRequests } from './open-requests.ts';
import type { Person } from './person.ts';

/** Shorter than the time between two pulls, so that one lost answer does not yet make the list stale. */
const pullTimeoutMs = 1_200;
const retryMs = 300;
/** A revoked device needs no entry once no token of it can be unexpired. */
const keepMs = 2 * limits.accessTokenMs;

/**
 * The devices that were revoked a short while ago, pulled from auth every limits.revocationPullMs. Where the list has
 * not been confirmed for limits.revocationStaleMs, nobody is admitted and open streams are cut: who cannot check
 * refuses.
 */
@Injectable()
export class Revocations {
  readonly #revoked = new Map<DeviceId, number>();
  #cursor: Cursor | undefined;
  #confirmedAt = Number.NEGATIVE_INFINITY;
  #timer: NodeJS.Timeout | undefined;
  #running: Promise<void> | undefined;
  #again = false;
  #stopped = true;
  #toldStale = false;

  constructor(
    private readonly bus: Bus,
    private readonly open: OpenRequests,
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

  /** Milliseconds since auth last confirmed the list; Infinity before the first time. */
  get ageMs(): number {
    return performance.now() - this.#confirmedAt;
  }
  get stale(): boolean {
    return this.ageMs > limits.revocationStaleMs;
  }

  /** @throws AppError `revocations-stale` or `device-revoked` */
  check(person: Person): void {
    if (this.stale) throw new AppError('revocations-stale');
    if (this.#revoked.has(person.deviceId)) throw new AppError('device-revoked');
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
      if (this.#toldStale) this.log.info('revoked devices can be checked again');
      this.#toldStale = false;
      this.#forgetOld();
      return limits.revocationPullMs;
    } catch (error) {
      // A cursor that auth no longer understands (its database was restored) is given up; the list begins anew.
      if (error instanceof AppError && (error.code === 'gone' || error.code === 'bad-request'))
        this.#cursor = undefined;
      if (this.stale && !this.#stopped) this.#refuseEverybody(error);
      return retryMs;
    }
  }

  #refuseEverybody(error: unknown): void {
    if (!this.#toldStale)
      this.log.warn({ err: error }, 'revoked devices cannot be checked, so nobody is admitted');
    this.#toldStale = true;
    this.open.cutAll(() => new AppError('revocations-stale'));
  }

  async #takePage(): Promise<boolean> {
    const page = await this.bus.ask(
      authMessages.changesSince,
      { ...(this.#cursor ? { cursor: this.#cursor } : {}), limit: limits.changesPerPage },
      { timeoutMs: pullTimeoutMs },
    );
    for (const { deviceId } of page.changes) {
      this.#revoked.set(deviceId, Date.now());
      this.open.cutDevice(deviceId);
    }
    this.#cursor = page.cursor;
    return page.more;
  }

  #forgetOld(): void {
    for (const [deviceId, learnedAt] of this.#revoked) {
      if (Date.now() - learnedAt > keepMs) this.#revoked.delete(deviceId);
    }
  }
}
