import { serviceNames, type ServiceName } from '@heirloom/contracts';
import { databaseSettingOf } from '@heirloom/service-kit';
import { natsConfig } from '../nats/nats-config.ts';
import { databasePasswordOf, secretOf, type Secrets } from '../secrets/secrets.ts';
import { roleOf, secretSettingsOf, type Addresses } from '../secrets/settings-of.ts';

/** A Secret as the API server takes it; only the fields that are used here. */
export interface SecretManifest {
  readonly apiVersion: 'v1';
  readonly kind: 'Secret';
  readonly metadata: { readonly name: string; readonly labels: Record<string, string> };
  readonly type: 'Opaque' | 'kubernetes.io/basic-auth';
  readonly stringData: Readonly<Record<string, string>>;
}

/** The names that k8s/ gives to the servers: CloudNativePG's cluster `postgres`, Valkey's and NATS' charts. */
const addresses: Addresses = {
  postgres: 'postgres-rw:5432',
  database: 'heirloom',
  // CloudNativePG signs its servers' certificates itself; the pods mount its authority's.
  databaseOptions: '?sslmode=verify-full&sslrootcert=/etc/heirloom/postgres/ca.crt',
  redis: 'valkey:6379',
};

/**
 * The Secrets that k8s/ asks for. Each service has one of its own with all its secret settings, its migration one with
 * the connection alone; CloudNativePG gets each role's password, NATS its users, Valkey its password.
 */
export function secretManifests(secrets: Secrets): SecretManifest[] {
  return [
    ...serviceNames.flatMap((service) => serviceSecrets(service, secrets)),
    role('postgres-backup', 'backup', secretOf(secrets, 'backup-database-password')),
    // Included by the server's configuration, which says itself where it listens.
    secret('nats-users', { 'users.conf': withoutListener(natsConfig(secrets, '0.0.0.0:4222')) }),
    secret('valkey-users', { default: secretOf(secrets, 'redis-password') }),
  ];
}

function serviceSecrets(service: ServiceName, secrets: Secrets): SecretManifest[] {
  const settings = secretSettingsOf(service, secrets, addresses);
  const connection = databaseSettingOf(service);
  return [
    secret(service, withoutEmpty(settings)),
    secret(`${service}-migrate`, { [connection]: settings[connection]! }),
    role(`postgres-${service}`, roleOf(service), secretOf(secrets, databasePasswordOf(service))),
  ];
}

const role = (name: string, username: string, password: string): SecretManifest =>
  secret(name, { username, password }, 'kubernetes.io/basic-auth');

const secret = (
  name: string,
  stringData: Record<string, string>,
  type: SecretManifest['type'] = 'Opaque',
): SecretManifest => ({
  apiVersion: 'v1',
  kind: 'Secret',
  metadata: { name, labels: { 'app.kubernetes.io/part-of': 'heirloom' } },
  type,
  stringData,
});

const withoutEmpty = (settings: Record<string, string>): Record<string, string> =>
  Object.fromEntries(Object.entries(settings).filter(([, value]) => value !== ''));

const withoutListener = (config: string): string => config.replace(/^(listen|max_payload):.*\n/gm, '');
