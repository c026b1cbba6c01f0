import { spawn } from 'node:child_process';
import { constants } from 'node:os';
import { delimiter, dirname, join } from 'node:path';

export const root = join(import.meta.dirname, '../..');

/** What `npm run` tells its scripts about itself: another npm, or a server of ours, must not read it. */
const NPM_NOISE =
  /^(npm_(package|lifecycle)_|npm_(command|node_execpath)$|npm_config_(local_prefix|global_prefix|prefix|user_agent|node_gyp|npm_version|init_module)$|INIT_CWD$)/;

/** Where Debian keeps some servers, and an ordinary user's PATH does not look. */
export const SERVER_FOLDERS = ['/usr/local/sbin', '/usr/sbin', '/sbin'];

/** @returns the environment of everything we start: this one, with the chosen Node first in PATH. */
export function baseEnvironment(node) {
  const kept = Object.entries(process.env).filter(([name]) => !NPM_NOISE.test(name));
  const path = [dirname(node), join(root, 'node_modules/.bin'), process.env.PATH, ...SERVER_FOLDERS].join(
    delimiter,
  );
  return { ...Object.fromEntries(kept), PATH: path, NX_DAEMON: 'false', NX_TUI: 'false' };
}

const running = new Set();

// What we are told, we tell what we run: npm passes on what it gets. After a Ctrl-C in a terminal, which goes to all of
// us, the program hears it twice.
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) {
  process.on(signal, () => {
    if (running.size === 0) process.exit(128 + constants.signals[signal]);
    for (const child of running) child.kill(signal);
  });
}

/**
 * Runs a program to its end.
 *
 * @param {string} command
 * @param {string[]} args
 * @param {{ env?: NodeJS.ProcessEnv, cwd?: string, quiet?: boolean, discardStdout?: boolean }} options
 *   quiet: nothing is shown, the output is returned. discardStdout: only stderr is shown
 * @returns {Promise<{ code: number, output: string, signal: NodeJS.Signals | null }>}
 */
export function run(command, args, { env, cwd = root, quiet = false, discardStdout = false } = {}) {
  return new Promise((resolve, reject) => {
    const stdio = quiet
      ? ['ignore', 'pipe', 'pipe']
      : ['inherit', discardStdout ? 'ignore' : 'inherit', 'inherit'];
    const child = spawn(command, args, { cwd, env, stdio });
    running.add(child);
    const chunks = [];
    child.stdout?.on('data', (chunk) => chunks.push(chunk));
    child.stderr?.on('data', (chunk) => chunks.push(chunk));
    child.once('error', (error) => {
      running.delete(child);
      reject(error);
    });
    child.once('close', (code, signal) => {
      running.delete(child);
      const exitCode = code ?? 128 + constants.signals[signal];
      resolve({ code: exitCode, output: Buffer.concat(chunks).toString(), signal });
    });
  });
}
