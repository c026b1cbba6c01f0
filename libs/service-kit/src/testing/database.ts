import { createHash, randomBytes } from 'node:crypto';
import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import { startEmbeddedPostgres } from '../postgres/embedded.ts';
import { migrate, readMigrations } from '../postgres/migrate.ts';

/** A database of one spec file. */
export type TestDatabase = AsyncDisposable & {
  /** Connects as superuser. Give `schema` to the adapter: it is not in the URL. */
  url: string;
  /** The service's schema, e.g. `sharing_policy`. */
  schema: string;
  /** Drops the database, with whoever is still connected. */
  drop: () => Promise<void>;
};

const SERVER_TIMEOUT_MS = 120_000;

/**
 * Makes a fresh database with a service's migrations applied. The first caller of a run migrates a template, the others
 * copy it, which takes about 100 ms.
 *
 * @param serviceName e.g. `sharing-policy`
 * @param migrationsDir the service's prisma/migrations
 */
export async function testDatabase(serviceName: string, migrationsDir: string): Promise<TestDatabase> {
  const schema = serviceName.replaceAll('-', '_');
  const adminUrl = await testPostgresUrl();
  const template = await ensureTemplate(adminUrl, schema, migrationsDir);
  return createDatabase(adminUrl, schema, `test_${schema}`, `TEMPLATE ${pg.escapeIdentifier(template)}`);
}

/** Makes a fresh database without anything in it, for a test that sets it up itself. */
export async function emptyTestDatabase(): Promise<Omit<TestDatabase, 'schema'>> {
  return createDatabase(await testPostgresUrl(), 'public', 'test_empty', 'TEMPLATE template0');
}

/**
 * The Postgres of this worker of the run, without fsync, started by the spec that asks first and stopped by Jest's global
 * teardown. Feeds stop at the oldest open transaction of the whole server: specs of other workers would hold them up, and so
 * would an autovacuum. Where HEIRLOOM_TEST_POSTGRES_URL names a server, that one is used. The URL connects as superuser.
 */
export async function testPostgresUrl(): Promise<string> {
  const given = process.env.HEIRLOOM_TEST_POSTGRES_URL;
  if (given) return given;
  const runDir = process.env.HEIRLOOM_TEST_RUN_DIR;
  if (!runDir)
    throw new Error('HEIRLOOM_TEST_RUN_DIR is not set: run Jest with the configuration at the root');
  const dataDir = join(runDir, `postgres-${process.env.JEST_WORKER_ID ?? '1'}`);
  const urlFile = `${dataDir}.url`;
  if (await isFirst(`${dataDir}.lock`)) {
    const server = await startEmbeddedPostgres({
      dataDir,
      passwordFile: `${dataDir}.password`,
      fsync: false,
    });
    await withClient(server.adminUrl, async (client) => {
      await client.query('ALTER SYSTEM SET autovacuum = off');
      await client.query('SELECT pg_reload_conf()');
    });
    await writeFile(`${urlFile}.new`, server.adminUrl);
    await rename(`${urlFile}.new`, urlFile);
  }
  return waitForFile(urlFile);
}

/** Of all processes that ask, one hears yes. */
async function isFirst(lock: string): Promise<boolean> {
  return mkdir(lock).then(
    () => true,
    (error: NodeJS.ErrnoException) => {
      if (error.code === 'EEXIST') return false;
      throw error;
    },
  );
}

async function waitForFile(path: string): Promise<string> {
  for (const end = performance.now() + SERVER_TIMEOUT_MS; performance.now() < end; await sleep(50)) {
    const text = await readFile(path, 'utf8').catch(() => undefined);
    if (text !== undefined) return text;
  }
  throw new Error("The test run's Postgres did not start; the first spec that wanted it says why");
}

/** @returns the name of a migrated database of which nobody but this function is a client. */
async function ensureTemplate(adminUrl: string, schema: string, migrationsDir: string): Promise<string> {
  const hash = createHash('sha256');
  for (const { name, checksum } of await readMigrations(migrationsDir)) hash.update(`${name}:${checksum}\n`);
  const template = `template_${schema}_${hash.digest('hex').slice(0, 16)}`;
  await withClient(adminUrl, async (client) => {
    // Session locks hold for the whole server's `postgres` database, so across all runs on a given server.
    await client.query('SELECT pg_advisory_lock(hashtextextended($1, 0))', [template]);
    const { rowCount } = await client.query('SELECT 1 FROM pg_database WHERE datname = $1', [template]);
    if (rowCount !== 0) return;
    const unfinished = `${template}_${randomBytes(4).toString('hex')}`;
    await client.query(`CREATE DATABASE ${unfinished} TEMPLATE template0`);
    await migrate({ url: databaseUrl(adminUrl, unfinished), schema, directory: migrationsDir });
    await client.query(`ALTER DATABASE ${unfinished} RENAME TO ${template}`);
  });
  return template;
}

async function createDatabase(
  adminUrl: string,
  schema: string,
  prefix: string,
  clause: string,
): Promise<TestDatabase> {
  const name = `${prefix}_${randomBytes(6).toString('hex')}`;
  await withClient(adminUrl, (client) => client.query(`CREATE DATABASE ${name} ${clause}`));
  const drop = async () => {
    await withClient(adminUrl, (client) => client.query(`DROP DATABASE IF EXISTS ${name} WITH (FORCE)`));
  };
  return { url: databaseUrl(adminUrl, name), schema, drop, [Symbol.asyncDispose]: drop };
}

async function withClient(url: string, work: (client: pg.Client) => Promise<unknown>): Promise<void> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    await work(client);
  } finally {
    await client.end();
  }
}

function databaseUrl(adminUrl: string, database: string): string {
  const url = new URL(adminUrl);
  url.pathname = `/${database}`;
  return url.href;
}
