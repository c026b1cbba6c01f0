import { createHash, randomUUID } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import pg from 'pg';

export type MigrateOptions = {
  /** The database; the user must own the schema, or be allowed to make it. */
  url: string;
  /** The service's schema (namespace). The scripts name no schema: they run with it as search path. */
  schema: string;
  /** Prisma's folder: `<directory>/<name>/migration.sql`, applied in the order of the names. */
  directory: string;
};

/** The database and the folder contradict each other; a person must decide. */
export class MigrationError extends Error {
  override name = 'MigrationError';
}

type Migration = { name: string; sql: string; checksum: string };

/** The key of the advisory lock that `prisma migrate deploy` takes, so that the two exclude each other. */
const LOCK_KEY = 72707369;

/** As Prisma's schema engine creates it, so that Prisma's own commands agree about what has been applied. */
const CREATE_HISTORY = `CREATE TABLE IF NOT EXISTS _prisma_migrations (
  id                  VARCHAR(36) PRIMARY KEY NOT NULL,
  checksum            VARCHAR(64) NOT NULL,
  finished_at         TIMESTAMPTZ,
  migration_name      VARCHAR(255) NOT NULL,
  logs                TEXT,
  rolled_back_at      TIMESTAMPTZ,
  started_at          TIMESTAMPTZ NOT NULL DEFAULT now(),
  applied_steps_count INTEGER NOT NULL DEFAULT 0
)`;

/**
 * Brings a service's schema up to date. Each migration and its record are one transaction, so a kill leaves it applied
 * or not applied, never half. Safe to call twice, and from several processes at once: the others wait, then find
 * nothing to do. Scripts must therefore not hold what refuses a transaction (CREATE INDEX CONCURRENTLY).
 *
 * @returns the names of the migrations that were applied now
 * @throws MigrationError when an applied migration's text has changed, or one was left failed by another tool
 */
export async function migrate({ url, schema, directory }: MigrateOptions): Promise<string[]> {
  const migrations = await readMigrations(directory);
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    await client.query('SELECT pg_advisory_lock($1)', [LOCK_KEY]);
    await prepare(client, schema);
    const applied = await readHistory(client);
    const pending = migrations.filter((migration) => !isApplied(migration, applied));
    for (const migration of pending) await apply(client, migration);
    return pending.map(({ name }) => name);
  } finally {
    await client.end(); // which releases the lock
  }
}

/**
 * The migrations of the folder that the database lacks, without changing anything. A schema that is not there lacks all.
 *
 * @throws MigrationError as {@link migrate} does
 */
export async function pendingMigrations({ url, schema, directory }: MigrateOptions): Promise<string[]> {
  const migrations = await readMigrations(directory);
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    const history = `${pg.escapeIdentifier(schema)}._prisma_migrations`;
    const { rows } = await client.query<{ there: boolean }>('SELECT to_regclass($1) IS NOT NULL AS there', [
      history,
    ]);
    if (!rows[0]?.there) return migrations.map(({ name }) => name);
    await client.query(`SET search_path TO ${pg.escapeIdentifier(schema)}`);
    const applied = await readHistory(client);
    return migrations.filter((migration) => !isApplied(migration, applied)).map(({ name }) => name);
  } finally {
    await client.end();
  }
}

/** @returns the migrations of a folder in order, with the SHA-256 (hex) of each script as Prisma records it. */
export async function readMigrations(directory: string): Promise<Migration[]> {
  const entries = await readdir(directory, { withFileTypes: true });
  const names = entries.filter((entry) => entry.isDirectory()).map(({ name }) => name);
  return Promise.all(
    names.sort().map(async (name) => {
      const sql = await readFile(join(directory, name, 'migration.sql'), 'utf8');
      return { name, sql, checksum: createHash('sha256').update(sql).digest('hex') };
    }),
  );
}

/** Makes the schema only where it is missing: a service's own role may lack the right to make one. */
async function prepare(client: pg.Client, schema: string): Promise<void> {
  const name = pg.escapeIdentifier(schema);
  const { rowCount } = await client.query('SELECT 1 FROM pg_namespace WHERE nspname = $1', [schema]);
  if (rowCount === 0) await client.query(`CREATE SCHEMA ${name}`);
  await client.query(`SET search_path TO ${name}`);
  await client.query("SET client_min_messages TO 'warning'");
  await client.query(CREATE_HISTORY);
}

async function readHistory(client: pg.Client): Promise<Map<string, string>> {
  const { rows } = await client.query<{ migration_name: string; checksum: string; finished: boolean }>(
    `SELECT migration_name, checksum, finished_at IS NOT NULL AS finished
     FROM _prisma_migrations WHERE rolled_back_at IS NULL`,
  );
  const failed = rows.find(({ finished }) => !finished);
  if (failed) {
    throw new MigrationError(
      `Migration ${failed.migration_name} was begun by another tool and has failed. ` +
        'Repair the database, then record the outcome with "prisma migrate resolve".',
    );
  }
  return new Map(rows.map((row) => [row.migration_name, row.checksum]));
}

function isApplied({ name, checksum }: Migration, applied: Map<string, string>): boolean {
  const recorded = applied.get(name);
  if (recorded !== undefined && recorded !== checksum) {
    throw new MigrationError(
      `Migration ${name} was changed after it had been applied to this database. ` +
        'Restore its text and put the change into a new migration.',
    );
  }
  return recorded !== undefined;
}

async function apply(client: pg.Client, { name, sql, checksum }: Migration): Promise<void> {
  await client.query('BEGIN');
  try {
    await client.query(sql);
    await client.query(
      `INSERT INTO _prisma_migrations (id, checksum, migration_name, started_at, finished_at, applied_steps_count)
       VALUES ($1, $2, $3, now(), clock_timestamp(), 1)`,
      [randomUUID(), checksum, name],
    );
    await client.query('COMMIT');
  } catch (cause) {
    await client.query('ROLLBACK');
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new MigrationError(`Migration ${name} failed and was undone: ${reason}`, { cause });
  }
}
