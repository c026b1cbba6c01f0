import { authService } from '@heirloom/auth';
import { integrityCheckerService } from '@heirloom/integrity-checker';
import type { ServiceDefinition } from '@heirloom/service-kit';
import { sharingPolicyService } from '@heirloom/sharing-policy';
import { vaultService } from '@heirloom/vault';

/** What runs in home's process. */
export const services = [
  authService,
  vaultService,
  sharingPolicyService,
  integrityCheckerService,
] as ServiceDefinition[];

/** What makes each secret that a service needs, once. */
export const secretMakers = (): Readonly<Record<string, () => string>> =>
  Object.fromEntries(services.flatMap((service) => Object.entries(service.secrets ?? {})));
