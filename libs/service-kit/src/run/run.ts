import { allMessages, allRoutes, serviceNames } from '@heirloom/contracts';
import type { FastifyInstance } from 'fastify';
import { kitSettings, readKitConfig, type KitConfig } from '../config/kit-config.ts';
import { ConfigError, readConfig, refuseUnknownSettings, type Environment } from '../config/read-config.ts';
import { installHealthRoutes, type HealthReport } from '../http/health-routes.ts';
import { Listener } from '../http/listener.ts';
import type { TlsCertificate } from '../http/tls.ts';
import type { CallersSettings } from '../config/settings-in-force.ts';
import { createLog, type Log } from '../logging/logger.ts';
import { InProcessHub } from '../messages/in-process.ts';
import { MetricsRegistry } from '../metrics/registry.ts';
import type { Contracts } from './check-handlers.ts';
import { listenEverywhere, type Ports } from './listen.ts';
import { settingPrefixOf, type ServiceDefinition } from './define-service.ts';
import { ServiceInstance } from './service-instance.ts';

export interface RunOptions {
  /** Shared with other calls of `run` in the same process that are to talk to each other. */
  transport?: InProcessHub;
  /** Adds pages beside the services' prefixes. */
  pages?: (fastify: FastifyInstance) => void | Promise<void>;
  /** What the caller itself read from the environment, so that it is not refused as unknown, and what it made for the services. */
  caller?: CallersSettings;
  /** The routes and messages to hold the services against; all that are declared, unless a test narrows them. */
  contracts?: Contracts;
  log?: Log;
  /** Makes the listener speak TLS, and nothing else. */
  tls?: TlsCertificate;
  /** How long requests and messages that are being served may go on after `close()`. */
  drainMs?: number;
}

export interface Running extends AsyncDisposable {
  /** For example `http://127.0.0.1:8080`. */
  readonly url: string;
  readonly port: number;
  /** Where staff are answered, and nowhere else; undefined when they have no port of their own. */
  readonly staffUrl: string | undefined;
  /** Where metrics are; undefined when there are none. */
  readonly metricsPort: number | undefined;
  /** Shows another certificate from now on. Only where there was one at the start. */
  renewCertificate(certificate: TlsCertificate): void;
  /** Stops accepting, lets what is being served finish within a bound, and closes jobs, bus and databases. Repeating it waits for the same end. */
  close(): Promise<void>;
}

const defaultDrainMs = 10_000;

/**
 * Runs one service or several in one process, behind one listener.
 *
 * @throws ConfigError when a setting is missing, malformed or unknown; Error when a service does not match its contracts
 */
export async function run(
  services: readonly ServiceDefinition[],
  env: Environment,
  options: RunOptions = {},
): Promise<Running> {
  const config = readAllSettings(services, env, Object.keys(options.caller?.settings.shape ?? {}));
  const log = options.log ?? createLog(config.logLevel);
  const contracts = options.contracts ?? { routes: allRoutes, messages: allMessages };
  const hub = options.transport ?? new InProcessHub();
  const metrics = new MetricsRegistry(log);
  const around = {
    env,
    config,
    contracts,
    log,
    hub,
    metrics,
    ...(options.caller ? { caller: options.caller } : {}),
  };
  const instances: ServiceInstance[] = [];
  try {
    for (const service of services) instances.push(await ServiceInstance.create(service, around));
    const listener = new Listener(
      instances.map(({ mount }) => mount),
      contracts.routes,
      log,
      options.tls,
      config.staff !== undefined,
    );
    installHealthRoutes(listener.root, {
      ready: () => reportOf(instances, (instance) => instance.health()),
      started: () => reportOf(instances, (instance) => instance.started()),
    });
    await options.pages?.(listener.root);
    await Promise.all(instances.map((instance) => instance.listen()));
    await Promise.all(instances.map((instance) => instance.begin()));
    const ports = await listenEverywhere(listener, metrics, config);
    const stopOnce = async () => {
      await stop(listener, instances, options.drainMs ?? defaultDrainMs);
      await ports.metricsListener?.close();
    };
    return running(config, ports, listener, options.tls !== undefined, stopOnce);
  } catch (error) {
    await closeAll(instances);
    throw error;
  }
}

/**
 * Reads all settings before anything starts, so that every mistake is named at once.
 *
 * @param known names that the caller itself reads
 * @throws ConfigError
 */
export function readAllSettings(
  services: readonly ServiceDefinition[],
  env: Environment,
  known: readonly string[] = [],
): KitConfig {
  const problems: string[] = [];
  const attempt = <T>(read: () => T): T | undefined => {
    try {
      return read();
    } catch (error) {
      if (!(error instanceof ConfigError)) throw error;
      problems.push(...error.problems);
      return undefined;
    }
  };
  const config = attempt(() => readKitConfig(env));
  for (const service of services) attempt(() => readConfig(service.config, env));
  const names = [kitSettings, ...services.map((service) => service.config)].flatMap((shape) =>
    Object.keys(shape.shape),
  );
  const foreign = serviceNames
    .filter((name) => !services.some((service) => service.name === name))
    .map(settingPrefixOf);
  attempt(() => refuseUnknownSettings([...names, ...known], env, foreign));
  if (!config || problems.length > 0) throw new ConfigError([...new Set(problems)]);
  return config;
}

async function reportOf(
  instances: readonly ServiceInstance[],
  ask: (instance: ServiceInstance) => Promise<Record<string, string>>,
): Promise<HealthReport> {
  const reports = instances.map(async (instance) => [instance.definition.name, await ask(instance)] as const);
  return Object.fromEntries(await Promise.all(reports));
}

function running(
  config: KitConfig,
  { port, staffPort, metricsPort }: Ports,
  listener: Listener,
  isTls: boolean,
  stopOnce: () => Promise<void>,
): Running {
  let closing: Promise<void> | undefined;
  const close = (): Promise<void> => (closing ??= stopOnce());
  const urlOf = (host: string, at: number) =>
    `${isTls ? 'https' : 'http'}://${host.includes(':') ? `[${host}]` : host}:${at}`;
  return {
    url: urlOf(config.listenHost, port),
    port,
    staffUrl: config.staff && staffPort !== undefined ? urlOf(config.staff.host, staffPort) : undefined,
    metricsPort,
    renewCertificate: (certificate) => listener.renewCertificate(certificate),
    close,
    [Symbol.asyncDispose]: close,
  };
}

/** Requests first, since they need the rest; then jobs, messages, and connections. */
async function stop(
  listener: Listener,
  instances: readonly ServiceInstance[],
  drainMs: number,
): Promise<void> {
  for (const instance of instances) instance.leave();
  await listener.drain(drainMs);
  await Promise.all(instances.map((instance) => instance.quiesce()));
  await Promise.all(instances.map((instance) => instance.drain(drainMs)));
  await closeAll(instances);
}

async function closeAll(instances: readonly ServiceInstance[]): Promise<void> {
  const results = await Promise.allSettled(instances.map((instance) => instance.close()));
  const failed = results.find((result) => result.status === 'rejected');
  if (failed) throw failed.reason;
}
