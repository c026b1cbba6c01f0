import { serviceNames, type ServiceName } from '@heirloom/contracts';
import { natsConfig } from '../nats/nats-config.ts';
import { fileNameOf, secretOf, type Secrets } from '../secrets/secrets.ts';
import { secretSettingsOf, type Addresses } from '../secrets/settings-of.ts';

/** The names that docker/compose.cluster.yaml gives to its servers. */
const addresses: Addresses = { postgres: 'postgres:5432', database: 'heirloom', redis: 'redis:6379' };

/**
 * The files that the compose stack mounts: the configurations of NATS and Redis, and the settings that hold a secret, as
 * the services read them. They follow from the secrets, so they are written anew each time.
 *
 * @returns text by file name
 */
export function composeFiles(secrets: Secrets): Record<string, string> {
  const superuser = secretOf(secrets, 'postgres-password');
  const settings = serviceNames.flatMap((service) => settingFiles(service, secrets));
  return {
    'nats.conf': natsConfig(secrets, '0.0.0.0:4222'),
    'garage.toml': garageConfig(secretOf(secrets, 'garage-rpc-secret')),
    'redis.conf': redisConfig(secretOf(secrets, 'redis-password')),
    'setup-admin-url': `postgresql://postgres:${superuser}@${addresses.postgres}/postgres`,
    ...Object.fromEntries(settings),
  };
}

/** What wakes jobs may be lost: rows say what is to be done, so nothing is written to a disk. */
const redisConfig = (password: string): string =>
  [
    'port 6379',
    `requirepass ${password}`,
    'save ""',
    'appendonly no',
    'maxmemory-policy noeviction',
    '',
  ].join('\n');

/** One node of Garage, for trying S3 locations on one machine. */
const garageConfig = (rpcSecret: string): string => `metadata_dir = "/var/lib/garage/meta"
data_dir = "/var/lib/garage/data"
replication_factor = 1
rpc_bind_addr = "[::]:3901"
rpc_public_addr = "127.0.0.1:3901"
rpc_secret = "${rpcSecret}"

[s3_api]
s3_region = "garage"
api_bind_addr = "[::]:3900"
`;

/** The login at NATS is not among them: its settings have one name in all services, its files one for each. */
function settingFiles(service: ServiceName, secrets: Secrets): [file: string, value: string][] {
  return Object.entries(secretSettingsOf(service, secrets, addresses))
    .filter(([setting]) => !setting.startsWith('HEIRLOOM_NATS_'))
    .map(([setting, value]) => [fileNameOf(setting), value]);
}
