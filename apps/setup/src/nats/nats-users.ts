import type { ServiceName } from '@heirloom/contracts';

export const natsPasswordOf = (service: ServiceName): string => `${service}-nats-password`;
export const natsUserOf = (service: ServiceName): string => `${service}-nats-user`;

/** NATS keeps one password for a user, so a service takes turns with two users. */
export const otherNatsUser = (service: ServiceName, user: string): string =>
  user === service ? `${service}-2` : service;
