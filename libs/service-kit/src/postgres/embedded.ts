import { resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import { postgresBinaries } from './binaries.ts';
import { ensureCluster, SUPERUSER } from './cluster.ts';
import { clearOrphan, forgetOwner, recordOwner } from './orphan.ts';
import { lastWords, launchServer, type ServerProcess } from './server-process.ts';
import { unprivileged } from './unprivileged.ts';
import { freePort } from './free-port.ts';

export type EmbeddedPostgresOptions = {
  /** Folder of the database cluster; made at the first start. Beside it stand `<dataDir>.owner.json` and the like. */
  dataDir: string;
  /** File of the superuser's password, mode 0600; made at the first start. */
  passwordFile: string;
  /** TCP port on 127.0.0.1; a free one when left out. */
  port?: number;
  /** Whether commits wait for the disk. `false` is for tests alone: a crash of the machine may lose everything. */
  fsync?: boolean;
  /** Hears a sentence about each step that may take a while. */
  log?: (message: string) => void;
};

export type EmbeddedPostgres = AsyncDisposable & {
  /** Connects as superuser to the database `postgres`. A secret: do not log it. */
  adminUrl: string;
  port: number;
  /** Settles when the server has ended, asked to or not. */
  exited: Promise<void>;
  /** Ends all connections and stops cleanly (Postgres' fast shutdown). May be called twice. */
  stop: () => Promise<void>;
};

/** Recovery after a crash replays at most a few hundred MB of log. */
const START_TIMEOUT_MS = 300_000;
/** The processes of a Postgres whose main process was killed notice it and end by themselves. */
const LEFTOVER_TIMEOUT_MS = 60_000;
const LEFTOVER = 'pre-existing shared memory block';
const RETRY_MS = 500;
const POLL_MS = 30;
const CONNECT_TIMEOUT_MS = 5000;
const MAX_CONNECTIONS = 200;

/** Postgres' SQLSTATE for a wrong password. */
const INVALID_PASSWORD = '28P01';

/**
 * Starts a Postgres of our own from the programs in node_modules, and resolves when it takes connections. It listens on
 * 127.0.0.1 alone, asks for a password, and outlives neither `stop()` nor the next start on the same folder.
 *
 * @throws Error with Postgres' own last words when it does not start
 */
export async function startEmbeddedPostgres(options: EmbeddedPostgresOptions): Promise<EmbeddedPostgres> {
  const { fsync = true, log = () => {} } = options;
  const dataDir = resolve(options.dataDir);
  const [{ initdb, postgres }, user] = await Promise.all([postgresBinaries(), unprivileged(dataDir)]);
  const passwordFile = resolve(options.passwordFile);
  const password = await ensureCluster({ initdb, dataDir, passwordFile, fsync, user });
  await clearOrphan(dataDir, log);

  const port = options.port ?? (await freePort());
  const adminUrl = `postgresql://${SUPERUSER}:${password}@127.0.0.1:${port}/postgres`;
  const launch = () => launchServer([...user.prefix, postgres], dataDir, settings(port, fsync));
  await recordOwner(dataDir);
  const server = await untilStarted(launch, dataDir, adminUrl).catch(async (error: unknown) => {
    await forgetOwner(dataDir);
    throw error;
  });
  const stop = async () => {
    await server.stop();
    await forgetOwner(dataDir);
  };
  return { adminUrl, port, exited: server.exited, stop, [Symbol.asyncDispose]: stop };
}

function settings(port: number, fsync: boolean): Record<string, string | number> {
  const durable = fsync ? 'on' : 'off';
  return {
    port,
    listen_addresses: '127.0.0.1',
    unix_socket_directories: '',
    max_connections: MAX_CONNECTIONS,
    timezone: 'UTC',
    log_timezone: 'UTC',
    fsync: durable,
    synchronous_commit: durable,
    full_page_writes: durable,
  };
}

/** Launches, and again while processes of a killed Postgres still hold the folder's memory. */
async function untilStarted(
  launch: () => Promise<ServerProcess>,
  dataDir: string,
  url: string,
): Promise<ServerProcess> {
  for (const end = performance.now() + LEFTOVER_TIMEOUT_MS; ; await sleep(RETRY_MS)) {
    const server = await launch();
    try {
      await untilReady(server, url);
      return server;
    } catch (cause) {
      await server.stop();
      const said = await lastWords(dataDir);
      if (said.includes(LEFTOVER) && performance.now() < end) continue;
      throw new Error(`Postgres did not start on ${dataDir}. It said:\n${said}`, { cause });
    }
  }
}

async function untilReady(server: ServerProcess, url: string): Promise<void> {
  for (const end = performance.now() + START_TIMEOUT_MS; ; await sleep(POLL_MS)) {
    if (!server.isRunning()) throw new Error('Postgres ended while it was starting');
    const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: CONNECT_TIMEOUT_MS });
    client.on('error', () => {}); // the attempt's own promise says it
    try {
      await client.connect();
    } catch (error) {
      if ((error as { code?: string }).code === INVALID_PASSWORD || performance.now() > end) throw error;
      continue;
    }
    await client.end();
    return;
  }
}
