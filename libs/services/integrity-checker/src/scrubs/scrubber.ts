import type { LocationReader } from '@heirloom/blob-store';
import { Injectable, Logger, type OnApplicationBootstrap, type OnModuleDestroy } from '@nestjs/common';
import { AppError, type AuditActor, type Scrub, type ScrubId } from '@heirloom/contracts';
import { Bus, byItself, Jobs } from '@heirloom/service-kit';
import { Findings } from '../findings/findings.ts';
import { FollowUp } from '../findings/follow-up.ts';
import { HashWorkers } from '../hashing/hash-workers.ts';
import { Pace } from '../pace/pace.ts';
import { Scrubs } from './scrubs.ts';
import { SliceLeases, type SliceTask } from './slice-leases.ts';
import { SliceReader } from './slice-reader.ts';

export interface ScrubSettings {
  /** Between the beginnings of two scrubs; 0 for none by the clock. */
  intervalMs: number;
  bytesPerSecond: number;
  graceMs: number;
}

const lookEveryMs = 10_000;
/** The very first scrub of an installation comes when it has run for a while, not in its busy first minutes. */
const firstScrubMs = 10 * 60_000;

/**
 * Reads everything, slice by slice. Rows are the queue: messages and jobs only say that it is worth looking, so losing
 * them costs time and nothing else, and several processes share the slices among them.
 */
@Injectable()
export class Scrubber implements OnApplicationBootstrap, OnModuleDestroy {
  readonly #log = new Logger(Scrubber.name);
  readonly #stop = new AbortController();
  readonly #pace: Pace;
  readonly #startedMs = Date.now();
  #round: Promise<void> | undefined;
  #again = false;

  constructor(
    private readonly scrubs: Scrubs,
    private readonly leases: SliceLeases,
    private readonly findings: Findings,
    private readonly followUp: FollowUp,
    private readonly workers: HashWorkers,
    private readonly jobs: Jobs,
    private readonly bus: Bus,
    private readonly locations: readonly LocationReader[],
    private readonly settings: ScrubSettings,
  ) {
    this.#pace = new Pace(settings.bytesPerSecond);
  }

  async onApplicationBootstrap(): Promise<void> {
    await this.jobs.on('scrub', async () => this.#goOn());
    await this.jobs.every('look-for-scrubs', lookEveryMs, () => this.look());
  }

  /** Gives up the slices that are under way: they are gone on with elsewhere or later. */
  async onModuleDestroy(): Promise<void> {
    this.#stop.abort(new AppError('unavailable', { detail: 'This server is stopping.' }));
    await this.#round?.catch(() => undefined);
    await this.workers[Symbol.asyncDispose]();
  }

  /** Begins a scrub, or answers the one that runs. */
  async start(cause: 'schedule' | 'operator', actor: AuditActor, id?: ScrubId): Promise<Scrub> {
    const scrub = await this.scrubs.start(
      cause,
      actor,
      this.locations.map((location) => location.id),
      id,
    );
    this.#goOn();
    // For the other processes; this one has begun, and the look would find the work as well.
    await this.jobs.wake('scrub', {}, { deduplicateKey: 'scrub' }).catch((err: unknown) => {
      this.#log.warn({ err }, 'nobody else could be told of a scrub');
    });
    return scrub;
  }

  /** Finds whatever there is to do, by the rows alone. */
  async look(): Promise<void> {
    if (await this.#isDue()) await this.start('schedule', byItself);
    else this.#goOn();
    await this.followUp.run();
  }

  async #isDue(): Promise<boolean> {
    const { intervalMs } = this.settings;
    if (intervalMs === 0) return false;
    const last = (await this.scrubs.lastStartedAt())?.getTime();
    if (last === undefined) return Date.now() - this.#startedMs >= Math.min(firstScrubMs, intervalMs);
    return Date.now() - last >= intervalMs;
  }

  #goOn(): void {
    void this.run().catch((err: unknown) =>
      this.#log.error({ err }, 'a scrub was interrupted; it is gone on with'),
    );
  }

  /** Reads the slices that are due, until there are none. A call meanwhile makes it look once more. */
  run(): Promise<void> {
    this.#again = true;
    this.#round ??= this.#rounds().finally(() => (this.#round = undefined));
    return this.#round;
  }

  async #rounds(): Promise<void> {
    while (this.#again && !this.#stop.signal.aborted) {
      this.#again = false;
      await this.#readSlices();
      const ended = await this.scrubs.finish();
      if (ended) this.#log.log(summary(ended), 'a scrub has ended');
      await this.followUp.run();
    }
  }

  /** One at a time, so that a kill costs one slice at most; more processes read more at once. */
  async #readSlices(): Promise<void> {
    while (!this.#stop.signal.aborted) {
      const task = await this.leases.lease();
      if (!task) return;
      await this.#readSlice(task);
    }
  }

  async #readSlice(task: SliceTask): Promise<void> {
    const lost = new AbortController();
    const signal = AbortSignal.any([this.#stop.signal, lost.signal]);
    const keep = async (isKept: Promise<boolean>) => {
      if (await isKept) return;
      lost.abort(new AppError('locked'));
      throw new AppError('locked');
    };
    const renewal = setInterval(() => {
      // What cannot be renewed now is renewed next time, or somebody else takes over.
      keep(this.leases.extend(task)).catch(() => undefined);
    }, this.leases.leaseMs / 3);
    try {
      const location = this.locations.find(({ id }) => id === task.locationId);
      if (!location)
        throw new AppError('unavailable', { detail: 'This location is not configured any more.' });
      const { bus, findings } = this;
      const { hash } = this.workers;
      const { graceMs } = this.settings;
      const save = async (progress: Parameters<SliceLeases['save']>[1]) =>
        keep(this.leases.save(task, progress));
      const tools = { location, bus, findings, hash, pace: this.#pace, graceMs, save };
      const isFound = await new SliceReader(task, tools, signal).read();
      await this.leases.finish(task);
      this.scrubs.progressed();
      // Vault hears of bad copies as they are found, not at the end of a scrub of days.
      if (isFound) await this.followUp.run();
    } catch (err) {
      await this.#giveBack(task, err);
    } finally {
      clearInterval(renewal);
    }
  }

  async #giveBack(task: SliceTask, err: unknown): Promise<void> {
    if (this.#stop.signal.aborted) return this.leases.release(task);
    const { locationId: location, number, attempts } = task;
    this.#log.warn({ err, location, slice: number, attempts }, 'a slice could not be read');
    await this.leases.putOff(task);
  }
}

const summary = ({ scrubId, state, copies, bytesRead, slicesFailed, findings }: Scrub) => ({
  scrubId,
  state,
  copies,
  bytesRead,
  slicesFailed,
  findings,
});
