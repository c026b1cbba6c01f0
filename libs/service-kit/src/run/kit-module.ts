import { Global, Module, type DynamicModule, type Provider } from '@nestjs/common';
import { nudgeMessages, operationsRoutes, type ServiceName, type SettingInForce } from '@heirloom/contracts';
import { AccessGate } from '../access/access-gate.ts';
import { AccessTokens } from '../access/access-tokens.ts';
import { NudgesController } from '../access/nudges.controller.ts';
import { OpenRequests } from '../access/open-requests.ts';
import { Revocations } from '../access/revocations.ts';
import { Standings } from '../access/standings.ts';
import type { KitConfig } from '../config/kit-config.ts';
import { DatabaseConnections } from '../database/database-connections.ts';
import { Jobs } from '../jobs/jobs.ts';
import type { Log } from '../logging/logger.ts';
import { Bus } from '../messages/bus.ts';
import { MessageGate } from '../messages/message-gate.ts';
import { MessagesInFlight } from '../messages/messages-in-flight.ts';
import { ServiceCredentials } from '../messages/service-credentials.ts';
import type { Transport } from '../messages/transport.ts';
import { operationsControllerOf } from '../operations/operations.controller.ts';
import { RequestCounts } from '../operations/request-counts.ts';
import { StaffNudges } from '../operations/staff-nudges.ts';
import { Metrics } from '../metrics/metrics.ts';
import { Tracing } from '../traces/tracing.ts';
import type { Contracts } from './check-handlers.ts';
import { Health } from './health.ts';
import { Leaving } from './leaving.ts';
import { KIT_CONFIG, KIT_LOG, SERVICE_NAME, SETTINGS_IN_FORCE } from './tokens.ts';

export interface KitParts {
  readonly name: ServiceName;
  readonly config: KitConfig;
  readonly log: Log;
  readonly transport: Transport;
  readonly jobs: Jobs;
  readonly connections: DatabaseConnections;
  /** What the service is held against: the kit handles its own part of it. */
  readonly contracts: Contracts;
  readonly settings: readonly SettingInForce[];
  readonly metrics: Metrics;
  readonly tracing: Tracing;
}

/** What the kit gives to one service: its own bus, gate, jobs and health, to be injected by type. */
@Global()
@Module({})
export class KitModule {
  static for(parts: KitParts): DynamicModule {
    const { name, config, log, transport, jobs, connections, contracts, settings } = parts;
    const credentials = new ServiceCredentials(name, config.serviceSecret, config.previousServiceSecret);
    const bus = new Bus(name, transport.client, credentials, parts.tracing);
    const open = new OpenRequests();
    const nudge = nudgeMessages[name];
    const providers: Provider[] = [
      { provide: SERVICE_NAME, useValue: name },
      { provide: KIT_CONFIG, useValue: config },
      { provide: KIT_LOG, useValue: log },
      { provide: ServiceCredentials, useValue: credentials },
      { provide: Bus, useValue: bus },
      { provide: OpenRequests, useValue: open },
      { provide: Revocations, useValue: new Revocations(bus, open, log) },
      { provide: Standings, useValue: new Standings(bus, open, log) },
      AccessTokens,
      AccessGate,
      MessagesInFlight,
      MessageGate,
      { provide: DatabaseConnections, useValue: connections },
      { provide: Jobs, useValue: jobs },
      Health,
      Leaving,
      { provide: Metrics, useValue: parts.metrics },
      { provide: Tracing, useValue: parts.tracing },
      RequestCounts,
      { provide: SETTINGS_IN_FORCE, useValue: settings },
      {
        provide: StaffNudges,
        useValue: new StaffNudges(bus, contracts.messages.includes(nudge) ? nudge : undefined, log),
      },
    ];
    const operations = contracts.routes.includes(operationsRoutes[name].jobs)
      ? [operationsControllerOf(name)]
      : [];
    return {
      module: KitModule,
      controllers: [NudgesController, ...operations],
      providers,
      exports: providers,
    };
  }
}
