import { authService } from '@heirloom/auth';
import { serviceNames, type ServiceName } from '@heirloom/contracts';
import { integrityCheckerService } from '@heirloom/integrity-checker';
import type { ServiceDefinition } from '@heirloom/service-kit';
import { sharingPolicyService } from '@heirloom/sharing-policy';
import { vaultService } from '@heirloom/vault';
import { randomBytes } from 'node:crypto';
import { natsPasswordOf, natsUserOf } from '../nats/nats-users.ts';

/** All services that an installation runs, in the order of their names in contracts. */
export const services: readonly ServiceDefinition[] = [
  authService,
  vaultService,
  sharingPolicyService,
  integrityCheckerService,
];

/** Values by name. The names are those of the files that {@link keepSecrets} writes. */
export type Secrets = Readonly<Record<string, string>>;

const randomText = () => randomBytes(32).toString('base64url');

/** One secret of a service, as a file is called: `auth` and `HEIRLOOM_AUTH_TOKEN_KEY` give `auth-token-key`. */
export const fileNameOf = (setting: string): string =>
  setting
    .replace(/^HEIRLOOM_/, '')
    .toLowerCase()
    .replaceAll('_', '-');

/** What a secret was before, while both are valid. */
export const beforeOf = (name: string): string => `${name}-before`;
/** What a secret will be, once every process takes it. */
export const nextOf = (name: string): string => `${name}-next`;

export const databasePasswordOf = (service: ServiceName): string => `${service}-database-password`;

/** How each secret of an installation is made. Whatever else an installation needs is worked out of these. */
export function secretMakers(): Record<string, () => string> {
  const own = services.flatMap((service) => Object.entries(service.secrets ?? {}));
  const perService = serviceNames.flatMap((name) => [databasePasswordOf(name), natsPasswordOf(name)]);
  return {
    'postgres-password': randomText,
    'backup-database-password': randomText,
    'redis-password': randomText,
    'service-secret': randomText,
    'garage-rpc-secret': () => randomBytes(32).toString('hex'),
    ...Object.fromEntries(perService.map((name) => [name, randomText])),
    ...Object.fromEntries(serviceNames.map((name) => [natsUserOf(name), () => name])),
    ...Object.fromEntries(own.map(([setting, make]) => [fileNameOf(setting), make])),
  };
}

/** The value of a secret that must be there. */
export function secretOf(secrets: Secrets, name: string): string {
  const value = secrets[name];
  if (value === undefined) throw new Error(`there is no secret ${name}`);
  return value;
}
