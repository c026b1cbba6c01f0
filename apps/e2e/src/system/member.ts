import path from 'node:path';
import type { ServiceName } from '@heirloom/contracts';
import { Child, ready, repository } from './processes.ts';

/** One of the processes that run a service, always on the same port. */
export class Member {
  #child: Child | undefined;
  #isMigrated = false;

  constructor(
    readonly service: ServiceName,
    readonly port: number,
    private readonly env: () => Record<string, string>,
    private readonly logFile: string,
  ) {}

  get running(): boolean {
    return this.#child?.running ?? false;
  }

  get child(): Child | undefined {
    return this.#child;
  }

  /** Starts it where it is not running, and waits until it can serve. The database is brought up to date before the first start. */
  async start(): Promise<void> {
    if (this.running) return;
    const main = path.join(repository, 'apps', this.service, 'dist/main.js');
    const env = { ...this.env(), HEIRLOOM_PORT: String(this.port) };
    const options = { env, logFile: this.logFile };
    if (!this.#isMigrated) await this.#migrate(main, options);
    this.#child = new Child(this.service, process.execPath, [main], options);
    await ready(this.service, `http://127.0.0.1:${this.port}`, this.#child, this.logFile);
  }

  async #migrate(main: string, options: { env: Record<string, string>; logFile: string }): Promise<void> {
    const code = await new Child('migrate', process.execPath, [main, 'migrate'], options).exited;
    if (code !== 0) throw new Error(`migrate of ${this.service} ended with ${code}; see ${this.logFile}`);
    this.#isMigrated = true;
  }

  /** Asks it to end in good order. Answers its exit code, null when it had to be killed. */
  async stop(): Promise<number | null> {
    return (await this.#child?.stop('SIGTERM', 40_000)) ?? null;
  }

  async crash(): Promise<void> {
    await this.#child?.crash();
  }
}
