import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { z } from 'zod';
import { readJobsConfig } from '../config/kit-config.ts';
import { readConfig, type Environment } from '../config/read-config.ts';
import { databaseUrlSetting } from '../config/settings.ts';
import { migrateJobStore } from '../jobs/migrate-job-store.ts';
import { migrate, MigrationError, pendingMigrations, type MigrateOptions } from '../postgres/migrate.ts';
import { databaseSettingOf, type ServiceDefinition } from './define-service.ts';

/**
 * Brings the schemas of the services, and the job store where it is in Postgres, up to date. Safe to run twice and from
 * several processes at once.
 *
 * @returns the migrations that were applied now, as `<service>/<name>`
 * @throws ConfigError; MigrationError
 */
export async function migrateServices(
  services: readonly ServiceDefinition[],
  env: Environment,
): Promise<string[]> {
  const applied: string[] = [];
  for (const service of services) {
    const names = await migrate(migrationsOf(service, env));
    applied.push(...names.map((migration) => `${service.name}/${migration}`));
  }
  const jobs = readJobsConfig(env);
  if (jobs?.kind === 'postgres') await migrateJobStore(jobs.url);
  return applied;
}

/**
 * Waits until somebody else has brought the schemas up to date: in a cluster one job migrates, and the new version's
 * processes begin after it. A database that cannot be reached yet is waited for too.
 *
 * @param patienceMs how long to wait, and `pollMs` between two looks
 * @throws ConfigError; MigrationError at once when an applied migration's text differs, or when the time is over
 */
export async function awaitMigrations(
  services: readonly ServiceDefinition[],
  env: Environment,
  { patienceMs = 600_000, pollMs = 1_000 } = {},
): Promise<void> {
  const end = performance.now() + patienceMs;
  for (const service of services) {
    const options = migrationsOf(service, env);
    for (;;) {
      const pending = await pendingMigrations(options).catch((error: unknown) => {
        if (error instanceof MigrationError || performance.now() > end) throw error;
        return undefined;
      });
      if (pending?.length === 0) break;
      if (performance.now() > end) {
        throw new MigrationError(`${service.name} still lacks ${pending?.join(', ') ?? 'its database'}.`);
      }
      await sleep(pollMs);
    }
  }
}

/** Where a service's migrations lie and go. @throws ConfigError */
export function migrationsOf(
  { name, schema, migrations }: ServiceDefinition,
  env: Environment,
): MigrateOptions {
  const setting = databaseSettingOf(name);
  const purpose = `the Postgres database of the service ${name}`;
  const config = readConfig(z.object({ [setting]: databaseUrlSetting.describe(purpose) }), env);
  return { url: config[setting]!, schema, directory: fileURLToPath(migrations) };
}
