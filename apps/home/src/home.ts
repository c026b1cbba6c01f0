import { mkdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { locationsConfig, locationsOnOneDisk, type LocationConfig } from '@heirloom/blob-store';
import {
  migrateServices,
  readConfig,
  run,
  secureContext,
  serveWeb,
  type Environment,
  type Running,
  type Site,
} from '@heirloom/service-kit';
import { startEmbeddedPostgres } from '@heirloom/service-kit/postgres';
import { prepareDatabases } from './databases.ts';
import { lockDataFolder } from './lock.ts';
import { keepSecret, previousName, previousSecret } from './secrets.ts';
import { secretMakers, services } from './services.ts';
import { keepSetupToken, noteWhetherUsed, type SetupToken } from './setup-token.ts';
import { introduceTls, readTls, requireUsable, serveAuthority, type HomeTls } from './tls/home-tls.ts';
import { defaultLocationIds, homeFolders, homeSettings, type HomeFolders } from './settings.ts';

/** What the builds of the family's pages and of the staff's write, and where they are found. */
const siteOf = (app: string, at: Site['at']): Site => ({
  folder: fileURLToPath(new URL(`../../${app}/dist/site/`, import.meta.url)),
  at,
});
const sites = [siteOf('web', '/'), siteOf('admin-dashboard', '/admin/')];

/** Unlike other secrets it is for people, so it has a place of its own. */
const setupTokenSetting = 'HEIRLOOM_AUTH_OPERATOR_SETUP_TOKEN';

export interface Home extends AsyncDisposable {
  /** What people open, for example http://localhost:8080. */
  address: string;
  port: number;
  folders: HomeFolders;
  /** Settles when the database has ended, asked to or not. */
  databaseEnded: Promise<void>;
  close(): Promise<void>;
}

export interface HomeOptions {
  /** Hears what an operator should read on the screen. */
  say?: (line: string) => void;
}

/**
 * Starts everything in this process: an embedded Postgres, the four services and the web pages, on one data folder.
 * Throws an Error whose message is for people when it cannot.
 */
export async function startHome(env: Environment, { say = () => {} }: HomeOptions = {}): Promise<Home> {
  const { HEIRLOOM_DATA, HEIRLOOM_LOCATIONS, HEIRLOOM_REGISTRATION } = readConfig(homeSettings, env);
  const folders = homeFolders(HEIRLOOM_DATA);
  await using started = new AsyncDisposableStack();
  await mkdir(folders.data, { recursive: true, mode: 0o700 });
  const locations = HEIRLOOM_LOCATIONS ?? (await defaultLocations(folders));
  started.use(await lockDataFolder(folders.lock, folders.data));
  const postgres = started.use(await startPostgres(folders, say));
  const { [setupTokenSetting]: makeSetupToken, ...makers } = secretMakers();
  if (!makeSetupToken) throw new Error('no service makes a setup token');
  const setupToken = await keepSetupToken(folders.data, makeSetupToken);
  if (setupToken.isNew) say(introduce(setupToken));
  const made = {
    ...(HEIRLOOM_LOCATIONS ? {} : { HEIRLOOM_LOCATIONS: JSON.stringify(locations) }),
    ...(await prepareDatabases(postgres.adminUrl, folders.secrets, services)),
    ...(await prepareSecrets(folders.secrets, makers)),
    [setupTokenSetting]: setupToken.token,
  };
  const settings = {
    ...env,
    HEIRLOOM_DATA: undefined,
    HEIRLOOM_REGISTRATION,
    HEIRLOOM_REGISTRATION_FILE: undefined,
    HEIRLOOM_LOCATIONS: JSON.stringify(locations),
    HEIRLOOM_LOCATIONS_FILE: undefined,
    ...made,
    [`${setupTokenSetting}_FILE`]: undefined,
  };
  await warnOfSharedDisks(locations, say);
  await migrateServices(services, settings);
  const version = await readVersion();
  const tls = await readTls(env, folders.secrets);
  if (tls) requireUsable(tls, secureContext);
  const running: Running = await run(services, settings, {
    ...(tls ? { tls: tls.certificate } : {}),
    caller: { settings: homeSettings, env, made: Object.keys(made) },
    pages: async (fastify) => {
      if (tls) serveAuthority(fastify, tls);
      await serveWeb(fastify, { sites, version });
    },
  });
  started.defer(() => running.close());
  if (tls) started.use(renewing(tls, running, () => readTls(env, folders.secrets), say));
  for (const line of tls ? introduceTls(tls, running) : []) say(line);
  if (running.staffUrl) say(`Operators and support open ${running.staffUrl}/admin`);
  const ask = () => noteWhetherUsed(setupToken, running.staffUrl ?? running.url, tls?.certificate.cert);
  await ask();
  started.defer(ask);
  const stack = started.move();
  const close = () => stack.disposeAsync();
  return {
    address: addressOf(env, running),
    port: running.port,
    folders,
    databaseEnded: postgres.exited,
    close,
    [Symbol.asyncDispose]: close,
  };
}

const startPostgres = (folders: HomeFolders, log: (line: string) => void) =>
  startEmbeddedPostgres({
    dataDir: folders.postgres,
    passwordFile: path.join(folders.secrets, 'postgres-superuser'),
    log,
  });

const introduce = ({ token, file }: SetupToken): string =>
  `The setup token of this installation's operator, for one "heirloom admin setup": ${token}\n` +
  `It is also kept in ${file}.`;

const renewEveryMs = 10_000;

/** Shows the new certificate once there is one. */
function renewing(
  { certificate: first }: HomeTls,
  running: Running,
  read: () => Promise<HomeTls | undefined>,
  say: (line: string) => void,
): Disposable {
  let shown = first.cert;
  let problem = '';
  const renew = async () => {
    const now = await read();
    if (!now || now.certificate.cert === shown) return;
    requireUsable(now, secureContext);
    running.renewCertificate(now.certificate);
    [shown, problem] = [now.certificate.cert, ''];
    say('The certificate was renewed.');
  };
  const timer = setInterval(() => {
    renew().catch(({ message }: Error) => {
      // Between the writing of two files they do not fit; what stays wrong is said once.
      if (message !== problem) say(`The certificate could not be renewed: ${message}`);
      problem = message;
    });
  }, renewEveryMs);
  timer.unref();
  return { [Symbol.dispose]: () => clearInterval(timer) };
}

/** `localhost` rather than an IP: browsers treat it as a secure context, and passkeys need a name. */
const addressOf = (env: Environment, { url, port }: Running) =>
  env.HEIRLOOM_PUBLIC_URL ?? `${new URL(url).protocol}//localhost:${port}`;

async function defaultLocations(folders: HomeFolders): Promise<LocationConfig[]> {
  const folderOf = (id: string) => path.join(folders.locations, id);
  for (const id of defaultLocationIds) await mkdir(folderOf(id), { recursive: true, mode: 0o700 });
  return locationsConfig.parse(
    defaultLocationIds.map((id) => ({ id, region: 'home', driver: 'directory', path: folderOf(id) })),
  );
}

/** Copies on one disk die together; the operator should know before the disk does. */
async function warnOfSharedDisks(locations: LocationConfig[], say: (line: string) => void): Promise<void> {
  for (const ids of await locationsOnOneDisk(locations).catch(() => [])) {
    say(`Warning: the locations ${ids.join(', ')} are on one disk. If it dies, their copies die together.`);
  }
}

type Makers = Readonly<Record<string, () => string>>;
async function prepareSecrets(folder: string, makers: Makers): Promise<Record<string, string>> {
  const kept = Object.entries(makers).map(async ([name, make]) => {
    const value = await keepSecret(folder, name, make);
    const previous = await previousSecret(folder, name);
    return { [name]: value, ...(previous ? { [previousName(name)]: previous } : {}) };
  });
  return Object.assign({}, ...(await Promise.all(kept))) as Record<string, string>;
}

async function readVersion(): Promise<string> {
  const manifest = JSON.parse(await readFile(new URL('../package.json', import.meta.url), 'utf8')) as {
    version: string;
  };
  return manifest.version;
}
