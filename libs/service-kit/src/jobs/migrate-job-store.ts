import { runMigrations } from 'bullmq';
import pg from 'pg';
import { jobsSchema } from './job-store.ts';

/**
 * Brings BullMQ's tables up to date. Safe to run twice and from several processes at once.
 *
 * @param url a role that owns the schema `bullmq`, or may make it
 */
export async function migrateJobStore(url: string): Promise<void> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    const { rowCount } = await client.query('SELECT 1 FROM pg_namespace WHERE nspname = $1', [jobsSchema]);
    const exists = rowCount !== 0;
    // "CREATE SCHEMA IF NOT EXISTS" needs the right to make schemas even where there is nothing to make.
    const query = (text: string, values?: unknown[]): Promise<pg.QueryResult> =>
      client.query(exists && text.startsWith('CREATE SCHEMA') ? 'SELECT 1' : text, values);
    await runMigrations({ query } as never, jobsSchema);
  } finally {
    await client.end();
  }
}
