import pg from 'pg';

/**
 * Takes a database URL apart. `?schema=` is Prisma's own parameter: Postgres does not know it.
 *
 * @param {string} url
 * @returns {{ url: string, database: string, schema: string }} the URL without `schema`; the schema, `public` if unset
 */
export function parseDatabaseUrl(url) {
  const parsed = new URL(url);
  const schema = parsed.searchParams.get('schema') ?? 'public';
  parsed.searchParams.delete('schema');
  return { url: parsed.href, database: decodeURIComponent(parsed.pathname.slice(1)), schema };
}

/** @returns {string} the same server, another database. */
export function withDatabase(url, database) {
  const parsed = new URL(url);
  parsed.pathname = `/${encodeURIComponent(database)}`;
  return parsed.href;
}

/** Runs one statement on the server's `postgres` database, where databases are made and dropped. */
export async function administer(url, sql) {
  const client = new pg.Client({ connectionString: withDatabase(parseDatabaseUrl(url).url, 'postgres') });
  await client.connect();
  try {
    await client.query(sql);
  } finally {
    await client.end();
  }
}

/** Makes the URL's database. Throws Postgres' 42P04 when it is there already. */
export async function createDatabase(url) {
  const { database } = parseDatabaseUrl(url);
  await administer(url, `CREATE DATABASE ${pg.escapeIdentifier(database)}`);
  return { databaseName: database };
}

/** Drops a database with whoever is connected to it. */
export async function dropDatabase(url, database = parseDatabaseUrl(url).database) {
  await administer(url, `DROP DATABASE IF EXISTS ${pg.escapeIdentifier(database)} WITH (FORCE)`);
}

/**
 * @returns {Promise<{ code: string, message: string } | null>} null where a connection can be made, else why not, with
 *   Prisma's error code
 */
export async function connectionProblem(url) {
  const { url: plain, database } = parseDatabaseUrl(url);
  const client = new pg.Client({ connectionString: plain, connectionTimeoutMillis: 5000 });
  try {
    await client.connect();
    return null;
  } catch (error) {
    if (error.code === '3D000') return { code: 'P1003', message: `Database "${database}" does not exist` };
    if (error.code === '28P01') return { code: 'P1000', message: error.message };
    return { code: 'P1001', message: `Cannot reach the database server: ${error.message}` };
  } finally {
    await client.end().catch(() => {});
  }
}
