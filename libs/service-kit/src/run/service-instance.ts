import { servicePrefix } from '@heirloom/contracts';
import { NestFactory } from '@nestjs/core';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { AccessGate } from '../access/access-gate.ts';
import { Revocations } from '../access/revocations.ts';
import { Standings } from '../access/standings.ts';
import { readConfig, type Environment } from '../config/read-config.ts';
import type { KitConfig } from '../config/kit-config.ts';
import type { Mount } from '../http/listener.ts';
import { ProblemFilter } from '../http/problem-filter.ts';
import { createServiceAdapter, installRequestPath } from '../http/service-server.ts';
import { NestLog, type Log } from '../logging/logger.ts';
import type { InProcessHub } from '../messages/in-process.ts';
import { MessagesInFlight } from '../messages/messages-in-flight.ts';
import { transportFor, type Transport } from '../messages/transport.ts';
import { checkHandlers, type Contracts } from './check-handlers.ts';
import type { ServiceDefinition } from './define-service.ts';
import { Health } from './health.ts';
import { KitModule } from './kit-module.ts';

export interface ServiceSurroundings {
  readonly env: Environment;
  readonly config: KitConfig;
  readonly contracts: Contracts;
  readonly hub: InProcessHub;
  readonly log: Log;
}

/**
 * One running service: a Nest application of its own, so that nothing but messages connects it with the others in
 * the same process. It does not listen by itself; see {@link mount}.
 */
export class ServiceInstance {
  private constructor(
    readonly definition: ServiceDefinition,
    private readonly app: NestFastifyApplication,
    private readonly transport: Transport,
  ) {}

  /** Builds the service and checks its handlers against the contracts. Nothing is reachable yet. */
  static async create(definition: ServiceDefinition, around: ServiceSurroundings): Promise<ServiceInstance> {
    const { name } = definition;
    const log = around.log.child({ service: name });
    const transport = transportFor(name, around.config, around.hub);
    const context = { name, config: readConfig(definition.config, around.env), kit: around.config };
    const kit = KitModule.for({ name, config: around.config, log, transport });
    const own = definition.module(context);
    const adapter = createServiceAdapter(around.contracts.routes, log);
    const app = await NestFactory.create<NestFastifyApplication>(
      { module: ServiceRoot, imports: [kit, own] },
      adapter,
      {
        bodyParser: false,
        abortOnError: false,
        logger: new NestLog(log),
      },
    );
    const instance = new ServiceInstance(definition, app, transport);
    try {
      checkHandlers(app, name, around.contracts);
      installRequestPath(adapter.getInstance() as never, app.get(AccessGate), app.get(Standings), log);
      app.useGlobalFilters(new ProblemFilter(around.contracts.routes, log));
      app.connectMicroservice({ strategy: transport.server });
      await app.init();
      await adapter.getInstance().ready();
    } catch (error) {
      await app.close().catch(() => undefined);
      throw error;
    }
    return instance;
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
    await this.transport.client.connect();
  }

  /** Learns who was revoked. To be called once every service of the process listens. */
  async begin(): Promise<void> {
    const health = this.app.get(Health);
    const revocations = this.app.get(Revocations);
    health.add('bus', () => this.transport.problem());
    health.add('revocations', () =>
      revocations.stale ? 'The list of revoked devices is out of date.' : undefined,
    );
    await revocations.start();
  }

  health(): Promise<Record<string, string>> {
    return this.app.get(Health).report();
  }

  /** Pulls and takes nothing new, and lets the messages that are being handled finish. */
  async drain(boundMs: number): Promise<void> {
    await this.app.get(Revocations).stop();
    await this.app.get(MessagesInFlight).settle(boundMs);
  }

  async close(): Promise<void> {
    await this.app.close();
    await this.transport.client.close();
  }
}

class ServiceRoot {}
