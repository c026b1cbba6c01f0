import { randomBytes } from 'node:crypto';
import { mkdir } from 'node:fs/promises';
import path from 'node:path';
import { serviceNames, type ServiceName } from '@heirloom/contracts';
import { provisionDatabase, startEmbeddedPostgres } from '@heirloom/service-kit/postgres';
import { authService } from '@heirloom/auth';
import { integrityCheckerService } from '@heirloom/integrity-checker';
import { sharingPolicyService } from '@heirloom/sharing-policy';
import { vaultService } from '@heirloom/vault';
import { freePort } from '@heirloom/service-kit/testing';
import { startIngress } from './ingress.ts';
import { Member } from './member.ts';
import { startNats, startRedis, type Nats, type Redis } from './carriers.ts';
import { startNginx, type PassedRequest } from './nginx.ts';
import { Child, ready, repository } from './processes.ts';
import { peakBytesOf, readBytes } from './resident.ts';
import type { System, SystemLocation, SystemOptions } from './system.ts';

const definitions = [authService, vaultService, sharingPolicyService, integrityCheckerService];
const secret = () => randomBytes(32).toString('base64url');

/** What a test that speaks to NATS itself needs. */
export interface ClusterSystem extends System {
  readonly natsUrl: string;
  readonly natsPasswords: Readonly<Record<ServiceName, string>>;
  readonly serviceSecret: string;
  /** The processes of each service. */
  readonly members: Readonly<Record<ServiceName, readonly Member[]>>;
  readonly nats: Nats;
  readonly redis: Redis;
  /** All settings of a service's processes, as their next start has them. */
  settingsOf(service: ServiceName): Readonly<Record<string, string>>;
  /** Changes settings of one service from its processes' next start on; an empty one counts as not set. */
  configure(service: ServiceName, settings: Readonly<Record<string, string>>): void;
  /** What nginx has passed on so far; nothing where it is not the way in. */
  passedRequests(): Promise<PassedRequest[]>;
}

/** The four services as processes of their own, over a real nats-server, Redis and Postgres, behind an ingress. */
export async function bootCluster(folder: string, options: SystemOptions = {}): Promise<ClusterSystem> {
  await using stack = new AsyncDisposableStack();
  const dataFolder = path.join(folder, 'data');
  await mkdir(dataFolder, { recursive: true });
  const postgres = stack.use(
    await startEmbeddedPostgres({
      dataDir: path.join(dataFolder, 'postgres'),
      passwordFile: path.join(folder, 'secrets/postgres-superuser'),
    }),
  );
  const passwords = Object.fromEntries(serviceNames.map((name) => [name, secret()])) as Record<
    ServiceName,
    string
  >;
  const nats = await startNats(stack, folder, passwords);
  const redis = await startRedis(stack, folder);
  const locations = await makeLocations(dataFolder);
  const serviceSecret = secret();
  const shared = {
    HEIRLOOM_TRANSPORT: 'nats',
    HEIRLOOM_NATS_URL: nats.url,
    HEIRLOOM_JOBS: 'redis',
    HEIRLOOM_REDIS_URL: redis.urlWith(redis.password),
    HEIRLOOM_SERVICE_SECRET: serviceSecret,
    ...options.env,
  };
  const databases = await provisionDatabase(
    postgres.adminUrl,
    'heirloom',
    definitions.map(({ schema }) => ({ role: schema, schema, password: secret() })),
  );
  const own = ownSettings(databases, locations);
  let changes: Record<string, string> = {};
  const configured: Record<string, Record<string, string>> = {};
  const settingsOf = (name: ServiceName) => ({
    ...shared,
    ...own[name],
    ...knownTo(name, changes),
    HEIRLOOM_NATS_USER: name,
    HEIRLOOM_NATS_PASSWORD: passwords[name],
    ...configured[name],
  });
  const members = await makeMembers(folder, options.instances ?? 1, settingsOf);
  const all = Object.values(members).flat();
  stack.defer(async () => void (await Promise.all(all.map((member) => member.stop()))));
  const start = async (more: Record<string, string> = {}) => {
    changes = { ...changes, ...more };
    // One of each service first: eight processes that start at once are slow on two cores.
    const rounds = serviceNames.map((name) => members[name]);
    for (let i = 0; i < (options.instances ?? 1); i += 1)
      await Promise.all(rounds.map((round) => round[i]!.start()));
  };
  await start();
  const webPort = await startWebServer(stack, folder);
  const nginx = options.instances
    ? stack.use(await startNginx(folder, upstreams(members, webPort)))
    : undefined;
  const ingress = nginx ?? stack.use(await startIngress((service) => members[service][0]!.port, webPort));
  const first = (service: ServiceName) => members[service][0]?.child;
  const owned = stack.move();
  const databaseUrl = new URL(postgres.adminUrl);
  databaseUrl.pathname = '/heirloom';
  return {
    topology: 'cluster',
    address: `http://localhost:${ingress.port}`,
    locations,
    databaseUrl: async () => databaseUrl.href,
    dataFolder,
    natsUrl: nats.url,
    nats,
    redis,
    settingsOf,
    configure: (service, settings) => {
      configured[service] = { ...configured[service], ...settings };
    },
    natsPasswords: passwords,
    serviceSecret,
    setupToken: async () => own.auth['HEIRLOOM_AUTH_OPERATOR_SETUP_TOKEN'] ?? '',
    tokenKey: async () => own.auth['HEIRLOOM_AUTH_TOKEN_KEY'] ?? '',
    members,
    passedRequests: async () => (await nginx?.requests()) ?? [],
    crash: async (service) => void (await Promise.all(members[service].map((member) => member.crash()))),
    start,
    peakBytes: (service) => peakBytesOf(first(service)),
    readBytes: (service) => readBytes(first(service)),
    [Symbol.asyncDispose]: () => owned.disposeAsync(),
  };
}

/** A service refuses settings that it does not know. */
function knownTo(name: ServiceName, env: Record<string, string>): Record<string, string> {
  const { shape } = definitions.find((definition) => definition.name === name)!.config;
  return Object.fromEntries(Object.entries(env).filter(([setting]) => setting in shape));
}

type Members = Readonly<Record<ServiceName, readonly Member[]>>;

async function makeMembers(
  folder: string,
  instances: number,
  envOf: (name: ServiceName) => Record<string, string>,
): Promise<Members> {
  const entries = serviceNames.map(async (name) => {
    const ports = await Promise.all(Array.from({ length: instances }, freePort));
    const logFile = (index: number) =>
      path.join(folder, index === 0 ? `${name}.log` : `${name}-${index}.log`);
    return [
      name,
      ports.map((port, index) => new Member(name, port, () => envOf(name), logFile(index))),
    ] as const;
  });
  return Object.fromEntries(await Promise.all(entries)) as unknown as Members;
}

const upstreams = (members: Members, webPort: number): Record<string, readonly number[]> => ({
  ...Object.fromEntries(serviceNames.map((name) => [name, members[name].map(({ port }) => port)])),
  web: [webPort],
});

function ownSettings(
  databases: readonly string[],
  locations: readonly SystemLocation[],
): Record<ServiceName, Record<string, string>> {
  const asJson = JSON.stringify(
    locations.map(({ id, path: folder }) => ({ id, region: 'test', driver: 'directory', path: folder })),
  );
  return Object.fromEntries(
    definitions.map((definition, index) => [
      definition.name,
      {
        [`HEIRLOOM_${definition.name.toUpperCase().replaceAll('-', '_')}_DATABASE_URL`]:
          databases[index] ?? '',
        ...Object.fromEntries(Object.entries(definition.secrets ?? {}).map(([name, make]) => [name, make()])),
        ...('HEIRLOOM_LOCATIONS' in definition.config.shape ? { HEIRLOOM_LOCATIONS: asJson } : {}),
        ...('HEIRLOOM_REGISTRATION' in definition.config.shape ? { HEIRLOOM_REGISTRATION: 'open' } : {}),
      },
    ]),
  ) as Record<ServiceName, Record<string, string>>;
}

async function makeLocations(dataFolder: string): Promise<SystemLocation[]> {
  const locations = ['north', 'south', 'west'].map((id) => ({
    id,
    path: path.join(dataFolder, 'locations', id),
  }));
  for (const location of locations) await mkdir(location.path, { recursive: true });
  return locations;
}

/** The server of the web pages: no database, no bus, nothing but files. */
async function startWebServer(stack: AsyncDisposableStack, folder: string): Promise<number> {
  const port = await freePort();
  const main = path.join(repository, 'apps/web-server/dist/main.js');
  const logFile = path.join(folder, 'web-server.log');
  const child = stack.use(
    new Child('web-server', process.execPath, [main], { env: { HEIRLOOM_PORT: String(port) }, logFile }),
  );
  await ready('web-server', `http://127.0.0.1:${port}`, child, logFile);
  return port;
}
