import { Injectable } from '@nestjs/common';
import {
  AppError,
  type ErrorCode,
  type Job as JobReport,
  type JobQueue,
  type ServiceName,
} from '@heirloom/contracts';
import type { Job, Queue, Worker } from 'bullmq';
import { kitSettings, type JobsConfig } from '../config/kit-config.ts';
import { ConfigError } from '../config/read-config.ts';
import type { Log } from '../logging/logger.ts';
import { SpanKind, Tracing } from '../traces/tracing.ts';
import { countJobs, JobFailed, lastRunOf } from './job-reports.ts';
import { closeWorker, openJobStore, type JobStore } from './job-store.ts';

/** A job whose process died is taken over by another one after this time. */
const lockMs = 10_000;
const stalledCheckMs = 5_000;
const storeTimeoutMs = 5_000;
const attempts = 5;
const backoffMs = 1_000;
/** How soon schedules are made again that the job store has lost. */
const reconcileMs = 10_000;

export type JobHandler<D = unknown> = (data: D) => Promise<void>;
/** Hears of each run that ended; `code` says why it failed. */
export type JobListener = (run: { name: string; ms: number; code: ErrorCode | null }) => void;
interface Registration {
  readonly name: string;
  readonly handler: JobHandler;
  readonly concurrency: number;
  readonly everyMs?: number;
}

/**
 * Background work of a service, kept by BullMQ in Redis or in Postgres. Jobs only wake and pace: the rows that they
 * work on are the truth, so a job may be lost or run twice. Schedules that the store loses are made again.
 */
@Injectable()
export class Jobs {
  #store: JobStore | undefined;
  readonly #queues = new Map<string, Queue>();
  readonly #workers = new Map<string, Worker>();
  readonly #waiting: Registration[] = [];
  readonly #registered = new Map<string, Registration>();
  readonly #listeners: JobListener[] = [];
  readonly #schedules = new Map<string, number>();
  #reconciling: NodeJS.Timeout | undefined;
  #started = false;
  #closed = false;

  constructor(
    private readonly service: ServiceName,
    private readonly config: JobsConfig | undefined,
    private readonly log: Log,
    private readonly options: { reconcileMs?: number; tracing?: Tracing } = {},
  ) {}

  get #tracing(): Tracing {
    return this.options.tracing ?? Tracing.off;
  }

  get used(): boolean {
    return this.#store !== undefined || this.#waiting.length > 0;
  }

  /**
   * Runs the handler every `everyMs`, and never twice at once among all instances of the service. A run that fails is
   * logged; the next one comes in its time. Instances that ask for different times use the last one asked for.
   */
  async every(name: string, everyMs: number, handler: () => Promise<void>): Promise<void> {
    await this.#register({ name, handler, concurrency: 1, everyMs });
  }

  /** Handles the jobs that {@link wake} makes; one that fails is tried again, ever later, up to five times. */
  async on<D = unknown>(
    name: string,
    handler: JobHandler<D>,
    options: { concurrency?: number } = {},
  ): Promise<void> {
    await this.#register({ name, handler: handler as JobHandler, concurrency: options.concurrency ?? 1 });
  }

  /**
   * Makes a job for whichever instance is free.
   *
   * @param options.deduplicateKey while a job of this key waits, another one is not added; while it runs, one more is
   * added at most, so that nothing that happened meanwhile is missed
   * @throws AppError `unavailable` when the job store does not answer
   */
  async wake(name: string, data: unknown = {}, options: { deduplicateKey?: string } = {}): Promise<void> {
    const { deduplicateKey: key } = options;
    const { traceParent } = this.#tracing;
    await this.#answered(
      this.#queue(name).add(name, data, {
        attempts,
        backoff: { type: 'exponential', delay: backoffMs },
        removeOnComplete: { count: 1 },
        removeOnFail: { count: 100 },
        ...(traceParent === undefined ? {} : { telemetry: { metadata: traceParent } }),
        ...(key === undefined ? {} : { deduplication: { id: key, keepLastIfActive: true } }),
      }),
    );
  }

  /** To hear of every run of this instance. */
  listen(listener: JobListener): void {
    this.#listeners.push(listener);
  }

  /** How many jobs there are of each name, in all instances. @throws AppError `unavailable` */
  async counts(): Promise<JobQueue[]> {
    return this.#ofEach(async ({ name, everyMs }) => ({
      name,
      ...(await countJobs(this.#queue(name), everyMs !== undefined)),
    }));
  }

  /** The same with the last runs. @throws AppError `unavailable` */
  async reports(): Promise<JobReport[]> {
    return this.#ofEach(async ({ name, everyMs }) => ({
      name,
      everyMs: everyMs ?? null,
      ...(await countJobs(this.#queue(name), everyMs !== undefined)),
      lastRun: await lastRunOf(this.#queue(name)),
    }));
  }

  /** Whether there is such a job. */
  has(name: string): boolean {
    return this.#registered.has(name);
  }

  /** Puts what has failed for good back into the queue. @returns how many. @throws AppError `not-found`, `unavailable` */
  async retryFailed(name: string): Promise<number> {
    const queue = this.#queueOf(name);
    const failed = await this.#answered(queue.getFailedCount());
    if (failed > 0) await this.#answered(queue.retryJobs({ state: 'failed' }));
    return failed;
  }

  /** Has it run now, whatever its clock says. @throws AppError `not-found`, `unavailable` */
  async runNow(name: string): Promise<void> {
    this.#queueOf(name);
    await this.wake(name, {}, { deduplicateKey: 'run-now' });
  }

  /** Begins to take jobs. Called by the kit once the service listens. */
  async start(): Promise<void> {
    this.#started = true;
    for (const registration of this.#waiting.splice(0)) await this.#begin(registration);
    const everyMs = this.options.reconcileMs ?? reconcileMs;
    this.#reconciling = setInterval(() => void this.#restoreSchedules(), everyMs).unref();
  }

  /** Undefined when the job store answers. */
  async problem(): Promise<string | undefined> {
    const queue = this.#queues.values().next().value;
    if (queue) await queue.getJobCountByTypes('waiting');
    return undefined;
  }

  /** Takes no more jobs and waits for those that run; what takes too long is left to another instance. */
  async close(): Promise<void> {
    if (this.#closed) return;
    this.#closed = true;
    clearInterval(this.#reconciling);
    await Promise.all([...this.#workers.values()].map((worker) => closeWorker(worker)));
    await Promise.all([...this.#queues.values()].map((queue) => queue.close()));
    await this.#store?.close();
  }

  async #register(registration: Registration): Promise<void> {
    this.#open();
    if (this.has(registration.name)) {
      throw new Error(`the job ${registration.name} of ${this.service} has a handler already`);
    }
    this.#registered.set(registration.name, registration);
    if (this.#started) await this.#begin(registration);
    else this.#waiting.push(registration);
  }

  async #begin({ name, handler, concurrency, everyMs }: Registration): Promise<void> {
    if (everyMs !== undefined) {
      this.#schedules.set(name, everyMs);
      await this.#schedule(name, everyMs);
    }
    const worker = this.#open().worker(this.#queueName(name), (job) => this.#run(name, job, handler), {
      concurrency,
      lockDuration: lockMs,
      stalledInterval: stalledCheckMs,
      // A job of a killed process is not to blame for it.
      maxStalledCount: 10,
    });
    worker.on('error', (error) => this.#storeFailed(error));
    this.#workers.set(name, worker);
  }

  async #schedule(name: string, everyMs: number): Promise<void> {
    const queue = this.#queue(name);
    await this.#answered(queue.setGlobalConcurrency(1));
    const template = {
      name,
      data: {},
      opts: { removeOnComplete: { count: 1 }, removeOnFail: { count: 10 } },
    };
    await this.#answered(queue.upsertJobScheduler(name, { every: everyMs }, template));
  }

  /** A job store may lose everything (an empty Redis after a restart): what repeats by the clock begins again. */
  async #restoreSchedules(): Promise<void> {
    for (const [name, everyMs] of this.#schedules) {
      try {
        if (this.#closed || (await this.#answered(this.#queue(name).getJobScheduler(name)))) continue;
        this.log.warn({ job: name }, 'the job store has lost a schedule; it is made again');
        await this.#schedule(name, everyMs);
      } catch (error) {
        this.#storeFailed(error as Error);
      }
    }
  }

  async #run(name: string, job: Job, handler: JobHandler): Promise<void> {
    const begun = Date.now();
    try {
      const span = {
        name: `job ${name}`,
        kind: SpanKind.CONSUMER,
        facts: { 'heirloom.job': name, 'heirloom.job.attempt': job.attemptsMade + 1 },
        parent: job.opts.telemetry?.metadata,
      };
      await this.#tracing.span(span, () => handler(job.data));
      this.log.debug({ job: name, ms: Date.now() - begun }, 'job done');
      this.#tell(name, begun, null);
    } catch (error) {
      this.log.error({ job: name, attempt: job.attemptsMade + 1, err: error }, 'a job failed');
      const code = error instanceof AppError ? error.code : 'internal';
      this.#tell(name, begun, code);
      throw new JobFailed(code);
    }
  }

  #tell(name: string, begun: number, code: ErrorCode | null): void {
    for (const listener of this.#listeners) listener({ name, ms: Date.now() - begun, code });
  }

  async #ofEach<T>(report: (registration: Registration) => Promise<T>): Promise<T[]> {
    const all = [...this.#registered.values()].sort((a, b) => (a.name < b.name ? -1 : 1));
    return this.#answered(Promise.all(all.map(report)));
  }

  #queueOf(name: string): Queue {
    if (!this.has(name)) throw new AppError('not-found');
    return this.#queue(name);
  }

  #queue(name: string): Queue {
    const known = this.#queues.get(name);
    if (known) return known;
    const queue = this.#open().queue(this.#queueName(name));
    queue.on('error', (error) => this.#storeFailed(error));
    this.#queues.set(name, queue);
    return queue;
  }

  /** The service's name keeps its jobs apart from those of the others in the same store. */
  #queueName(name: string): string {
    return `${this.service}.${name}`;
  }

  #open(): JobStore {
    if (!this.config) {
      throw new ConfigError([
        `HEIRLOOM_JOBS is not set. It is: ${kitSettings.shape.HEIRLOOM_JOBS.description}`,
      ]);
    }
    return (this.#store ??= openJobStore(this.config, this.log));
  }

  async #answered<T>(answer: Promise<T>): Promise<T> {
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<never>((_resolve, reject) => {
      timer = setTimeout(() => reject(new Error('the job store did not answer in time')), storeTimeoutMs);
    });
    try {
      return await Promise.race([answer, late]);
    } catch (error) {
      throw new AppError('unavailable', { cause: error });
    } finally {
      clearTimeout(timer);
    }
  }

  #storeFailed(error: Error): void {
    if (!this.#closed) this.log.warn({ err: error }, 'the job store cannot be used right now');
  }
}
