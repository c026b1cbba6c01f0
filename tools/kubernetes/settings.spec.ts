import { beforeAll, describe, expect, it } from '@jest/globals';
import { readKitConfig, readConfig, refuseUnknownSettings, kitSettings } from '@heirloom/service-kit';
import { secretMakers, secretManifests, services } from '@heirloom/setup';
import { containersOf, workloadsOf, type Container } from './pods.ts';
import { overlays, render, type Manifest } from './render.ts';

type Values = Record<string, Record<string, string>>;

/** What `setup kubernetes` makes, and what the page about Kubernetes tells people to make. */
const made = secretManifests(
  Object.fromEntries(Object.entries(secretMakers()).map(([name, make]) => [name, make()])),
);
const secrets: Values = {
  ...Object.fromEntries(made.map(({ metadata, stringData }) => [metadata.name, { ...stringData }])),
  'vault-s3': { HEIRLOOM_S3_CREDENTIALS: s3Keys() },
  'integrity-checker-s3': { HEIRLOOM_INTEGRITY_CHECKER_S3_CREDENTIALS: s3Keys() },
};

function s3Keys(): string {
  const key = { accessKeyId: 'id', secretAccessKey: 'key' };
  return JSON.stringify({ north: key, south: key, cloud: key });
}

/** A container's environment as Kubernetes puts it together: later sources win, single variables last. */
function environmentOf({ env = [], envFrom = [] }: Container, maps: Values): Record<string, string> {
  const named = (values: Values, name: string): Record<string, string> => {
    if (!values[name]) throw new Error(`nobody makes ${name}`);
    return values[name];
  };
  const sources = envFrom.map(({ configMapRef, secretRef }) =>
    configMapRef ? named(maps, configMapRef.name) : named(secrets, secretRef!.name),
  );
  const single = env.map(({ name, value, valueFrom }) => {
    const reference = valueFrom?.secretKeyRef;
    return [name, value ?? named(secrets, reference!.name)[reference!.key]!] as const;
  });
  return Object.assign({}, ...sources, Object.fromEntries(single)) as Record<string, string>;
}

describe.each(overlays)('the settings in the overlay %s', (overlay) => {
  let manifests: Manifest[];
  let maps: Values;
  beforeAll(() => {
    manifests = render(overlay);
    maps = Object.fromEntries(
      manifests
        .filter(({ kind }) => kind === 'ConfigMap')
        .map(({ metadata, data }) => [metadata.name, data as Record<string, string>]),
    );
  });
  const workload = (kind: string, name: string) =>
    workloadsOf(manifests).find(({ manifest }) => manifest.kind === kind && manifest.metadata.name === name)!;

  it.each(services.map((service) => [service.name, service] as const))(
    'are all that %s needs, and none that it does not know',
    (name, service) => {
      const [container] = workload('Deployment', name).pod.containers;
      const env = environmentOf(container!, maps);
      expect(readKitConfig(env)).toMatchObject({ transport: { kind: 'nats' }, jobs: { kind: 'redis' } });
      expect(() => readConfig(service.config, env)).not.toThrow();
      const known = [kitSettings, service.config].flatMap((shape) => Object.keys(shape.shape));
      expect(() => refuseUnknownSettings(known, env)).not.toThrow();
      const missing = { ...env };
      const [required] = Object.keys(env).filter((setting) => setting.endsWith('_DATABASE_URL'));
      delete missing[required!];
      expect(() => readConfig(service.config, missing)).toThrow(`${required} is not set`);
    },
  );

  it.each(services.map(({ name }) => name))(
    'give the migrations of %s its database and no other secret',
    (name) => {
      const migration = workload('Job', `${name}-migrate`).pod.containers[0]!;
      const waiting = workload('Deployment', name).pod.initContainers![0]!;
      for (const container of [migration, waiting]) {
        const env = environmentOf(container, maps);
        expect(Object.keys(env)).toEqual([expect.stringMatching(/_DATABASE_URL$/)]);
        expect(new URL(Object.values(env)[0]!).hostname).toBe('postgres-rw');
      }
    },
  );

  it('share no password: each service has a role in Postgres and a user at NATS of its own', () => {
    const values = services.map(({ name }) =>
      environmentOf(workload('Deployment', name).pod.containers[0]!, maps),
    );
    const passwords = values.flatMap((env) => [
      env['HEIRLOOM_NATS_PASSWORD'],
      ...Object.entries(env)
        .filter(([key]) => key.endsWith('_DATABASE_URL'))
        .map(([, url]) => new URL(url).password),
    ]);
    expect(new Set(passwords).size).toBe(2 * services.length);
    const users = secrets['nats-users']!['users.conf']!;
    for (const env of values) expect(users).toContain(JSON.stringify(env['HEIRLOOM_NATS_PASSWORD']));
  });

  it('name the roles and passwords that Postgres is told to make', () => {
    const cluster = manifests.find(({ kind }) => kind === 'Cluster')!.spec as {
      managed: { roles: { name: string; passwordSecret: { name: string } }[] };
    };
    const database = manifests.find(({ kind }) => kind === 'Database')!.spec as {
      schemas: { name: string; owner: string }[];
    };
    for (const { name, schema } of services) {
      const role = cluster.managed.roles.find((candidate) => candidate.name === schema)!;
      const secret = secrets[role.passwordSecret.name]!;
      const url = new URL(Object.values(secrets[`${name}-migrate`]!)[0]!);
      expect([url.username, url.password]).toEqual([secret['username'], secret['password']]);
      expect(database.schemas).toContainEqual({ name: schema, owner: schema });
    }
    const wanted = workloadsOf(manifests).flatMap(({ pod }) => containersOf(pod));
    expect(() => wanted.map((container) => environmentOf(container, maps))).not.toThrow();
  });
});
