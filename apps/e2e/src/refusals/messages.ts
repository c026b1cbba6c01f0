import { randomUUID } from 'node:crypto';
import { connect, type NatsConnection } from '@nats-io/transport-node';
import { SignJWT } from 'jose';
import type { MessageContract, ServiceName } from '@heirloom/contracts';
import { inboxPrefixOf } from '@heirloom/service-kit';
import type { ClusterSystem } from '../system/cluster-system.ts';

export interface MessageWishes {
  /** Leave out for a message without a credential. */
  credential?: string;
  token?: string;
  data: unknown;
}

/** Speaks to a service over NATS with another service's user, past the bus and its checks. */
export class NatsSpeaker implements AsyncDisposable {
  private constructor(readonly connection: NatsConnection) {}

  static async as(service: ServiceName, system: ClusterSystem): Promise<NatsSpeaker> {
    const connection = await connect({
      servers: system.natsUrl,
      user: service,
      pass: system.natsPasswords[service],
      inboxPrefix: inboxPrefixOf(service),
    });
    return new NatsSpeaker(connection);
  }

  /** Asks as Nest's transport frames it, and answers what came back. */
  async ask(contract: MessageContract, wishes: MessageWishes): Promise<unknown> {
    const envelope = { requestId: randomUUID(), deadline: Date.now() + 5_000, ...wishes };
    const packet = JSON.stringify({ pattern: contract.subject, data: envelope, id: randomUUID() });
    const reply = await this.connection.request(contract.subject, packet, { timeout: 5_000 });
    return (reply.json() as { response?: unknown; err?: unknown }).response;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.connection.close();
  }
}

/** A service credential, good or bad. */
export function mintCredential(
  secret: string,
  wishes: { from: ServiceName; to: ServiceName | '*'; expiresIn?: number },
): Promise<string> {
  const expiresAt = Math.floor(Date.now() / 1000) + (wishes.expiresIn ?? 30);
  return new SignJWT()
    .setProtectedHeader({ alg: 'HS256', typ: 'heirloom-service+jwt' })
    .setIssuer(wishes.from)
    .setAudience(wishes.to)
    .setIssuedAt(expiresAt - 60)
    .setExpirationTime(expiresAt)
    .sign(Buffer.from(secret, 'base64url'));
}
