import type { MessageContract } from '@heirloom/contracts';

export const messageOfMethodKey = Symbol('heirloom:message');

/** The contract that a controller's method handles. */
export const messageOfMethod = (method: object): MessageContract | undefined =>
  Reflect.getMetadata(messageOfMethodKey, method) as MessageContract | undefined;

/** What `OnMessage` tells the transports of each handler. */
export interface HandlerExtras {
  kind?: MessageContract['kind'];
  /** NATS' queue group: one member of it takes a message. Undefined where every instance hears it. */
  queue?: string;
}
