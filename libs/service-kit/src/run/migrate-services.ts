import { fileURLToPath } from 'node:url';
import { z } from 'zod';
import { readJobsConfig } from '../config/kit-config.ts';
import { readConfig, type Environment } from '../config/read-config.ts';
import { databaseUrlSetting } from '../config/settings.ts';
import { migrateJobStore } from '../jobs/migrate-job-store.ts';
import { migrate } from '../postgres/migrate.ts';
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
  for (const { name, schema, migrations } of services) {
    const setting = databaseSettingOf(name);
    const purpose = `the Postgres database of the service ${name}`;
    const config = readConfig(z.object({ [setting]: databaseUrlSetting.describe(purpose) }), env);
    const names = await migrate({ url: config[setting]!, schema, directory: fileURLToPath(migrations) });
    applied.push(...names.map((migration) => `${name}/${migration}`));
  }
  const jobs = readJobsConfig(env);
  if (jobs?.kind === 'postgres') await migrateJobStore(jobs.url);
  return applied;
}
