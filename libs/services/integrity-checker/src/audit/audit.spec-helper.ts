import { newId, type AccountId, type AuditAct, type AuditCheck, type ServiceName } from '@heirloom/contracts';
import { actsSince, createLog, Jobs, recordAct, type RawSql } from '@heirloom/service-kit';
import { settled, testDatabase, type TestDatabase } from '@heirloom/service-kit/testing';
import { PrismaPg } from '@prisma/adapter-pg';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import pg from 'pg';
import { Database } from '../database.ts';
import { AuditChain } from './audit-chain.ts';
import { AuditChecker } from './audit-checker.ts';
import { AuditChecks } from './audit-checks.ts';
import { AuditKeys } from './audit-keys.ts';
import { AuditTrail } from './audit-trail.ts';
import { Collector, type AuditSource } from './collector.ts';
import { Retention } from './retention.ts';

const migrationsOf = (service: string) =>
  fileURLToPath(new URL(`../../../${service}/prisma/migrations/`, import.meta.url));
const tables = ['audit_entries', 'audit_checkpoints', 'audit_chain', 'audit_sources'];
const keys = new AuditKeys(new Uint8Array(32).fill(7));

/** What one process has of the audit trail. */
export interface Collecting {
  db: Database;
  collector: Collector;
  checker: AuditChecker;
  retention(ms: number): Retention;
}

/** The audit trail and two services with acts of their own, on a real Postgres. */
export class AuditBench {
  /** Whoever can write to the trail as they like: no trigger holds them. */
  forger!: pg.Client;
  readonly #closing: (() => Promise<unknown>)[] = [];
  readonly #sources = new Map<ServiceName, { url: string; schema: string; db: Database }>();

  static async start(): Promise<AuditBench> {
    const bench = new AuditBench();
    for (const service of ['integrity-checker', 'auth'] as const) {
      const made = await testDatabase(service, migrationsOf(service));
      bench.#closing.push(() => made.drop());
      bench.#sources.set(service, { ...made, db: bench.#connect(made, 'recording') });
    }
    const { url } = bench.#sources.get('integrity-checker')!;
    bench.forger = new pg.Client({
      connectionString: url,
      options: '-c search_path=integrity_checker -c session_replication_role=replica',
    });
    await bench.forger.connect();
    bench.#closing.push(() => bench.forger.end());
    return bench;
  }

  async close(): Promise<void> {
    for (const close of this.#closing.reverse()) await close();
  }

  #connect({ url, schema }: Pick<TestDatabase, 'url' | 'schema'>, name: string): Database {
    const options = `-c search_path=${schema} -c application_name=${name}`;
    const adapter = new PrismaPg(
      { connectionString: url, options },
      { schema, onPoolError: () => undefined },
    );
    // Raw SQL is all that acts need, so one client serves the tables of either service.
    const db = new Database({ adapter });
    this.#closing.push(() => db.$disconnect());
    return db;
  }

  /** A process of integrity-checker with connections of its own. */
  process(): Collecting {
    const own = this.#sources.get('integrity-checker')!;
    const db = this.#connect(own, 'collecting');
    const sources = [...this.#sources].map(([service, source]): AuditSource => {
      const asked: RawSql = service === 'integrity-checker' ? db : source.db;
      return { service, ask: (question) => actsSince(asked, question) };
    });
    const chain = new AuditChain(db, keys);
    const jobs = new Jobs('integrity-checker', undefined, createLog('fatal'));
    const retention = (ms: number) => new Retention(db, chain, keys, ms);
    const checks = new AuditChecks(db, chain);
    const forYears = retention(10 * 365 * 24 * 3600_000);
    const checker = new AuditChecker(checks, new AuditTrail(db), keys, forYears, jobs, 1);
    return { db, collector: new Collector(db, chain, jobs, sources), checker, retention };
  }

  record(service: ServiceName, ...acts: AuditAct[]): Promise<void> {
    return recordAct(this.#sources.get(service)!.db, ...acts);
  }

  /** Until every recorded act can be told. */
  settled(): Promise<void> {
    return settled(this.#sources.get('auth')!.url);
  }

  async recordedIds(): Promise<string[]> {
    const all = [...this.#sources.values()].map(({ db }) =>
      db.$queryRawUnsafe<{ id: string }[]>('SELECT id FROM audit_acts'),
    );
    return (await Promise.all(all)).flat().map(({ id }) => id);
  }

  async entryIds(): Promise<string[]> {
    const { rows } = await this.forger.query<{ act_id: string }>(
      'SELECT act_id FROM audit_entries ORDER BY index',
    );
    return rows.map(({ act_id: id }) => id);
  }

  /** Cuts the connections of whoever collects, as their death would. */
  async cutConnections(): Promise<void> {
    await this.forger.query(
      `SELECT pg_terminate_backend(pid) FROM pg_stat_activity
       WHERE datname = current_database() AND application_name = 'collecting'`,
    );
  }

  async keepTrail(): Promise<void> {
    for (const table of tables)
      await this.forger.query(`CREATE TABLE kept_${table} AS SELECT * FROM ${table}`);
  }

  async restoreTrail(): Promise<void> {
    for (const table of tables) {
      await this.forger.query(`DELETE FROM ${table}`);
      await this.forger.query(`INSERT INTO ${table} SELECT * FROM kept_${table}`);
    }
  }

  /** Begins a check and waits for its end. */
  async check({ db, checker }: Collecting): Promise<AuditCheck> {
    const { checkId } = await checker.start('operator', { kind: 'operator', id: newId<AccountId>() });
    for (;;) {
      const row = await db.auditCheck.findUniqueOrThrow({ where: { id: checkId } });
      if (row.running === null) return row as unknown as AuditCheck;
      await sleep(5);
    }
  }
}
