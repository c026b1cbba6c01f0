import type { ServiceName } from '@heirloom/contracts';
import type { NatsConnection, Subscription } from '@nats-io/transport-node';
import { ClientNats, ServerNats, type MessageHandler, type NatsOptions } from '@nestjs/microservices';
import { setTimeout as sleep } from 'node:timers/promises';
import type { TransportConfig } from '../config/kit-config.ts';
import type { HandlerExtras } from './message-metadata.ts';
import { inboxPrefixOf } from './nats-permissions.ts';
import { queueFor } from './queue.ts';
import type { Transport } from './transport.ts';

type NatsConfig = Extract<TransportConfig, { kind: 'nats' }>;
type Options = NonNullable<NatsOptions['options']>;

const firstConnectMs = 20_000;
const retryMs = 500;
const flushMs = 1_000;

/** Nest's NATS transport, which is core NATS: at most once, nothing is kept. */
export function natsTransport(service: ServiceName, config: NatsConfig): Transport {
  const options: Options = {
    servers: config.url,
    user: config.user ?? service,
    pass: config.password,
    name: `heirloom-${service}`,
    inboxPrefix: inboxPrefixOf(service),
    maxReconnectAttempts: -1,
    reconnectTimeWait: retryMs,
    // A question may be asked again; words said into a dead line must not arrive minutes later.
    pingInterval: 10_000,
    maxPingOut: 2,
  };
  const server = new NatsServer(options, service);
  const client = new ClientNats(options);
  let serverState = 'not connected yet';
  let clientState = 'not connected yet';
  server.status.subscribe((status) => (serverState = status));
  client.status.subscribe((status) => (clientState = status));
  return {
    server,
    client,
    stopTaking: () => server.stopTaking(),
    problem: () =>
      serverState === 'connected' && clientState === 'connected'
        ? undefined
        : 'The message bus (NATS) cannot be reached.',
  };
}

class NatsServer extends ServerNats {
  readonly #taken: Subscription[] = [];
  #connection: NatsConnection | undefined;

  constructor(
    options: Options,
    private readonly service: ServiceName,
  ) {
    super(options);
  }

  override addHandler(
    pattern: unknown,
    callback: MessageHandler,
    isEvent = false,
    extras: HandlerExtras = {},
  ): void {
    super.addHandler(pattern, callback, isEvent, { ...extras, queue: queueFor(extras.kind, this.service) });
  }

  override bindEvents(connection: NatsConnection): void {
    this.#connection = connection;
    const subscribe: NatsConnection['subscribe'] = (subject, options) => {
      const subscription = connection.subscribe(subject, options);
      this.#taken.push(subscription);
      return subscription;
    };
    super.bindEvents({ subscribe } as never);
  }

  stopTaking(): void {
    for (const subscription of this.#taken.splice(0)) subscription.unsubscribe();
  }

  /** The last answers may still lie in the outgoing buffer. */
  override async close(): Promise<void> {
    await Promise.race([
      this.#connection?.flush().catch(() => undefined),
      sleep(flushMs, undefined, { ref: false }),
    ]);
    await super.close();
  }

  /** NATS may come up a little later than we do. */
  override async createNatsClient(): ReturnType<ServerNats['createNatsClient']> {
    const giveUpAt = performance.now() + firstConnectMs;
    for (;;) {
      try {
        return await super.createNatsClient();
      } catch (error) {
        if (performance.now() > giveUpAt || isRefusal(error)) {
          throw new Error(`NATS at HEIRLOOM_NATS_URL cannot be used: ${(error as Error).message}`, {
            cause: error,
          });
        }
        await sleep(retryMs);
      }
    }
  }
}

/** A wrong user or password does not get better by waiting. */
const isRefusal = (error: unknown): boolean =>
  error instanceof Error && /authorization|authentication/i.test(`${error.name} ${error.message}`);
