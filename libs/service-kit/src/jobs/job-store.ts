import {
  createPostgresBackend,
  Queue,
  Worker,
  type Processor,
  type QueueOptions,
  type WorkerOptions,
} from 'bullmq';
import { Redis } from 'ioredis';
import pg from 'pg';
import type { JobsConfig } from '../config/kit-config.ts';
import type { Log } from '../logging/logger.ts';

/** BullMQ's Postgres backend keeps its tables in this schema when it is given a pool. */
export const jobsSchema = 'bullmq';
const redisPrefix = 'heirloom';
const redisRetryMs = 500;
const closeMs = 10_000;

/** What differs between Redis and Postgres: how queues and workers are made. */
export interface JobStore {
  queue(name: string, options?: Partial<QueueOptions>): Queue;
  worker(name: string, processor: Processor, options?: Partial<WorkerOptions>): Worker;
  /** To be called after the queues and workers are closed. */
  close(): Promise<void>;
}

export function openJobStore(config: JobsConfig, log: Log): JobStore {
  return config.kind === 'redis' ? redisStore(config.url, log) : postgresStore(config.url, log);
}

function redisStore(url: string, log: Log): JobStore {
  // Workers wait for Redis as long as it takes; a producer is told soon that it is not there.
  const patience = {
    retryStrategy: (times: number) => Math.min(times * 50, redisRetryMs),
    disconnectTimeout: redisRetryMs,
  };
  const producer = new Redis(url, { ...patience, maxRetriesPerRequest: 1, enableOfflineQueue: false });
  const consumer = new Redis(url, { ...patience, maxRetriesPerRequest: null });
  for (const client of [producer, consumer]) {
    client.on('error', (error: Error) => log.debug({ err: error }, 'Redis cannot be reached'));
  }
  return {
    queue: (name, options) => new Queue(name, { ...options, prefix: redisPrefix, connection: producer }),
    worker: (name, processor, options) =>
      new Worker(name, processor, { ...options, prefix: redisPrefix, connection: consumer }),
    close: async () => {
      producer.disconnect();
      consumer.disconnect();
    },
  };
}

function postgresStore(url: string, log: Log): JobStore {
  const pool = new pg.Pool({
    connectionString: url,
    // Each worker keeps one of them to listen, so the bound is not a small number.
    max: 50,
    idleTimeoutMillis: 30_000,
    connectionTimeoutMillis: 5_000,
    keepAlive: true,
    application_name: 'heirloom-jobs',
    options: `-c search_path=${jobsSchema}`,
  });
  // Every queue and worker listens to it.
  pool.setMaxListeners(0);
  pool.on('error', (error) => log.warn({ err: error }, 'a connection to the job store was lost'));
  return {
    queue: (name, options) =>
      new Queue(name, { ...options, connection: pool } as never, createPostgresBackend as never),
    worker: (name, processor, options) =>
      new Worker(name, processor, { ...options, connection: pool } as never, createPostgresBackend as never),
    close: () => pool.end(),
  };
}

/** Waits for the job that runs, within a bound. */
export async function closeWorker(worker: Worker): Promise<void> {
  const bound = setTimeout(() => void worker.close(true), closeMs);
  await worker.close();
  clearTimeout(bound);
}
