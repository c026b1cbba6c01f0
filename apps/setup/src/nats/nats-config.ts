import { allMessages, serviceNames, type ServiceName } from '@heirloom/contracts';
import { renderNatsConfig, type NatsLogin } from '@heirloom/service-kit';
import { natsPasswordOf, natsUserOf, otherNatsUser } from './nats-users.ts';
import { beforeOf, secretOf, type Secrets } from '../secrets/secrets.ts';

/**
 * A nats-server's configuration with a user for each service, who may use its own subjects only. While a service's login
 * is changed it has two, for the processes of before and those of now.
 */
export function natsConfig(secrets: Secrets, listen: string): string {
  const logins = Object.fromEntries(
    serviceNames.map((service) => [service, loginsOf(service, secrets)]),
  ) as Record<ServiceName, NatsLogin[]>;
  return renderNatsConfig(allMessages, logins, listen);
}

function loginsOf(service: ServiceName, secrets: Secrets): NatsLogin[] {
  const user = secretOf(secrets, natsUserOf(service));
  const now = { user, password: secretOf(secrets, natsPasswordOf(service)) };
  const before = secrets[beforeOf(natsPasswordOf(service))];
  return before ? [now, { user: otherNatsUser(service, user), password: before }] : [now];
}
