import {
  ClientProxy,
  Server,
  type MessageHandler,
  type ReadPacket,
  type WritePacket,
} from '@nestjs/microservices';
import type { ServiceName } from '@heirloom/contracts';
import { queueFor } from './queue.ts';
import type { HandlerExtras } from './message-metadata.ts';

type Deliver = (text: string, reply?: (text: string) => void) => void;
interface Subscription {
  readonly queue: string | undefined;
  readonly deliver: Deliver;
}

/**
 * Carries messages between the services of one process the way NATS does between processes: as text, to one member
 * of each queue group and to everyone who has none. Nothing is kept; nothing is shared by reference.
 */
export class InProcessHub {
  readonly #subjects = new Map<string, Set<Subscription>>();
  #turn = 0;

  subscribe(subject: string, queue: string | undefined, deliver: Deliver): () => void {
    const subscriptions = this.#subjects.get(subject) ?? new Set();
    this.#subjects.set(subject, subscriptions);
    const subscription = { queue, deliver };
    subscriptions.add(subscription);
    return () => void subscriptions.delete(subscription);
  }

  /** Answers how many were given the text. They run after the caller's current turn. */
  publish(subject: string, text: string, reply?: (text: string) => void): number {
    const chosen = this.#choose([...(this.#subjects.get(subject) ?? [])]);
    for (const { deliver } of chosen) setImmediate(deliver, text, reply);
    return chosen.length;
  }

  #choose(subscriptions: readonly Subscription[]): Subscription[] {
    this.#turn += 1;
    const groups = Map.groupBy(subscriptions, (subscription) => subscription.queue);
    return [...groups].flatMap(([queue, members]) =>
      queue === undefined ? members : [members[this.#turn % members.length]!],
    );
  }
}

type Packet = ReadPacket & { id?: string };

/** Nest's server side of the hub: one for each service, with that service's handlers. */
export class InProcessServer extends Server {
  override readonly transportId = Symbol('heirloom:in-process');
  readonly #unsubscribe: (() => void)[] = [];

  constructor(
    private readonly hub: InProcessHub,
    private readonly service: ServiceName,
  ) {
    super();
    this.initializeSerializer({});
    this.initializeDeserializer({});
  }

  override addHandler(
    pattern: unknown,
    callback: MessageHandler,
    isEvent = false,
    extras: HandlerExtras = {},
  ): void {
    super.addHandler(pattern, callback, isEvent, { ...extras, queue: queueFor(extras.kind, this.service) });
  }

  listen(callback: (error?: unknown) => void): void {
    for (const [subject, handler] of this.messageHandlers) {
      const queue = (handler.extras as HandlerExtras | undefined)?.queue;
      this.#unsubscribe.push(
        this.hub.subscribe(
          subject,
          queue,
          (text, reply) =>
            void this.#receive(subject, text, reply).catch((error: unknown) =>
              this.handleError(String(error)),
            ),
        ),
      );
    }
    callback();
  }

  close(): void {
    for (const unsubscribe of this.#unsubscribe.splice(0)) unsubscribe();
  }

  on(): never {
    throw new Error('the in-process transport has no events');
  }

  unwrap<T>(): T {
    return this.hub as T;
  }

  async #receive(subject: string, text: string, reply: ((text: string) => void) | undefined): Promise<void> {
    const packet = JSON.parse(text) as Packet;
    const handler = this.getHandlerByPattern(subject)!;
    if (packet.id === undefined) return void this.handleEvent(subject, packet, {} as never);
    const stream = this.transformToObservable(await handler(packet.data, {}));
    this.send(stream, (response) => reply?.(JSON.stringify({ ...response, id: packet.id })));
  }
}

/** Nest's client side of the hub. */
export class InProcessClient extends ClientProxy {
  #open = true;

  constructor(private readonly hub: InProcessHub) {
    super();
  }

  async connect(): Promise<void> {
    if (!this.#open) throw new Error('the client is closed');
  }

  close(): void {
    this.#open = false;
  }

  unwrap<T>(): T {
    return this.hub as T;
  }

  protected publish(partial: ReadPacket, callback: (packet: WritePacket) => void): () => void {
    const packet = this.assignPacketId(partial);
    let waiting = true;
    const reached = this.hub.publish(
      this.normalizePattern(partial.pattern as string),
      JSON.stringify(packet),
      (text) => {
        if (!waiting) return;
        callback(JSON.parse(text) as WritePacket);
      },
    );
    if (reached === 0) callback({ err: new Error('nobody listens'), isDisposed: true });
    return () => {
      waiting = false;
    };
  }

  protected async dispatchEvent<T = undefined>(packet: ReadPacket): Promise<T> {
    this.hub.publish(this.normalizePattern(packet.pattern as string), JSON.stringify(packet));
    return undefined as T;
  }
}
