import { limits, type Pulse, type pulseMessages, type ServiceName } from '@heirloom/contracts';
import { randomUUID } from 'node:crypto';
import { hostname } from 'node:os';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import type { Jobs } from '../jobs/jobs.ts';
import type { Log } from '../logging/logger.ts';
import type { Bus } from '../messages/bus.ts';
import type { Health } from '../run/health.ts';
import { version } from '../run/version.ts';
import type { RequestCounts } from './request-counts.ts';

type PulseMessage = (typeof pulseMessages)[ServiceName];

/** Counting jobs asks the job store, so it is done at every so many beats only. */
const beatsPerCount = 3;
const lagResolutionMs = 20;
const nanosPerMs = 1e6;

export interface HeartbeatParts {
  readonly bus: Bus;
  readonly health: Health;
  readonly jobs: Jobs;
  readonly requests: RequestCounts;
  readonly log: Log;
}

/** Says every limits.pulseMs how this instance is. */
export class Heartbeat {
  readonly #instance = randomUUID();
  readonly #startedAt = new Date();
  readonly #lag = monitorEventLoopDelay({ resolution: lagResolutionMs });
  #timer: NodeJS.Timeout | undefined;
  #beats = 0;
  #counted: Pulse['jobs'] = [];
  #last: Promise<void> = Promise.resolve();

  constructor(
    private readonly message: PulseMessage,
    private readonly parts: HeartbeatParts,
  ) {}

  start(): void {
    this.#lag.enable();
    const beat = () => void (this.#last = this.#beat());
    this.#timer = setInterval(beat, limits.pulseMs).unref();
    beat();
  }

  /** Takes leave, so that nobody wonders where it is. */
  async stop(): Promise<void> {
    if (!this.#timer) return;
    clearInterval(this.#timer);
    this.#timer = undefined;
    await this.#last;
    await this.#beat(true);
    this.#lag.disable();
  }

  async #beat(isLeaving = false): Promise<void> {
    const { bus, log } = this.parts;
    try {
      await bus.broadcast(this.message, {
        ...(await this.#describe(isLeaving)),
        ...(isLeaving ? { isLeaving } : {}),
      });
    } catch (err) {
      log.debug({ err }, 'nobody could be told how this instance is');
    }
  }

  async #describe(isLeaving: boolean): Promise<Pulse> {
    const { health, jobs, requests } = this.parts;
    const report = isLeaving ? {} : await health.report();
    if (!isLeaving && this.#beats++ % beatsPerCount === 0) {
      this.#counted = await jobs.counts().catch(() => this.#counted);
    }
    const loopLagMs = Math.max(0, this.#lag.max / nanosPerMs - lagResolutionMs);
    this.#lag.reset();
    return {
      instance: this.#instance,
      host: hostname().slice(0, 253),
      version,
      startedAt: this.#startedAt,
      loopLagMs: Math.round(loopLagMs),
      memoryBytes: process.memoryUsage.rss(),
      ...requests.lately(),
      parts: Object.entries(report).map(([name, state]) => ({
        name,
        problem: state === 'ok' ? null : state.slice(0, 500),
      })),
      jobs: this.#counted,
    };
  }
}
