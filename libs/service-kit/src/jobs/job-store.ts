import {
  createPostgresBackend,
  Queue,
  Worker,
  type Processor,
  type QueueOptions,
  type WorkerOptions,
} from 'bullmq';
import pg from 'pg';
import type { JobsConfig } from '../config/kit-config.ts';
import type { Log } from '../logging/logger.ts';

/** BullMQ's Postgres backend keeps its tables in this schema when it is given a pool. */
export const jobsSchema = 'bullmq';
const redisPrefix = 'heirloom';

/** What differs between Redis and Postgres: how queues and workers are made. */
export interface JobStore {
  queue(name: string, options?: Partial<QueueOptions>): Queue;
  worker(name: string, processor: Processor, options?: Partial<WorkerOptions>): Worker;
  /** To be called after the queues and workers are closed. */
  close(): Promise<void>;
}

export function openJobStore(config: JobsConfig, log: Log): JobStore {
  return config.kind === 'redis' ? redisStore(config.url) : postgresStore(config.url, log);
}

function redisStore(url: string): JobStore {
  // BullMQ's workers wait for Redis as long as it takes; a producer is told soon that it is not there.
  const common = { prefix: redisPrefix, skipVersionCheck: false };
  return {
    queue: (name, options) =>
      new Queue(name, {
        ...options,
        ...common,
        connection: { url, maxRetriesPerRequest: 1, enableOfflineQueue: false },
      }),
    worker: (name, processor, options) =>
      new Worker(name, processor, { ...options, ...common, connection: { url, maxRetriesPerRequest: null } }),
    close: async () => undefined,
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
  pool.on('error', (error) => log.warn({ err: error }, 'a connection to the job store was lost'));
  return {
    queue: (name, options) =>
      new Queue(name, { ...options, connection: pool } as never, createPostgresBackend as never),
    worker: (name, processor, options) =>
      new Worker(name, processor, { ...options, connection: pool } as never, createPostgresBackend as never),
    close: () => pool.end(),
  };
}
