import { databaseSettingOf, readConfig, urlSetting, type Environment } from '@heirloom/service-kit';
import { provisionDatabase } from '@heirloom/service-kit/postgres';
import { z } from 'zod';
import { services } from '../secrets/secrets.ts';

const postgresUrl = urlSetting('postgres', 'postgresql');

/**
 * Makes the services' roles, schemas and database as their own connection settings name them, or brings existing ones in
 * line, passwords included. Safe to run twice.
 *
 * @param env `HEIRLOOM_SETUP_ADMIN_URL`, a superuser's connection, and each service's `…_DATABASE_URL`; or `…_FILE`
 * @returns a sentence that says what is there now
 * @throws ConfigError
 */
export async function provisionDatabases(env: Environment): Promise<string> {
  const settings = services.map(({ name }) => databaseSettingOf(name));
  const shape = z.object({
    HEIRLOOM_SETUP_ADMIN_URL: postgresUrl.describe('a connection to Postgres as a superuser'),
    ...Object.fromEntries(settings.map((name) => [name, postgresUrl.describe("the service's connection")])),
  });
  const config = readConfig(shape, env) as Record<string, string>;
  const database = databaseOf(settings.map((name) => config[name]!));
  const roles = services.map(({ schema, name }) => {
    const url = new URL(config[databaseSettingOf(name)]!);
    return { role: decodeURIComponent(url.username), password: decodeURIComponent(url.password), schema };
  });
  await provisionDatabase(config['HEIRLOOM_SETUP_ADMIN_URL']!, database, roles);
  return `The database ${database} has the roles and schemas of ${services.map(({ name }) => name).join(', ')}.`;
}

function databaseOf(urls: readonly string[]): string {
  const names = [...new Set(urls.map((url) => decodeURIComponent(new URL(url).pathname.slice(1))))];
  if (names.length === 1 && names[0]) return names[0];
  throw new Error('The connections of the services must name one and the same database.');
}
