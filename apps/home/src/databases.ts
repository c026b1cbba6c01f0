import { randomBytes } from 'node:crypto';
import type { ServiceDefinition } from '@heirloom/service-kit';
import { provisionDatabase } from '@heirloom/service-kit/postgres';
import { keepSecret } from './secrets.ts';

const makePassword = () => randomBytes(24).toString('base64url');
/** The setting that names a service's database. */
export const databaseSettingOf = (service: ServiceDefinition) =>
  `HEIRLOOM_${service.name.replaceAll('-', '_').toUpperCase()}_DATABASE_URL`;

/**
 * One database for the services, each with a role and a schema of its own, and one for background jobs.
 * Answers the settings that name them.
 */
export async function prepareDatabases(
  adminUrl: string,
  secretsFolder: string,
  services: readonly ServiceDefinition[],
): Promise<Record<string, string>> {
  const roleOf = async (role: string, schema: string | null) => ({
    role,
    schema,
    password: await keepSecret(secretsFolder, `postgres-${role}`, makePassword),
  });
  const roles = await Promise.all(services.map((service) => roleOf(service.schema, service.schema)));
  const urls = await provisionDatabase(adminUrl, 'heirloom', roles);
  const [jobsUrl = ''] = await provisionDatabase(adminUrl, 'heirloom_jobs', [await roleOf('jobs', null)]);
  return {
    ...Object.fromEntries(services.map((service, index) => [databaseSettingOf(service), urls[index] ?? ''])),
    HEIRLOOM_JOBS: 'postgres',
    HEIRLOOM_JOBS_DATABASE_URL: jobsUrl,
  };
}
