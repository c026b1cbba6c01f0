import type { MessageContract, ServiceName } from '@heirloom/contracts';

/** One instance of the service takes a question or work; a broadcast reaches all of them, so it has no queue group. */
export const queueFor = (
  kind: MessageContract['kind'] | undefined,
  service: ServiceName,
): string | undefined => (kind === 'broadcast' ? undefined : service);
