import { randomBytes } from 'node:crypto';
import { z } from 'zod';
import { secret } from './describe-settings.ts';
import { ConfigError, readConfig, readEach, type Environment } from './read-config.ts';
import {
  databaseUrlSetting,
  listSetting,
  portSetting,
  secretSetting,
  urlSetting,
  wholeNumberSetting,
} from './settings.ts';

/** The settings that every service shares, by their names in the environment. */
export const kitSettings = z.object({
  HEIRLOOM_LISTEN_HOST: z
    .string()
    .min(1)
    .default('127.0.0.1')
    .describe('the address to listen on, for example 0.0.0.0'),
  HEIRLOOM_PORT: portSetting.default(8080).describe('the port to listen on; 0 takes any free one'),
  HEIRLOOM_PUBLIC_URL: urlSetting('http', 'https')
    .optional()
    .describe('the address by which browsers reach the server, for example https://photos.example.org'),
  HEIRLOOM_TRUSTED_PROXIES: listSetting(z.union([z.ipv4(), z.ipv6(), z.cidrv4(), z.cidrv6()]))
    .default([])
    .describe(
      'the reverse proxies whose X-Forwarded-For is believed: addresses or networks, with commas between them',
    ),
  HEIRLOOM_TRANSPORT: z
    .enum(['in-process', 'nats'])
    .default('in-process')
    .describe('how services talk: in-process (all services in one process) or nats'),
  HEIRLOOM_NATS_URL: urlSetting('nats', 'tls')
    .optional()
    .describe('where NATS listens, for example nats://127.0.0.1:4222'),
  HEIRLOOM_NATS_USER: z
    .string()
    .min(1)
    .optional()
    .describe("the service's user at NATS; the service's name when left out"),
  HEIRLOOM_NATS_PASSWORD: secret(z.string().min(1))
    .optional()
    .describe("the password of the service's user at NATS"),
  HEIRLOOM_JOBS: z
    .enum(['postgres', 'redis'])
    .optional()
    .describe('where background jobs are kept: postgres or redis'),
  HEIRLOOM_REDIS_URL: secret(urlSetting('redis', 'rediss'))
    .optional()
    .describe('where Redis listens, for example redis://127.0.0.1:6379'),
  HEIRLOOM_JOBS_DATABASE_URL: databaseUrlSetting
    .optional()
    .describe('the Postgres database that keeps background jobs'),
  HEIRLOOM_DATABASE_CONNECTIONS: wholeNumberSetting({ min: 1, max: 1000 })
    .default(10)
    .describe('how many connections each service keeps to its database at most'),
  HEIRLOOM_SERVICE_SECRET: secretSetting(32)
    .optional()
    .describe(
      '32 random bytes in base64url, the same for all services; they show each other with it who they are',
    ),
  HEIRLOOM_SERVICE_SECRET_PREVIOUS: secretSetting(32)
    .optional()
    .describe(
      'the service secret before, or the next one, while not all services have the same: it is accepted, not used',
    ),
  HEIRLOOM_METRICS_PORT: portSetting
    .optional()
    .describe(
      'the port that answers /metrics to Prometheus; without it there are no metrics, 0 takes any free one',
    ),
  HEIRLOOM_METRICS_HOST: z
    .string()
    .min(1)
    .default('127.0.0.1')
    .describe('the address of that port, for example 0.0.0.0'),
  HEIRLOOM_STAFF_PORT: portSetting
    .optional()
    .describe(
      'a port of its own for operators and support: their pages and routes are then answered there and nowhere else',
    ),
  HEIRLOOM_STAFF_HOST: z
    .string()
    .min(1)
    .default('127.0.0.1')
    .describe('the address of that port, for example the one of an inner network'),
  HEIRLOOM_TRACES_URL: urlSetting('http', 'https')
    .optional()
    .describe(
      'where an OpenTelemetry collector takes traces by OTLP over HTTP, for example http://127.0.0.1:4318/v1/traces; without it there are none',
    ),
  HEIRLOOM_LOG_LEVEL: z
    .enum(['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent'])
    .default('info')
    .describe('the least serious log line that is still written'),
});

export type TransportConfig =
  | { readonly kind: 'in-process' }
  | {
      readonly kind: 'nats';
      readonly url: string;
      readonly user: string | undefined;
      readonly password: string;
    };
export type JobsConfig =
  { readonly kind: 'postgres'; readonly url: string } | { readonly kind: 'redis'; readonly url: string };

/** Where something listens. */
export interface Address {
  readonly host: string;
  readonly port: number;
}

/** What every service of a process shares. */
export interface KitConfig {
  readonly listenHost: string;
  readonly port: number;
  /** Where Prometheus asks; undefined when nobody may. */
  readonly metrics: Address | undefined;
  /** Where staff are answered, and nowhere else; undefined when they are answered like everybody. */
  readonly staff: Address | undefined;
  readonly tracesUrl: string | undefined;
  readonly publicUrl: string | undefined;
  /** Addresses and networks whose X-Forwarded-For is believed. */
  readonly trustedProxies: readonly string[];
  readonly transport: TransportConfig;
  /** Undefined when no job store is configured; a service that uses jobs then refuses to start. */
  readonly jobs: JobsConfig | undefined;
  /** The most connections that one service keeps to its database. */
  readonly databaseConnections: number;
  readonly serviceSecret: Uint8Array;
  /** Accepted too, while the secret is being changed. */
  readonly previousServiceSecret: Uint8Array | undefined;
  readonly logLevel: string;
}

/** @throws ConfigError */
export function readKitConfig(env: Environment): KitConfig {
  const { values, problems } = readEach(kitSettings, env);
  // What belongs together is checked as far as it can be read, so that all that is wrong is named at once.
  const transport = readTransport(values, problems);
  const jobs = readJobs(values, problems);
  if (transport.kind === 'nats' && !values.HEIRLOOM_SERVICE_SECRET)
    noteMissing('HEIRLOOM_SERVICE_SECRET', problems);
  if (problems.length > 0) throw new ConfigError(problems);
  const settings = readConfig(kitSettings, env);
  return Object.freeze({
    listenHost: settings.HEIRLOOM_LISTEN_HOST,
    port: settings.HEIRLOOM_PORT,
    metrics: addressOf(settings.HEIRLOOM_METRICS_HOST, settings.HEIRLOOM_METRICS_PORT),
    staff: addressOf(settings.HEIRLOOM_STAFF_HOST, settings.HEIRLOOM_STAFF_PORT),
    tracesUrl: settings.HEIRLOOM_TRACES_URL,
    publicUrl: settings.HEIRLOOM_PUBLIC_URL,
    trustedProxies: settings.HEIRLOOM_TRUSTED_PROXIES,
    transport,
    jobs,
    databaseConnections: settings.HEIRLOOM_DATABASE_CONNECTIONS,
    // Within one process nobody else can take part in the conversation, so a secret of the moment does.
    serviceSecret: settings.HEIRLOOM_SERVICE_SECRET ?? new Uint8Array(randomBytes(32)),
    previousServiceSecret: settings.HEIRLOOM_SERVICE_SECRET_PREVIOUS,
    logLevel: settings.HEIRLOOM_LOG_LEVEL,
  });
}

const addressOf = (host: string, port: number | undefined): Address | undefined =>
  port === undefined ? undefined : { host, port };

/**
 * Where background jobs are kept, of the settings alone that say so.
 *
 * @throws ConfigError
 */
export function readJobsConfig(env: Environment): JobsConfig | undefined {
  const names = { HEIRLOOM_JOBS: true, HEIRLOOM_REDIS_URL: true, HEIRLOOM_JOBS_DATABASE_URL: true } as const;
  const problems: string[] = [];
  const jobs = readJobs(readConfig(kitSettings.pick(names), env), problems);
  if (problems.length > 0) throw new ConfigError(problems);
  return jobs;
}

type Settings = z.output<typeof kitSettings>;

function readTransport(settings: Partial<Settings>, problems: string[]): TransportConfig {
  if (settings.HEIRLOOM_TRANSPORT !== 'nats') return { kind: 'in-process' };
  const { HEIRLOOM_NATS_URL: url, HEIRLOOM_NATS_PASSWORD: password } = settings;
  if (!url) noteMissing('HEIRLOOM_NATS_URL', problems);
  if (!password) noteMissing('HEIRLOOM_NATS_PASSWORD', problems);
  return { kind: 'nats', url: url ?? '', user: settings.HEIRLOOM_NATS_USER, password: password ?? '' };
}

function readJobs(settings: Partial<Settings>, problems: string[]): JobsConfig | undefined {
  if (!settings.HEIRLOOM_JOBS) return undefined;
  const name = settings.HEIRLOOM_JOBS === 'redis' ? 'HEIRLOOM_REDIS_URL' : 'HEIRLOOM_JOBS_DATABASE_URL';
  const url = settings[name];
  if (!url) noteMissing(name, problems);
  return { kind: settings.HEIRLOOM_JOBS, url: url ?? '' };
}

/** One that is there and malformed has been named already. */
function noteMissing(name: keyof Settings & string, problems: string[]): void {
  if (problems.some((problem) => problem.startsWith(name))) return;
  problems.push(`${name} is not set. It is: ${kitSettings.shape[name].description}`);
}
