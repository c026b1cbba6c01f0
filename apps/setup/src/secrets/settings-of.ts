import type { ServiceName } from '@heirloom/contracts';
import { databaseSettingOf, kitSettings } from '@heirloom/service-kit';
import { natsPasswordOf, natsUserOf } from '../nats/nats-users.ts';
import {
  beforeOf,
  databasePasswordOf,
  fileNameOf,
  nextOf,
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

const serviceSecret = 'HEIRLOOM_SERVICE_SECRET';

/** Whether a secret setting has one beside it that is accepted too. */
export const hasPrevious = (setting: string): boolean =>
  [kitSettings, ...services.map(({ config }) => config)].some(({ shape }) => `${setting}_PREVIOUS` in shape);

/**
 * The secret settings of one service, and of no other, by their names in the environment. Those of values that stay valid
 * beside a secret are empty when there is none, which counts as not set.
 */
export function secretSettingsOf(
  service: ServiceName,
  secrets: Secrets,
  addresses: Addresses,
): Record<string, string> {
  const definition = definitionOf(service);
  const own = Object.keys(definition.secrets ?? {});
  const previous = [...own, serviceSecret].filter(hasPrevious).map((setting) => {
    const name = fileNameOf(setting);
    return [`${setting}_PREVIOUS`, secrets[nextOf(name)] ?? secrets[beforeOf(name)] ?? ''] as const;
  });
  return {
    [databaseSettingOf(service)]: databaseUrlOf(service, secrets, addresses),
    HEIRLOOM_NATS_USER: secretOf(secrets, natsUserOf(service)),
    HEIRLOOM_NATS_PASSWORD: secretOf(secrets, natsPasswordOf(service)),
    HEIRLOOM_REDIS_URL: `redis://:${secretOf(secrets, 'redis-password')}@${addresses.redis}`,
    [serviceSecret]: secretOf(secrets, fileNameOf(serviceSecret)),
    ...Object.fromEntries(own.map((setting) => [setting, secretOf(secrets, fileNameOf(setting))])),
    ...Object.fromEntries(previous),
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
