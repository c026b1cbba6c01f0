import { serviceNames, type MessageContract, type ServiceName } from '@heirloom/contracts';

/** Where answers to a service's questions arrive. Each service has its own, so that none can listen to another's answers. */
export const inboxPrefixOf = (service: ServiceName): string => `_INBOX_${service}`;

export interface NatsPermissions {
  readonly publish: readonly string[];
  readonly subscribe: readonly string[];
}

/** What each service's NATS user may do, and nothing else: it follows from who sends and who hears each message. */
export function natsPermissions(messages: readonly MessageContract[]): Record<ServiceName, NatsPermissions> {
  const permissionsOf = (service: ServiceName): NatsPermissions => {
    const sends = (m: MessageContract): boolean =>
      m.kind === 'question' ? m.peers.includes(service) : m.service === service;
    const hears = (m: MessageContract): boolean =>
      m.kind === 'question' ? m.service === service : m.peers.includes(service);
    return {
      publish: messages
        .filter(sends)
        .map((m) => m.subject)
        .sort(),
      subscribe: [...messages.filter(hears).map((m) => m.subject), `${inboxPrefixOf(service)}.>`].sort(),
    };
  };
  return Object.fromEntries(serviceNames.map((service) => [service, permissionsOf(service)])) as Record<
    ServiceName,
    NatsPermissions
  >;
}

/** A user at NATS. The password is plain, or a bcrypt hash as `nats server passwd` prints it. */
export interface NatsLogin {
  readonly user: string;
  readonly password: string;
}

/**
 * The configuration file of a nats-server (2.9 or later) with a user for each service, or several of the same permissions
 * while its login is changed.
 *
 * @param logins the password alone is that of a user with the service's name
 */
export function renderNatsConfig(
  messages: readonly MessageContract[],
  logins: Readonly<Record<ServiceName, string | readonly NatsLogin[]>>,
  listen = '127.0.0.1:4222',
): string {
  const permissions = natsPermissions(messages);
  const all = serviceNames.flatMap((service) => loginsOf(service, logins[service]));
  const users = all.map(({ service, user, password }) => {
    const { publish, subscribe } = permissions[service];
    return `    {
      user: ${JSON.stringify(user)}
      password: ${JSON.stringify(password)}
      permissions: {
        publish: { allow: ${JSON.stringify(publish)} }
        subscribe: { allow: ${JSON.stringify(subscribe)} }
        # Only to the inbox of who asked, once, and within the longest time that anybody waits.
        allow_responses: { max: 1, expires: "1m" }
      }
    }`;
  });
  return `listen: ${JSON.stringify(listen)}
max_payload: 1MB
authorization: {
  users: [
${users.join('\n')}
  ]
}
`;
}

function loginsOf(service: ServiceName, given: string | readonly NatsLogin[]) {
  const logins = typeof given === 'string' ? [{ user: service, password: given }] : given;
  return logins.map((login) => ({ service, ...login }));
}
