import { type ChildProcess, spawn } from 'node:child_process';
import { mkdir, open, readdir, readFile, stat } from 'node:fs/promises';
import { createServer } from 'node:net';
import { join, resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import { postgresBinaries } from './binaries.ts';
import { ensureCluster, SUPERUSER } from './cluster.ts';
import { clearOrphan, forgetOwner, recordOwner } from './orphan.ts';
import { SYSTEM_ENVIRONMENT } from './system-environment.ts';
import { unprivileged } from './unprivileged.ts';

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
const POLL_MS = 30;
const MAX_CONNECTIONS = 200;

/** Postgres' SQLSTATE for a wrong password. */
const INVALID_PASSWORD = '28P01';

/**
 * Starts a Postgres of our own from the programs in node_modules, and resolves when it takes connections. It listens on
 * 127.0.0.1 alone, asks for a password, and outlives neither `stop()` nor the next start on the same folder.
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
  const startupLog = join(dataDir, 'startup.log');
  const child = await launch(
    [...user.prefix, postgres, ...serverArguments(dataDir, port, fsync)],
    startupLog,
  );
  const exited = new Promise<void>((settle) => child.once('exit', () => settle()));
  await recordOwner(dataDir);
  const stop = async () => {
    child.ref(); // or a caller with nothing else to do would end before the server does
    if (isRunning(child)) child.kill('SIGINT');
    await exited;
    await forgetOwner(dataDir);
  };
  try {
    await waitUntilReady(child, adminUrl);
  } catch (cause) {
    await stop();
    const said = await lastWords(dataDir, startupLog);
    throw new Error(`Postgres did not start on ${dataDir}. It said:\n${said}`, { cause });
  }
  return { adminUrl, port, exited, stop, [Symbol.asyncDispose]: stop };
}

function serverArguments(dataDir: string, port: number, fsync: boolean): string[] {
  const settings = {
    listen_addresses: '127.0.0.1',
    unix_socket_directories: '',
    max_connections: MAX_CONNECTIONS,
    timezone: 'UTC',
    log_timezone: 'UTC',
    fsync: fsync ? 'on' : 'off',
    synchronous_commit: fsync ? 'on' : 'off',
    full_page_writes: fsync ? 'on' : 'off',
    // A file per weekday, overwritten a week later, so that the log cannot fill the disk.
    logging_collector: 'on',
    log_directory: 'log',
    log_filename: 'postgres-%a.log',
    log_truncate_on_rotation: 'on',
    log_rotation_age: '1d',
    // Statements may hold what members wrote; errors are logged without them.
    log_min_error_statement: 'panic',
  };
  const pairs = Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`]);
  return ['-D', dataDir, '-p', String(port), ...pairs];
}

/** Starts a process that does not get the terminal's Ctrl-C: it stops after its users, not with them. */
async function launch([command = '', ...args]: string[], outputFile: string): Promise<ChildProcess> {
  await mkdir(join(outputFile, '..'), { recursive: true });
  const output = await open(outputFile, 'w', 0o600);
  try {
    const child = spawn(command, args, {
      detached: true,
      stdio: ['ignore', output.fd, output.fd],
      env: SYSTEM_ENVIRONMENT,
    });
    await new Promise((started, failed) => child.once('spawn', started).once('error', failed));
    child.unref();
    return child;
  } finally {
    await output.close();
  }
}

async function waitUntilReady(child: ChildProcess, url: string): Promise<void> {
  for (const end = performance.now() + START_TIMEOUT_MS; ; await sleep(POLL_MS)) {
    if (!isRunning(child)) throw new Error('Postgres ended while it was starting');
    const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: 5000 });
    try {
      await client.connect();
      return;
    } catch (error) {
      if ((error as { code?: string }).code === INVALID_PASSWORD || performance.now() > end) throw error;
    } finally {
      await client.end().catch(() => {});
    }
  }
}

/** @returns the last lines of what the server wrote before its own log began, and then into its newest log file. */
async function lastWords(dataDir: string, startupLog: string): Promise<string> {
  const folder = join(dataDir, 'log');
  const names = await readdir(folder).catch(() => []);
  const files = await Promise.all(
    names.map(async (name) => ({
      path: join(folder, name),
      changedMs: (await stat(join(folder, name))).mtimeMs,
    })),
  );
  const newest = files.sort((a, b) => b.changedMs - a.changedMs)[0]?.path;
  const paths = newest === undefined ? [startupLog] : [startupLog, newest];
  const texts = await Promise.all(paths.map((path) => readFile(path, 'utf8').catch(() => '')));
  return texts.map((text) => text.trim().split('\n').slice(-8).join('\n')).join('\n');
}

function isRunning(child: ChildProcess): boolean {
  return child.exitCode === null && child.signalCode === null;
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((listening, failed) => {
    server.once('error', failed).listen(0, '127.0.0.1', listening);
  });
  const address = server.address();
  await new Promise((closed) => server.close(closed));
  if (address === null || typeof address === 'string') throw new Error('No free port on 127.0.0.1');
  return address.port;
}
