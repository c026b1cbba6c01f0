import type { ServiceName } from '@heirloom/contracts';
import { databaseSettingOf } from '@heirloom/service-kit';
import {
  databasePasswordOf,
  fileNameOf,
  natsPasswordOf,
  secretOf,
  services,
  type Secrets,
} from './secrets.ts';

/** Where an installation's own servers are reached. */
export interface Addresses {
  /** `host:port` of Postgres. */
  readonly postgres: string;
  /** Name of the database that holds the services' schemas. */
  readonly database: string;
  /** Added to the connections' URLs, for example `?sslmode=require`. */
  readonly databaseOptions?: string;
  /** `host:port` of Redis or Valkey. */
  readonly redis: string;
}

/** The secret settings of one service, and of no other, by their names in the environment. */
export function secretSettingsOf(
  service: ServiceName,
  secrets: Secrets,
  addresses: Addresses,
): Record<string, string> {
  const definition = definitionOf(service);
  const own = Object.keys(definition.secrets ?? {});
  return {
    [databaseSettingOf(service)]: databaseUrlOf(service, secrets, addresses),
    HEIRLOOM_NATS_PASSWORD: secretOf(secrets, natsPasswordOf(service)),
    HEIRLOOM_REDIS_URL: `redis://:${secretOf(secrets, 'redis-password')}@${addresses.redis}`,
    HEIRLOOM_SERVICE_SECRET: secretOf(secrets, 'service-secret'),
    ...Object.fromEntries(own.map((setting) => [setting, secretOf(secrets, fileNameOf(setting))])),
  };
}

/** The role of a service in Postgres has the name of its schema. */
export const roleOf = (service: ServiceName): string => definitionOf(service).schema;

function databaseUrlOf(service: ServiceName, secrets: Secrets, addresses: Addresses): string {
  const { postgres, database, databaseOptions = '' } = addresses;
  const password = secretOf(secrets, databasePasswordOf(service));
  return `postgresql://${roleOf(service)}:${password}@${postgres}/${database}${databaseOptions}`;
}

function definitionOf(service: ServiceName) {
  const definition = services.find(({ name }) => name === service);
  if (!definition) throw new Error(`there is no service ${service}`);
  return definition;
}
