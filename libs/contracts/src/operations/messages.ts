import { z } from 'zod';
import { broadcast } from '../base/message.ts';
import type { ServiceName } from '../base/services.ts';
import { pulse, staffTopic } from './schemas.ts';

const pulseOf = (service: ServiceName) =>
  broadcast({ service, name: 'pulse', peers: ['integrity-checker'], input: pulse });

/** How each instance of a service is, every limits.pulseMs. */
export const pulseMessages = {
  auth: pulseOf('auth'),
  vault: pulseOf('vault'),
  'sharing-policy': pulseOf('sharing-policy'),
  'integrity-checker': pulseOf('integrity-checker'),
} as const satisfies Record<ServiceName, ReturnType<typeof pulseOf>>;

const nudgeOf = (service: ServiceName) =>
  broadcast({
    service,
    name: 'staff-nudge',
    peers: ['integrity-checker'],
    input: z.object({ topics: z.array(staffTopic).min(1).max(staffTopic.options.length) }),
  });

/** Something that pages of the staff show has changed. It may be lost: a page looks again by itself, too. */
export const nudgeMessages = {
  auth: nudgeOf('auth'),
  vault: nudgeOf('vault'),
  'sharing-policy': nudgeOf('sharing-policy'),
  'integrity-checker': nudgeOf('integrity-checker'),
} as const satisfies Record<ServiceName, ReturnType<typeof nudgeOf>>;
