import { pulseMessages, servicePrefix } from '@heirloom/contracts';
import { NestFactory } from '@nestjs/core';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { AccessGate } from '../access/access-gate.ts';
import { Revocations } from '../access/revocations.ts';
import { Standings } from '../access/standings.ts';
import { readConfig, type Environment } from '../config/read-config.ts';
import { kitSettings, type KitConfig } from '../config/kit-config.ts';
import { settingsInForce, type CallersSettings } from '../config/settings-in-force.ts';
import type { Mount } from '../http/listener.ts';
import { ProblemFilter } from '../http/problem-filter.ts';
import { DatabaseConnections } from '../database/database-connections.ts';
import { createServiceAdapter, installRequestPath } from '../http/service-server.ts';
import { Jobs } from '../jobs/jobs.ts';
import { NestLog, type Log } from '../logging/logger.ts';
import type { InProcessHub } from '../messages/in-process.ts';
import { MessagesInFlight } from '../messages/messages-in-flight.ts';
import { transportFor } from '../messages/transport.ts';
import { Heartbeat } from '../operations/heartbeat.ts';
import { RequestCounts } from '../operations/request-counts.ts';
import { StaffNudges } from '../operations/staff-nudges.ts';
import { Bus } from '../messages/bus.ts';
import { Metrics } from '../metrics/metrics.ts';
import type { MetricsRegistry } from '../metrics/registry.ts';
import { addServiceGauges } from '../metrics/service-gauges.ts';
import { Tracing } from '../traces/tracing.ts';
import { checkHandlers, type Contracts } from './check-handlers.ts';
import { databaseSettingOf, type ServiceDefinition } from './define-service.ts';
import { migrationsOf } from './migrate-services.ts';
import { MigrationCheck } from './migration-check.ts';
import { Health } from './health.ts';
import { Leaving } from './leaving.ts';
import { KitModule, type KitParts } from './kit-module.ts';

export interface ServiceSurroundings {
  readonly env: Environment;
  readonly config: KitConfig;
  readonly contracts: Contracts;
  readonly hub: InProcessHub;
  readonly log: Log;
  readonly metrics: MetricsRegistry;
  readonly caller?: CallersSettings;
}

/**
 * One running service: a Nest application of its own, so that nothing but messages connects it with the others in
 * the same process. It does not listen by itself; see {@link mount}.
 */
export class ServiceInstance {
  readonly #heartbeat: Heartbeat | undefined;

  private constructor(
    readonly definition: ServiceDefinition,
    private readonly app: NestFastifyApplication,
    private readonly parts: KitParts,
    private readonly migrations: MigrationCheck,
  ) {
    const { jobs, log, contracts } = parts;
    const message = pulseMessages[definition.name];
    if (!contracts.messages.includes(message)) return;
    const [bus, health, requests] = [app.get(Bus), app.get(Health), app.get(RequestCounts)];
    this.#heartbeat = new Heartbeat(message, { bus, health, jobs, requests, log });
  }

  /** Builds the service and checks its handlers against the contracts. Nothing is reachable yet. */
  static async create(definition: ServiceDefinition, around: ServiceSurroundings): Promise<ServiceInstance> {
    const parts = await partsOf(definition, around);
    const adapter = createServiceAdapter(around.contracts.routes, around.config.trustedProxies, parts.log);
    let app: NestFastifyApplication | undefined;
    try {
      const context = {
        name: parts.name,
        config: readConfig(definition.config, around.env),
        kit: around.config,
      };
      const root = { module: ServiceRoot, imports: [KitModule.for(parts), definition.module(context)] };
      const options = { bodyParser: false, abortOnError: false, logger: new NestLog(parts.log) } as const;
      app = await NestFactory.create<NestFastifyApplication>(root, adapter, options);
      checkHandlers(app, parts.name, around.contracts);
      installRequestPath(adapter.getInstance() as never, {
        gate: app.get(AccessGate),
        standings: app.get(Standings),
        counts: app.get(RequestCounts),
        metrics: parts.metrics,
        tracing: parts.tracing,
        config: around.config,
        log: parts.log,
      });
      app.useGlobalFilters(new ProblemFilter(around.contracts.routes, parts.log));
      app.connectMicroservice({ strategy: parts.transport.server });
      await app.init();
      await adapter.getInstance().ready();
      return new ServiceInstance(definition, app, parts, migrationCheckOf(definition, around.env));
    } catch (error) {
      await closeParts(app, parts).catch(() => undefined);
      throw error;
    }
  }

  get mount(): Mount {
    return {
      prefix: servicePrefix[this.definition.name],
      fastify: this.app.getHttpAdapter().getInstance() as never,
    };
  }

  /** Starts to handle messages. */
  async listen(): Promise<void> {
    await this.app.startAllMicroservices();
    await this.parts.transport.client.connect();
  }

  /** Learns who was revoked and whose standing changes, and begins to work on jobs. To be called once every service of the process listens. */
  async begin(): Promise<void> {
    const { jobs, transport } = this.parts;
    const health = this.app.get(Health);
    const [revocations, standings] = [this.app.get(Revocations), this.app.get(Standings)];
    health.add('migrations', () => this.migrations.problem());
    health.add('bus', () => transport.problem());
    health.add('revocations', () =>
      revocations.stale ? 'The list of revoked devices is out of date.' : undefined,
    );
    health.add('standings', () => (standings.stale ? 'What people may do cannot be checked.' : undefined));
    if (jobs.used) health.add('jobs', () => jobs.problem());
    await Promise.all([revocations.start(), standings.start()]);
    const { metrics, connections } = this.parts;
    addServiceGauges({ service: this.definition.name, metrics, health, jobs, connections });
    const nudges = this.app.get(StaffNudges);
    jobs.listen(({ name, ms, code }) => {
      metrics.job(name, code ?? 'ok', ms);
      if (code) nudges.tell('jobs');
    });
    await jobs.start();
    this.#heartbeat?.start();
  }

  /** Ends what would never end by itself. To be called before requests are waited for. */
  leave(): void {
    this.app.get(Leaving).begin();
  }

  /** What must be done before the first request. */
  async started(): Promise<Record<string, string>> {
    const problem = await this.migrations.problem().catch(() => 'The database cannot be reached.');
    return { migrations: problem ?? 'ok' };
  }

  health(): Promise<Record<string, string>> {
    return this.app.get(Health).report();
  }

  /** Begins nothing of its own any more and lets running jobs finish. Messages are still handled, for the others. */
  async quiesce(): Promise<void> {
    this.app.get(StaffNudges).stop();
    await Promise.all([this.#heartbeat?.stop(), stopPulling(this.app), this.parts.jobs.close()]);
  }

  /** Takes no more messages and lets those that are being handled finish, for `boundMs` at most. */
  async drain(boundMs: number): Promise<void> {
    this.parts.transport.stopTaking();
    await this.app.get(MessagesInFlight).settle(boundMs);
  }

  async close(): Promise<void> {
    await closeParts(this.app, this.parts);
  }
}

class ServiceRoot {}

/** A service that has no database has nothing to bring up to date. */
function migrationCheckOf(definition: ServiceDefinition, env: Environment): MigrationCheck {
  const isNamed = Object.hasOwn(definition.config.shape, databaseSettingOf(definition.name));
  return new MigrationCheck(isNamed ? migrationsOf(definition, env) : undefined);
}

async function partsOf(
  { name, config: own }: ServiceDefinition,
  around: ServiceSurroundings,
): Promise<KitParts> {
  const { config, hub, log: parent, env, caller, contracts } = around;
  const log = parent.child({ service: name });
  const tracing = config.tracesUrl ? await Tracing.to(config.tracesUrl, name) : Tracing.off;
  const jobs = new Jobs(name, config.jobs, log, { tracing });
  return {
    name,
    config,
    log,
    jobs,
    contracts,
    tracing,
    metrics: new Metrics(around.metrics, name),
    settings: settingsInForce([kitSettings, own], env, caller),
    transport: transportFor(name, config, hub),
    connections: new DatabaseConnections(),
  };
}

async function stopPulling(app: NestFastifyApplication): Promise<void> {
  await Promise.all([app.get(Revocations).stop(), app.get(Standings).stop()]);
}

/** In the order in which they need each other. */
async function closeParts(app: NestFastifyApplication | undefined, parts: KitParts): Promise<void> {
  if (app) await stopPulling(app);
  await parts.jobs.close();
  await app?.close();
  await parts.transport.client.close();
  await parts.connections.close();
  await parts.tracing.close();
}
