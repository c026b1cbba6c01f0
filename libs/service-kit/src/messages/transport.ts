import type { ServiceName } from '@heirloom/contracts';
import type { CustomTransportStrategy } from '@nestjs/microservices';
import type { BusClient } from './bus.ts';
import type { KitConfig } from '../config/kit-config.ts';
import { InProcessClient, type InProcessHub, InProcessServer } from './in-process.ts';
import { natsTransport } from './nats.ts';

/** One service's two ends of whatever carries messages. */
export interface Transport {
  readonly server: CustomTransportStrategy;
  readonly client: BusClient;
  /** Takes no new messages; those that are being handled can still be answered, and questions asked. */
  stopTaking(): void;
  /** Undefined when messages can be carried; else a sentence that says why not. */
  problem(): string | undefined;
}

export function transportFor(service: ServiceName, config: KitConfig, hub: InProcessHub): Transport {
  if (config.transport.kind === 'nats') return natsTransport(service, config.transport);
  const server = new InProcessServer(hub, service);
  return {
    server,
    client: new InProcessClient(hub),
    stopTaking: () => server.close(),
    problem: () => undefined,
  };
}
