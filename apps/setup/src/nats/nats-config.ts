import { allMessages, serviceNames, type ServiceName } from '@heirloom/contracts';
import { renderNatsConfig } from '@heirloom/service-kit';
import { natsPasswordOf, secretOf, type Secrets } from '../secrets/secrets.ts';

/** A nats-server's configuration with one user for each service, who may use its own subjects only. */
export function natsConfig(secrets: Secrets, listen: string): string {
  const passwords = Object.fromEntries(
    serviceNames.map((service) => [service, secretOf(secrets, natsPasswordOf(service))]),
  ) as Record<ServiceName, string>;
  return renderNatsConfig(allMessages, passwords, listen);
}
