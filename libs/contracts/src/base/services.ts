import { z } from 'zod';

export const serviceNames = ['auth', 'vault', 'sharing-policy', 'integrity-checker'] as const;
export type ServiceName = (typeof serviceNames)[number];
export const serviceName = z.enum(serviceNames);

/** The prefix of each service's routes: one listener in home, an ingress rule in a cluster. */
export const servicePrefix = {
  auth: '/api/auth',
  vault: '/api/vault',
  'sharing-policy': '/api/family',
  'integrity-checker': '/api/integrity',
} as const satisfies Record<ServiceName, string>;
