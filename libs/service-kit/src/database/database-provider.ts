import type { Provider } from '@nestjs/common';
import { PrismaPg } from '@prisma/adapter-pg';
import pg from 'pg';
import { setTimeout as sleep } from 'node:timers/promises';
import type { KitConfig } from '../config/kit-config.ts';
import type { Log } from '../logging/logger.ts';
import { Health } from '../run/health.ts';
import { KIT_CONFIG, KIT_LOG } from '../run/tokens.ts';
import { DatabaseConnections, type ServiceClient } from './database-connections.ts';

/** What the kit needs of a generated Prisma client. */
export interface PrismaLike extends ServiceClient {
  $connect(): Promise<void>;
}
export type PrismaConstructor<C extends PrismaLike> = new (options: {
  adapter: PrismaPg;
  errorFormat: 'minimal';
}) => C;

const connectMs = 5_000;
const firstConnectMs = 20_000;
const retryMs = 500;
const statementMs = 30_000;
const idleInTransactionMs = 60_000;

/**
 * Makes a service's Prisma client injectable by `token`. The service starts only once its database answers; its health
 * says whether it still does; it disconnects last. Unqualified names in raw SQL mean the service's schema.
 *
 * @param schema the service's Postgres schema: letters, digits and underscores
 */
export function databaseProvider<C extends PrismaLike>(
  token: unknown,
  constructor: PrismaConstructor<C>,
  url: string,
  schema: string,
): Provider {
  if (!/^[a-z_][a-z0-9_]*$/.test(schema))
    throw new RangeError('a schema has letters, digits and underscores');
  return {
    provide: token as never,
    inject: [KIT_CONFIG, KIT_LOG, Health, DatabaseConnections],
    useFactory: async (config: KitConfig, log: Log, health: Health, connections: DatabaseConnections) => {
      const lost = (error: unknown) => {
        // Once we are leaving, whoever hangs up first is no news.
        if (!connections.closing) log.warn({ err: error }, 'a database connection was lost');
      };
      const pool = createPool(url, schema, config);
      // The adapter stops listening before the pool has ended, and an error that nobody hears ends the process.
      pool.on('error', lost);
      const adapter = new PrismaPg(pool, { schema, onConnectionError: lost });
      // Prisma's longer error texts quote the values of a query.
      const client = new constructor({ adapter, errorFormat: 'minimal' });
      connections.add(client, pool);
      await connect(client, schema);
      health.add('database', async () => void (await client.$queryRawUnsafe('SELECT 1')));
      return client;
    },
  };
}

function createPool(url: string, schema: string, config: KitConfig): pg.Pool {
  const settings = {
    search_path: schema,
    statement_timeout: statementMs,
    idle_in_transaction_session_timeout: idleInTransactionMs,
  };
  return new pg.Pool({
    connectionString: url,
    max: config.databaseConnections,
    connectionTimeoutMillis: connectMs,
    application_name: `heirloom-${schema}`,
    options: Object.entries(settings)
      .map(([name, value]) => `-c ${name}=${value}`)
      .join(' '),
  });
}

/** Postgres may come up a little later than we do. */
async function connect(client: PrismaLike, schema: string): Promise<void> {
  const giveUpAt = performance.now() + firstConnectMs;
  for (;;) {
    try {
      await client.$connect();
      await client.$queryRawUnsafe('SELECT 1');
      return;
    } catch (error) {
      const { code, meta } = error as { code?: string; meta?: unknown };
      const refused = /28P01|28000|3D000|AuthenticationFailed|DatabaseDoesNotExist|DatabaseAccessDenied/.test(
        `${code} ${JSON.stringify(meta)} ${(error as Error).message}`,
      );
      if (refused || performance.now() > giveUpAt) {
        throw new Error(`The database of the schema ${schema} cannot be used: ${(error as Error).message}`, {
          cause: error,
        });
      }
      await sleep(retryMs);
    }
  }
}
