import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { cp, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { pathToFileURL } from 'node:url';
import pg from 'pg';
import type { ServiceDefinition } from '../run/define-service.ts';
import { emptyTestDatabase } from '../testing/database.ts';
import { awaitMigrations } from '../run/migrate-services.ts';
import { migrate, MigrationError, pendingMigrations } from './migrate.ts';

const SCHEMA = 'sharing_policy';
let directory: string;
let database: Awaited<ReturnType<typeof emptyTestDatabase>>;
const run = () => migrate({ url: database.url, schema: SCHEMA, directory });

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'heirloom-migrations-'));
  database = await emptyTestDatabase();
  await addMigration('20260102000000_second', 'ALTER TABLE album ADD COLUMN epoch INT;');
  await addMigration('20260101000000_first', 'CREATE TABLE album (id UUID PRIMARY KEY);');
  await writeFile(join(directory, 'migration_lock.toml'), 'provider = "postgresql"');
});

afterEach(async () => {
  await database.drop();
  await rm(directory, { recursive: true });
});

async function addMigration(name: string, sql: string): Promise<void> {
  await mkdir(join(directory, name), { recursive: true });
  await writeFile(join(directory, name, 'migration.sql'), sql);
}

async function query(sql: string): Promise<pg.QueryResult> {
  const client = new pg.Client({ connectionString: database.url, options: `-c search_path=${SCHEMA}` });
  await client.connect();
  try {
    return await client.query(sql);
  } finally {
    await client.end();
  }
}

describe('pendingMigrations', () => {
  const pending = () => pendingMigrations({ url: database.url, schema: SCHEMA, directory });

  it('says what the database lacks, and changes nothing', async () => {
    expect(await pending()).toEqual(['20260101000000_first', '20260102000000_second']);
    expect((await query('SELECT nspname FROM pg_namespace WHERE nspname = current_schema()')).rows).toEqual(
      [],
    );
    await run();
    expect(await pending()).toEqual([]);
    await addMigration('20260103000000_third', 'CREATE INDEX ON album (epoch);');
    expect(await pending()).toEqual(['20260103000000_third']);
    await addMigration('20260101000000_first', 'CREATE TABLE other (id UUID PRIMARY KEY);');
    await expect(pending()).rejects.toThrow(/was changed after it had been applied/);
  });

  it('is waited for: a new version begins when another process has migrated, not before', async () => {
    const service = {
      name: 'sharing-policy',
      schema: SCHEMA,
      migrations: pathToFileURL(`${directory}/`),
    } as ServiceDefinition;
    const env = { HEIRLOOM_SHARING_POLICY_DATABASE_URL: database.url };
    const impatient = awaitMigrations([service], env, { patienceMs: 50, pollMs: 10 });
    await expect(impatient).rejects.toThrow(MigrationError);
    let isOver = false;
    const waiting = awaitMigrations([service], env, { pollMs: 10 }).then(() => (isOver = true));
    await sleep(100);
    expect(isOver).toBe(false);
    await run();
    await waiting;
  });
});

describe('migrate', () => {
  it('applies in order, in the schema, once', async () => {
    expect(await run()).toEqual(['20260101000000_first', '20260102000000_second']);
    expect(await run()).toEqual([]);
    const { rows } = await query(
      `SELECT table_schema, column_name FROM information_schema.columns WHERE table_name = 'album' ORDER BY 2`,
    );
    expect(rows).toEqual([
      { table_schema: SCHEMA, column_name: 'epoch' },
      { table_schema: SCHEMA, column_name: 'id' },
    ]);
    await addMigration('20260103000000_third', 'CREATE INDEX ON album (epoch);');
    expect(await run()).toEqual(['20260103000000_third']);
  });

  it('applies each migration once when several processes start at once', async () => {
    const results = await Promise.all([run(), run(), run(), run()]);
    expect(results.flat()).toHaveLength(2);
    const { rows } = await query('SELECT count(*)::int AS applied FROM _prisma_migrations');
    expect(rows).toEqual([{ applied: 2 }]);
  });

  it('undoes a migration that fails half way, names it, and goes on when it is repaired', async () => {
    await addMigration('20260103000000_third', 'CREATE TABLE grants (id INT); SELECT 1 / 0;');
    await expect(run()).rejects.toThrow(/20260103000000_third failed and was undone: division by zero/);
    expect((await query(`SELECT to_regclass('grants') AS found`)).rows).toEqual([{ found: null }]);
    await addMigration('20260103000000_third', 'CREATE TABLE grants (id INT);');
    expect(await run()).toEqual(['20260103000000_third']);
  });

  it('refuses an applied migration whose text has changed', async () => {
    await run();
    await addMigration('20260101000000_first', 'CREATE TABLE album (id UUID PRIMARY KEY); -- changed');
    await expect(run()).rejects.toThrow('20260101000000_first was changed after it had been applied');
  });

  it('refuses to go on after a migration that another tool left failed', async () => {
    await run();
    await query(`UPDATE _prisma_migrations SET finished_at = NULL WHERE migration_name LIKE '%second'`);
    await expect(run()).rejects.toThrow('20260102000000_second was begun by another tool');
  });

  it('works for a role that owns its schema and may do nothing else', async () => {
    const role = `role_${new URL(database.url).pathname.slice(1)}`;
    await query(`CREATE ROLE ${role} LOGIN PASSWORD 'secret'; CREATE SCHEMA ${SCHEMA} AUTHORIZATION ${role}`);
    const url = new URL(database.url);
    url.username = role;
    url.password = 'secret';
    const copy = `${directory}-copy`;
    await cp(directory, copy, { recursive: true });
    try {
      expect(await migrate({ url: url.href, schema: SCHEMA, directory: copy })).toHaveLength(2);
    } finally {
      await rm(copy, { recursive: true });
      await query(`DROP SCHEMA ${SCHEMA} CASCADE; DROP ROLE ${role}`);
    }
  });
});
