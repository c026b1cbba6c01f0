import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { AppError, type ServiceName } from '@heirloom/contracts';
import { createLog, Jobs } from '@heirloom/service-kit';
import { emptyTestDatabase, startRedis, type TestDatabase } from '@heirloom/service-kit/testing';
import { Redis } from 'ioredis';
import pg from 'pg';
import { setTimeout as sleep } from 'node:timers/promises';
import type { JobsConfig } from '../src/config/kit-config.ts';
import { migrateJobStore } from '../src/jobs/migrate-job-store.ts';
import { SpanKind, Tracing } from '../src/traces/tracing.ts';
import { Collector } from './collector.ts';

const log = createLog('silent');
const stack = new AsyncDisposableStack();
/** Takes everything away that a job store keeps, as an empty disk would. */
const wipe = {
  redis: async () => {
    const client = new Redis((stores.redis as { url: string }).url);
    await client.flushall();
    client.disconnect();
  },
  postgres: async () => {
    const client = new pg.Client({ connectionString: database.url });
    await client.connect();
    const { rows } = await client.query<{ name: string }>(
      `SELECT format('%I.%I', schemaname, tablename) AS name FROM pg_tables
       WHERE schemaname = 'bullmq' AND tablename NOT LIKE '%migration%'`,
    );
    await client.query(`TRUNCATE ${rows.map(({ name }) => name).join(', ')}`);
    await client.end();
  },
};
const stores: Partial<Record<'redis' | 'postgres', JobsConfig>> = {};
let database: Omit<TestDatabase, 'schema'>;

beforeAll(async () => {
  const redis = stack.use(await startRedis());
  database = stack.use(await emptyTestDatabase());
  await migrateJobStore(database.url);
  stores.redis = { kind: 'redis', url: redis.url };
  stores.postgres = { kind: 'postgres', url: database.url };
});
afterAll(() => stack.disposeAsync());

async function until(condition: () => boolean | Promise<boolean>, timeoutMs = 15_000): Promise<void> {
  for (const end = performance.now() + timeoutMs; performance.now() < end; await sleep(20))
    if (await condition()) return;
  throw new Error('it did not happen in time');
}

describe.each(['redis', 'postgres'] as const)('jobs kept in %s', (kind) => {
  let counter = 0;
  /** Instances of a service that nobody else in this file uses the jobs of. */
  const instances = (
    count: number,
    service: ServiceName = 'vault',
  ): { jobs: Jobs[]; name: string } & AsyncDisposable => {
    const jobs = Array.from({ length: count }, () => new Jobs(service, stores[kind], log));
    counter += 1;
    return {
      jobs,
      name: `test-${kind}-${counter}`,
      [Symbol.asyncDispose]: async () => void (await Promise.all(jobs.map((j) => j.close()))),
    };
  };

  it('hands each job to one instance, with its data', async () => {
    await using service = instances(2);
    const seen: [number, unknown][] = [];
    for (const [i, jobs] of service.jobs.entries()) {
      await jobs.on(service.name, async (data) => void seen.push([i, data]), { concurrency: 2 });
      await jobs.start();
    }
    for (let n = 0; n < 20; n += 1) await service.jobs[0]!.wake(service.name, { n });
    await until(() => seen.length >= 20);
    await sleep(200);
    expect(seen.map(([, data]) => (data as { n: number }).n).sort((a, b) => a - b)).toEqual(
      Array.from({ length: 20 }, (_, n) => n),
    );
  });

  it('keeps a job until somebody is there to take it', async () => {
    await using service = instances(2);
    const [first, second] = service.jobs as [Jobs, Jobs];
    await first.wake(service.name, { left: 'behind' });
    await first.close();
    const seen: unknown[] = [];
    await second.on(service.name, async (data) => void seen.push(data));
    await second.start();
    await until(() => seen.length === 1);
    expect(seen).toEqual([{ left: 'behind' }]);
  });

  it('takes nothing before it is started', async () => {
    await using service = instances(1);
    const [jobs] = service.jobs as [Jobs];
    let runs = 0;
    await jobs.on(service.name, async () => void (runs += 1));
    await jobs.wake(service.name);
    await sleep(400);
    expect(runs).toBe(0);
    await jobs.start();
    await until(() => runs === 1);
  });

  it('tries a failed job again', async () => {
    await using service = instances(1);
    const [jobs] = service.jobs as [Jobs];
    let runs = 0;
    await jobs.on(service.name, async () => {
      runs += 1;
      if (runs < 2) throw new Error('not yet');
    });
    await jobs.start();
    await jobs.wake(service.name);
    await until(() => runs === 2);
    await sleep(300);
    expect(runs).toBe(2);
  });

  it('adds no second job of the same key while one waits, and one more while it runs', async () => {
    await using service = instances(1);
    const [jobs] = service.jobs as [Jobs];
    const gate = Promise.withResolvers<void>();
    let runs = 0;
    for (let i = 0; i < 5; i += 1) await jobs.wake(service.name, {}, { deduplicateKey: 'the-same' });
    await jobs.on(service.name, async () => {
      runs += 1;
      if (runs === 1) await gate.promise;
    });
    await jobs.start();
    await until(() => runs === 1);
    for (let i = 0; i < 5; i += 1) await jobs.wake(service.name, {}, { deduplicateKey: 'the-same' });
    gate.resolve();
    await until(() => runs === 2);
    await sleep(500);
    expect(runs).toBe(2);
  });

  it('repeats by the clock, on one instance at a time', async () => {
    await using service = instances(2);
    let runs = 0;
    let running = 0;
    let most = 0;
    for (const jobs of service.jobs) {
      await jobs.every(service.name, 200, async () => {
        runs += 1;
        running += 1;
        most = Math.max(most, running);
        // Longer than the interval, so that two instances would meet if they could.
        await sleep(500);
        running -= 1;
      });
    }
    await Promise.all(service.jobs.map((jobs) => jobs.start()));
    await until(() => runs >= 4);
    expect(most).toBe(1);
  });

  it('goes on repeating after a run that failed', async () => {
    await using service = instances(1);
    const [jobs] = service.jobs as [Jobs];
    let runs = 0;
    await jobs.every(service.name, 150, async () => {
      runs += 1;
      throw new Error('fails every time');
    });
    await jobs.start();
    await until(() => runs >= 3);
  });

  it('goes on repeating after the job store was wiped', async () => {
    const jobs = new Jobs('auth', stores[kind], log, { reconcileMs: 300 });
    const name = `wiped-${kind}`;
    let runs = 0;
    await jobs.every(name, 200, async () => void (runs += 1));
    await jobs.on(`${name}-woken`, async () => void (runs += 1000));
    await jobs.start();
    await until(() => runs >= 2);
    await wipe[kind]();
    const before = runs;
    await until(() => runs >= before + 3);
    await jobs.wake(`${name}-woken`);
    await until(() => runs >= 1000);
    await jobs.close();
  });

  it('keeps the jobs of services apart', async () => {
    await using vault = instances(1);
    await using auth = instances(1, 'auth');
    const seen: string[] = [];
    for (const [who, jobs] of [
      ['vault', vault.jobs[0]!],
      ['auth', auth.jobs[0]!],
    ] as const) {
      await jobs.on('shared-name', async () => void seen.push(who));
      await jobs.start();
    }
    await auth.jobs[0]!.wake('shared-name');
    await until(() => seen.length === 1);
    await sleep(300);
    expect(seen).toEqual(['auth']);
  });

  it('lets a running job finish when it closes', async () => {
    const jobs = new Jobs('vault', stores[kind], log);
    let finished = false;
    let begun = false;
    await jobs.on(`closing-${kind}`, async () => {
      begun = true;
      await sleep(500);
      finished = true;
    });
    await jobs.start();
    await jobs.wake(`closing-${kind}`);
    await until(() => begun);
    await jobs.close();
    expect(finished).toBe(true);
  });

  it('says what there is, what failed, and tries it again when it is asked to', async () => {
    await using service = instances(1);
    const [jobs] = service.jobs as [Jobs];
    let broken = true;
    let runs = 0;
    await jobs.every(service.name, 3600_000, async () => {
      runs += 1;
      if (broken) throw new AppError('storage-full', { detail: 'grandma@example.org has filled it.' });
    });
    await jobs.start();
    const report = async () => (await jobs.reports())[0]!;
    await until(async () => (await report()).failed === 1);
    const failed = await report();
    expect(failed).toMatchObject({
      name: service.name,
      everyMs: 3600_000,
      waiting: 0,
      active: 0,
      lastRun: { code: 'storage-full' },
    });
    expect(JSON.stringify(failed)).not.toContain('grandma');
    expect(await jobs.counts()).toEqual([{ name: service.name, waiting: 0, active: 0, failed: 1 }]);
    broken = false;
    const before = runs;
    expect(await jobs.retryFailed(service.name)).toBe(1);
    await until(async () => (await report()).failed === 0 && runs === before + 1);
    await until(async () => (await report()).lastRun?.code === null);
    await jobs.runNow(service.name);
    await until(() => runs === before + 2);
    await expect(jobs.runNow('nothing')).rejects.toMatchObject({ code: 'not-found' });
    await expect(jobs.retryFailed('nothing')).rejects.toMatchObject({ code: 'not-found' });
  }, 30_000);

  it('belongs to the trace of what made it', async () => {
    await using collector = await Collector.start();
    const tracing = await Tracing.to(collector.url, 'vault');
    const name = `traced-${kind}`;
    const jobs = new Jobs('vault', stores[kind], log, { tracing });
    let isDone = false;
    await jobs.on(name, async () => void (isDone = true));
    await jobs.start();
    const span = { name: 'request', kind: SpanKind.SERVER, facts: {} };
    await tracing.span(span, () => jobs.wake(name));
    await until(() => isDone);
    await jobs.close();
    await tracing.close();
    const [request, job] = ['request', `job ${name}`].map((of) =>
      collector.spans.find((one) => one.name === of)!,
    );
    expect(job).toMatchObject({ traceId: request!.traceId, parentSpanId: request!.spanId });
  });
});

describe('a job store', () => {
  it('is named as missing by a service that needs one', async () => {
    const jobs = new Jobs('vault', undefined, log);
    await expect(jobs.every('scrub', 1000, async () => undefined)).rejects.toThrow(
      'HEIRLOOM_JOBS is not set',
    );
  });

  it('that is not there makes waking fail soon', async () => {
    const jobs = new Jobs('vault', { kind: 'redis', url: 'redis://127.0.0.1:1' }, log);
    await expect(jobs.wake('anything')).rejects.toMatchObject({ code: 'unavailable' });
    await jobs.close();
  }, 15_000);

  it('can be migrated twice, also by a role that owns nothing but the schema', async () => {
    await migrateJobStore(database.url);
    await using other = await emptyTestDatabase();
    const admin = new pg.Client({ connectionString: other.url });
    await admin.connect();
    const role = `jobs_${Math.random().toString(36).slice(2)}`;
    await admin.query(`CREATE ROLE ${role} LOGIN PASSWORD 'x'`);
    await admin.query(`CREATE SCHEMA bullmq AUTHORIZATION ${role}`);
    const url = new URL(other.url);
    url.username = role;
    url.password = 'x';
    await migrateJobStore(url.href);
    await migrateJobStore(url.href);
    const { rows } = await admin.query(
      `SELECT count(*)::int AS n FROM pg_tables WHERE schemaname = 'bullmq'`,
    );
    expect((rows[0] as { n: number }).n).toBeGreaterThan(0);
    await admin.query(`DROP OWNED BY ${role}`);
    await admin.query(`DROP ROLE ${role}`);
    await admin.end();
  });
});
