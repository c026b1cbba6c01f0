import { z } from 'zod';
import { accountId } from '../base/ids.ts';
import { broadcast, question } from '../base/message.ts';
import { serviceNames } from '../base/services.ts';
import { standing } from './schemas.ts';

export const policyMessages = {
  /** What the person behind the forwarded token may do. Nobody can ask about another person. */
  standing: question({
    service: 'sharing-policy',
    name: 'standing',
    peers: serviceNames,
    access: 'person',
    input: z.object({}),
    output: standing,
  }),
  /** A nudge to drop what is cached of a person's standing. */
  standingChanged: broadcast({
    service: 'sharing-policy',
    name: 'standing-changed',
    peers: serviceNames,
    input: z.object({ accountIds: z.array(accountId).min(1).max(100) }),
  }),
};
