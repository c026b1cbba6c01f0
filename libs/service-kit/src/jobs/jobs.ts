import { Injectable } from '@nestjs/common';
import { AppError, type ServiceName } from '@heirloom/contracts';
import type { Job, Queue, Worker } from 'bullmq';
import { kitSettings, type JobsConfig } from '../config/kit-config.ts';
import { ConfigError } from '../config/read-config.ts';
import type { Log } from '../logging/logger.ts';
import { openJobStore, type JobStore } from './job-store.ts';

/** A job whose process died is taken over by another one after this time. */
const lockMs = 10_000;
const stalledCheckMs = 5_000;
const storeTimeoutMs = 5_000;
const attempts = 5;
const backoffMs = 1_000;
const closeMs = 10_000;
/** How soon schedules are made again that the job store has lost. */
const reconcileMs = 10_000;

export type JobHandler<D = unknown> = (data: D) => Promise<void>;
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
  readonly #schedules = new Map<string, number>();
  #reconciling: NodeJS.Timeout | undefined;
  #started = false;
  #closed = false;

  constructor(
    private readonly service: ServiceName,
    private readonly config: JobsConfig | undefined,
    private readonly log: Log,
    private readonly options: { reconcileMs?: number } = {},
  ) {}

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
    await this.#answered(
      this.#queue(name).add(name, data, {
        attempts,
        backoff: { type: 'exponential', delay: backoffMs },
        removeOnComplete: true,
        removeOnFail: { count: 100 },
        ...(key === undefined ? {} : { deduplication: { id: key, keepLastIfActive: true } }),
      }),
    );
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
    if ([...this.#waiting.map(({ name }) => name), ...this.#workers.keys()].includes(registration.name)) {
      throw new Error(`the job ${registration.name} of ${this.service} has a handler already`);
    }
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
    const template = { name, data: {}, opts: { removeOnComplete: true, removeOnFail: { count: 10 } } };
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
      await handler(job.data);
      this.log.debug({ job: name, ms: Date.now() - begun }, 'job done');
    } catch (error) {
      this.log.error({ job: name, attempt: job.attemptsMade + 1, err: error }, 'a job failed');
      throw error;
    }
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

async function closeWorker(worker: Worker): Promise<void> {
  const bound = setTimeout(() => void worker.close(true), closeMs);
  await worker.close();
  clearTimeout(bound);
}
