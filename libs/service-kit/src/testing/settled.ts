import pg from 'pg';
import { setTimeout as sleep } from 'node:timers/promises';

const askAgainMs = 5;

/**
 * Waits until every transaction of the server that began before now has ended, those of other specs too: what was
 * committed by now is told by feeds from then on, which stop at the oldest open transaction.
 *
 * @param url of any database of the server
 */
export async function settled(url: string): Promise<void> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    const ask = async (what: 'xmin' | 'xmax') => {
      const { rows } = await client.query<{ xid: string }>(
        `SELECT pg_snapshot_${what}(pg_current_snapshot())::text AS xid`,
      );
      return BigInt(rows[0]!.xid);
    };
    const next = await ask('xmax');
    while ((await ask('xmin')) < next) await sleep(askAgainMs);
  } finally {
    await client.end();
  }
}
