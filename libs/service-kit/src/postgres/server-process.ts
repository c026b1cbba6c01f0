import { spawn } from 'node:child_process';
import { open, readdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { SYSTEM_ENVIRONMENT } from './system-environment.ts';

/** A running `postgres`. */
export type ServerProcess = {
  isRunning: () => boolean;
  /** Settles when the process has ended. */
  exited: Promise<void>;
  /** Asks for a clean stop that ends all connections, and waits for it. May be called twice. */
  stop: () => Promise<void>;
};

/** A file per weekday, overwritten a week later, so that the log cannot fill the disk. */
const LOG_SETTINGS = {
  logging_collector: 'on',
  log_directory: 'log',
  log_filename: 'postgres-%a.log',
  log_truncate_on_rotation: 'on',
  log_rotation_age: '1d',
  // Statements may hold what members wrote; errors are logged without them.
  log_min_error_statement: 'panic',
};

/**
 * Starts `postgres` on a data folder. It does not get the terminal's Ctrl-C: it stops after its users, not with them.
 *
 * @param command the program, with what goes before it
 * @param settings of postgresql.conf
 */
export async function launchServer(
  command: string[],
  dataDir: string,
  settings: Record<string, string | number>,
): Promise<ServerProcess> {
  const pairs = Object.entries({ ...LOG_SETTINGS, ...settings });
  const [program = '', ...prefix] = command;
  const args = [...prefix, '-D', dataDir, ...pairs.flatMap(([name, value]) => ['-c', `${name}=${value}`])];
  const output = await open(startupLog(dataDir), 'w', 0o600);
  try {
    const stdio = ['ignore', output.fd, output.fd] as const;
    const child = spawn(program, args, { detached: true, stdio: [...stdio], env: SYSTEM_ENVIRONMENT });
    // Listen at once: a server that cannot start is gone before the next step here.
    const exited = new Promise<void>((settle) => child.once('exit', () => settle()));
    await new Promise((started, failed) => child.once('spawn', started).once('error', failed));
    child.unref();
    const isRunning = () => child.exitCode === null && child.signalCode === null;
    const stop = () => {
      child.ref(); // or a caller with nothing else to do would end before the server does
      if (isRunning()) child.kill('SIGINT');
      return exited;
    };
    return { isRunning, exited, stop };
  } finally {
    await output.close();
  }
}

/** @returns the last lines of what the server wrote before its own log began, and then into its newest log file. */
export async function lastWords(dataDir: string): Promise<string> {
  const folder = join(dataDir, 'log');
  const names = await readdir(folder).catch(() => []);
  const files = await Promise.all(
    names.map(async (name) => {
      const path = join(folder, name);
      return { path, changedMs: (await stat(path)).mtimeMs };
    }),
  );
  const newest = files.sort((a, b) => b.changedMs - a.changedMs)[0]?.path;
  const paths = newest === undefined ? [startupLog(dataDir)] : [startupLog(dataDir), newest];
  const texts = await Promise.all(paths.map((path) => readFile(path, 'utf8').catch(() => '')));
  return texts.map((text) => text.trim().split('\n').slice(-8).join('\n')).join('\n');
}

function startupLog(dataDir: string): string {
  return join(dataDir, 'startup.log');
}
