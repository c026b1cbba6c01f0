import { randomUUID } from 'node:crypto';
import { createInbox, type NatsConnection } from '@nats-io/transport-node';
import type { MessageContract } from '@heirloom/contracts';
import { inboxPrefixOf } from '@heirloom/service-kit';
import type { MessageWishes } from '../refusals/messages.ts';

/** What one listener made of an event: its gate answers like that of a question, when somebody waits for it. */
export interface Heard {
  error?: { code: string };
}

/** Sends an event and gathers what each of its listeners made of it. */
export async function tell(
  connection: NatsConnection,
  contract: MessageContract,
  wishes: MessageWishes,
): Promise<Heard[]> {
  const inbox = createInbox(inboxPrefixOf(contract.service));
  const heard: Heard[] = [];
  const listeners = connection.subscribe(inbox, { max: contract.peers.length, timeout: 5_000 });
  const envelope = { requestId: randomUUID(), deadline: Date.now() + 5_000, ...wishes };
  const packet = JSON.stringify({ pattern: contract.subject, data: envelope, id: randomUUID() });
  connection.publish(contract.subject, packet, { reply: inbox });
  for await (const answer of listeners) {
    heard.push((answer.json() as { response?: Heard }).response ?? {});
    if (heard.length === contract.peers.length) break;
  }
  return heard;
}
