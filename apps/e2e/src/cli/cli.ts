import { spawn } from 'node:child_process';
import { mkdir } from 'node:fs/promises';
import path from 'node:path';
import { newAuthenticator } from '@heirloom/client';
import { repository } from '../system/processes.ts';

export interface CliResult {
  code: number | null;
  signal: NodeJS.Signals | null;
  /** The one JSON document that `--json` prints, or undefined when nothing was printed. */
  json: unknown;
  stdout: string;
  stderr: string;
}

export interface RunningCli {
  result: Promise<CliResult>;
  /** Hears each line that it says while it works. */
  onLine(listen: (line: string) => void): void;
  crash(): void;
  interrupt(): void;
  pid: number | undefined;
}

/** One person's device: a profile folder and a password, driven through the real program. */
export class CliDevice {
  /** The secret of the authenticator that its person would have as staff. */
  readonly authenticator = newAuthenticator('').text;

  constructor(
    readonly home: string,
    readonly server: string,
    readonly password: string,
  ) {}

  start(...args: string[]): RunningCli {
    const child = spawn(
      process.execPath,
      [
        '--disable-warning=ExperimentalWarning',
        path.join(repository, 'apps/cli/dist/main.js'),
        ...args,
        '--json',
      ],
      {
        cwd: repository,
        env: {
          PATH: process.env['PATH'] ?? '',
          HOME: this.home,
          HEIRLOOM_HOME: this.home,
          HEIRLOOM_PASSWORD: this.password,
          HEIRLOOM_AUTHENTICATOR: this.authenticator,
        },
        stdio: ['ignore', 'pipe', 'pipe'],
      },
    );
    let stdout = '';
    let stderr = '';
    const listeners: ((line: string) => void)[] = [];
    child.stdout.setEncoding('utf8').on('data', (text: string) => (stdout += text));
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      stderr += text;
      for (const line of text.split('\n')) for (const listen of listeners) listen(line);
    });
    const result = new Promise<CliResult>((resolve, reject) => {
      child.once('error', reject);
      child.once('close', (code, signal) => resolve({ code, signal, json: parse(stdout), stdout, stderr }));
    });
    return {
      result,
      pid: child.pid,
      onLine: (listen) => void listeners.push(listen),
      crash: () => void child.kill('SIGKILL'),
      interrupt: () => void child.kill('SIGINT'),
    };
  }

  /** Runs a command to its end. */
  run(...args: string[]): Promise<CliResult> {
    return this.start(...args).result;
  }

  /** Runs a command that must succeed, and answers its JSON. */
  async ok<T = Record<string, unknown>>(...args: string[]): Promise<T> {
    const result = await this.run(...args);
    if (result.code !== 0) {
      throw new Error(
        `heirloom ${args.join(' ')} ended with ${result.code ?? result.signal}\n${result.stderr}\n${result.stdout}`,
      );
    }
    return result.json as T;
  }

  async signUp(name: string, email: string): Promise<void> {
    await mkdir(path.dirname(this.home), { recursive: true });
    await this.ok('signup', '--server', this.server, '--name', name, '--email', email);
  }

  async logIn(email: string, device: string): Promise<void> {
    await mkdir(path.dirname(this.home), { recursive: true });
    await this.ok('login', '--server', this.server, '--email', email, '--device', device);
  }
}

function parse(text: string): unknown {
  if (text.trim() === '') return undefined;
  return JSON.parse(text) as unknown;
}
