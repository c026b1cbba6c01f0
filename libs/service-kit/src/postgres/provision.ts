import pg from 'pg';

export interface ServiceRole {
  /** Postgres role that the service logs in as. */
  role: string;
  /** The role's password. */
  password: string;
  /** The schema that it owns, and the only one that it can use. `null`: it owns the whole database instead. */
  schema: string | null;
}

/** Serialises provisioning when several processes start at once. */
const LOCK_KEY = 0x68656972;

/**
 * Makes one database with a schema and a login role for each service, or brings an existing one in line (passwords
 * included). A role owns its own schema and sees no other. Safe to call twice and from several processes at once.
 *
 * @param adminUrl a superuser's connection to any database of the server
 * @returns each role's connection URL, in the order given. Secrets: do not log them.
 */
export async function provisionDatabase(
  adminUrl: string,
  database: string,
  roles: readonly ServiceRole[],
): Promise<string[]> {
  await withClient(adminUrl, async (client) => {
    await client.query('SELECT pg_advisory_lock($1)', [LOCK_KEY]);
    for (const { role, password } of roles) await ensureRole(client, role, password);
    const { rowCount } = await client.query('SELECT 1 FROM pg_database WHERE datname = $1', [database]);
    if (rowCount === 0)
      await client.query(`CREATE DATABASE ${pg.escapeIdentifier(database)} TEMPLATE template0`);
    await client.query(`REVOKE ALL ON DATABASE ${pg.escapeIdentifier(database)} FROM PUBLIC`);
  });
  await withClient(urlFor(adminUrl, database), async (client) => {
    await client.query('SELECT pg_advisory_lock($1)', [LOCK_KEY]);
    await client.query('REVOKE ALL ON SCHEMA public FROM PUBLIC');
    for (const { role, schema } of roles) await grant(client, database, role, schema);
  });
  return roles.map(({ role, password }) => urlFor(adminUrl, database, role, password));
}

async function grant(
  client: pg.Client,
  database: string,
  role: string,
  schema: string | null,
): Promise<void> {
  const [owner, name] = [pg.escapeIdentifier(role), pg.escapeIdentifier(database)];
  if (schema === null) {
    await client.query(`ALTER DATABASE ${name} OWNER TO ${owner}`);
    return;
  }
  await client.query(`GRANT CONNECT ON DATABASE ${name} TO ${owner}`);
  await client.query(`CREATE SCHEMA IF NOT EXISTS ${pg.escapeIdentifier(schema)} AUTHORIZATION ${owner}`);
}

async function ensureRole(client: pg.Client, role: string, password: string): Promise<void> {
  const { rowCount } = await client.query('SELECT 1 FROM pg_roles WHERE rolname = $1', [role]);
  const verb = rowCount === 0 ? 'CREATE' : 'ALTER';
  await client.query(
    `${verb} ROLE ${pg.escapeIdentifier(role)} LOGIN PASSWORD ${pg.escapeLiteral(password)}`,
  );
}

async function withClient(url: string, use: (client: pg.Client) => Promise<void>): Promise<void> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    await use(client);
  } finally {
    await client.end(); // which releases the lock
  }
}

function urlFor(adminUrl: string, database: string, role?: string, password?: string): string {
  const url = new URL(adminUrl);
  url.pathname = `/${database}`;
  if (role !== undefined && password !== undefined) {
    url.username = encodeURIComponent(role);
    url.password = encodeURIComponent(password);
  }
  return url.href;
}
