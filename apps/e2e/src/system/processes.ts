import { type ChildProcess, spawn } from 'node:child_process';
import { createWriteStream } from 'node:fs';
import { once } from 'node:events';
import http from 'node:http';
import https from 'node:https';
import { setTimeout as sleep } from 'node:timers/promises';

export const repository = new URL('../../../../', import.meta.url).pathname;

/** A child of a test: its output goes to a file, and nothing of it outlives the test. */
export class Child implements AsyncDisposable {
  readonly process: ChildProcess;
  readonly exited: Promise<number | null>;

  constructor(
    readonly name: string,
    command: string,
    args: readonly string[],
    options: { env?: Record<string, string>; logFile: string; cwd?: string },
  ) {
    const log = createWriteStream(options.logFile, { flags: 'a' });
    this.process = spawn(command, args, {
      cwd: options.cwd ?? repository,
      env: { PATH: process.env['PATH'] ?? '', HOME: process.env['HOME'] ?? '/tmp', ...options.env },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    this.process.stdout?.pipe(log, { end: false });
    this.process.stderr?.pipe(log, { end: false });
    this.exited = new Promise((resolve) => {
      this.process.once('exit', (code) => resolve(code)).once('error', () => resolve(null));
    });
  }

  get running(): boolean {
    return this.process.exitCode === null && this.process.signalCode === null;
  }

  /** kill -9: no chance to tidy up. */
  async crash(): Promise<void> {
    if (this.running) this.process.kill('SIGKILL');
    await this.exited;
  }

  /** Asks to stop, and insists after a while. Answers the exit code, null when it had to be killed. */
  async stop(signal: NodeJS.Signals = 'SIGTERM', patienceMs = 20_000): Promise<number | null> {
    if (this.running) this.process.kill(signal);
    const timer = setTimeout(() => this.process.kill('SIGKILL'), patienceMs);
    const code = await this.exited;
    clearTimeout(timer);
    return code;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.stop();
  }
}

/** Waits until the check holds; throws with `what` when it does not within the time. */
export async function eventually(
  what: string,
  check: () => Promise<boolean>,
  patienceMs = 30_000,
): Promise<void> {
  const end = Date.now() + patienceMs;
  let last: unknown;
  while (Date.now() < end) {
    try {
      if (await check()) return;
    } catch (error) {
      last = error;
    }
    await sleep(50);
  }
  throw new Error(`${what} did not happen within ${patienceMs / 1000} s`, { cause: last });
}

/** Waits until the server says that it is ready to serve. Throws at once when its process has ended. */
export async function ready(name: string, address: string, child: Child, logFile: string): Promise<void> {
  const url = `${address}/health/ready`;
  const what = `${name} being ready (its log: ${logFile})`;
  const answered = eventually(what, async () => !child.running || (await isOk(url)), 60_000);
  await answered;
  if (!child.running) throw new Error(`${name} has ended; its log: ${logFile}`);
}

/** Whoever's certificate it shows: a system under test makes its own. */
async function isOk(url: string): Promise<boolean> {
  const options = { rejectUnauthorized: false, timeout: 5_000, agent: false };
  const request = url.startsWith('https:') ? https.get(url, options) : http.get(url, options);
  const [response] = (await once(request, 'response')) as [http.IncomingMessage];
  response.resume();
  return response.statusCode === 200;
}
