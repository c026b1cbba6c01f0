import type { Environment } from '../config/read-config.ts';
import type { ServiceDefinition } from './define-service.ts';
import { awaitMigrations, migrateServices } from './migrate-services.ts';
import { checkSettings } from '../config/check-settings.ts';
import { readAllSettings, run, type RunOptions } from './run.ts';

export interface MainOptions extends RunOptions {
  /** What the process calls itself, where its services' names do not say it. */
  name?: string;
  env: Environment;
  /** `process.argv`: the arguments begin with the third. */
  argv: readonly string[];
}

/**
 * The body of a service's `main.ts`: `migrate` brings the database up to date and ends; `await-migrations` ends when
 * somebody else has done so; `check FILE` says what is wrong with settings; without an argument the services run until
 * SIGTERM or SIGINT. What a person should read goes to stderr, and the process ends with 1 when it could not start.
 */
export async function runMain(services: readonly ServiceDefinition[], options: MainOptions): Promise<void> {
  const { env, argv, name, ...runOptions } = options;
  const words = argv.slice(2);
  const names = name ?? services.map((service) => service.name).join(', ');
  try {
    if (words[0] === 'migrate' && words.length === 1) {
      const applied = await migrateServices(services, env);
      say(
        applied.length === 0
          ? `${names}: the database is up to date.`
          : `${names}: applied ${applied.join(', ')}.`,
      );
      return;
    }
    if (words[0] === 'await-migrations' && words.length === 1) {
      await awaitMigrations(services, env);
      say(`${names}: the database is up to date.`);
      return;
    }
    if (words[0] === 'check' && words[1] !== undefined && words.length === 2) {
      const { isClear, lines } = await checkSettings(words[1], (own) => readAllSettings(services, own));
      process.stdout.write(`${lines.join('\n')}\n`);
      if (!isClear) process.exitCode = 1;
      return;
    }
    if (words.length > 0) {
      throw new Error(`${names} knows no argument but "migrate", "await-migrations" and "check FILE".`);
    }
    const running = await run(services, env, runOptions);
    say(`${names}: listening on ${running.url}`);
    closeOnSignal(() => running.close());
  } catch (error) {
    say(error instanceof Error ? error.message : String(error));
    process.exitCode = 1;
  }
}

/** The first signal lets what is being served finish; whoever sends a second one does not want to wait for it. */
function closeOnSignal(close: () => Promise<void>): void {
  const signals = ['SIGTERM', 'SIGINT'] as const;
  const stop = (): void => {
    for (const signal of signals) process.off(signal, stop);
    close().catch((error: unknown) => {
      say(error instanceof Error ? (error.stack ?? error.message) : String(error));
      process.exitCode = 1;
    });
  };
  for (const signal of signals) process.on(signal, stop);
}

const say = (line: string): void => void process.stderr.write(`${line}\n`);
