import type { ServiceName } from '@heirloom/contracts';
import type { CustomTransportStrategy } from '@nestjs/microservices';
import type { BusClient } from './bus.ts';
import type { KitConfig } from '../config/kit-config.ts';
import { InProcessClient, InProcessHub, InProcessServer } from './in-process.ts';
import { natsTransport } from './nats.ts';

/** One service's two ends of whatever carries messages. */
export interface Transport {
  readonly server: CustomTransportStrategy;
  readonly client: BusClient;
  /** Undefined when messages can be carried; else a sentence that says why not. */
  problem(): string | undefined;
}

export function transportFor(service: ServiceName, config: KitConfig, hub: InProcessHub): Transport {
  if (config.transport.kind === 'nats') return natsTransport(service, config.transport);
  return {
    server: new InProcessServer(hub, service),
    client: new InProcessClient(hub),
    problem: () => undefined,
  };
}
