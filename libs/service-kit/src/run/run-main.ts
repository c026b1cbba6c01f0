import type { Environment } from '../config/read-config.ts';
import type { ServiceDefinition } from './define-service.ts';
import { migrateServices } from './migrate-services.ts';
import { run, type RunOptions } from './run.ts';

/** After everything is closed nothing should keep the process alive; what does all the same gets this long. */
const lingerMs = 2_000;

export interface MainOptions extends RunOptions {
  env: Environment;
  /** `process.argv`: the arguments begin with the third. */
  argv: readonly string[];
}

/**
 * The body of a service's `main.ts`: `migrate` brings the database up to date and ends; without an argument the
 * services run until SIGTERM or SIGINT. What a person should read goes to stderr, and the process ends with 1 when it
 * could not start.
 */
export async function runMain(services: readonly ServiceDefinition[], options: MainOptions): Promise<void> {
  const { env, argv, ...runOptions } = options;
  const words = argv.slice(2);
  const names = services.map(({ name }) => name).join(', ');
  try {
    if (words[0] === 'migrate' && words.length === 1) {
      const applied = await migrateServices(services, env);
      console.error(
        applied.length === 0
          ? `${names}: the database is up to date.`
          : `${names}: applied ${applied.join(', ')}.`,
      );
      return;
    }
    if (words.length > 0) throw new Error(`${names} knows no argument but "migrate".`);
    const running = await run(services, env, runOptions);
    console.error(`${names}: listening on ${running.url}`);
    closeOnSignal(() => running.close());
  } catch (error) {
    console.error(error instanceof Error ? error.message : error);
    process.exitCode = 1;
  }
}

function closeOnSignal(close: () => Promise<void>): void {
  let closing = false;
  const stop = (): void => {
    // Whoever asks twice does not want to wait for what is still being served.
    if (closing) process.exit(1);
    closing = true;
    close()
      .catch((error: unknown) => {
        console.error(error);
        process.exitCode = 1;
      })
      .finally(() => setTimeout(() => process.exit(), lingerMs).unref());
  };
  process.on('SIGTERM', stop);
  process.on('SIGINT', stop);
}
