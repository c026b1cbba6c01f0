import { z } from 'zod';
import { cursor, moment } from '../base/codecs.ts';
import { accountId, inviteId } from '../base/ids.ts';
import { limits } from '../base/limits.ts';
import { broadcast, question } from '../base/message.ts';
import { serviceNames } from '../base/services.ts';
import { inviteAccessCode, standing } from './schemas.ts';

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

/** How services learn at once that somebody may do less than before. */
export const standingMessages = {
  /**
   * Accounts whose standing changed since the cursor. Without one: none, and the cursor to go on from, since whoever
   * asks for the first time keeps nothing yet. `more` asks for another call at once.
   */
  changesSince: question({
    service: 'sharing-policy',
    name: 'changes-since',
    peers: serviceNames,
    input: z.object({ cursor: cursor.optional(), limit: z.int().min(1).max(limits.changesPerPage) }),
    output: z.object({
      changes: z.array(
        z.object({
          kind: z.literal('standing-changed'),
          accountId,
          /** Whether requests of theirs that are being served now may be more than they may do. */
          less: z.boolean(),
          at: moment,
        }),
      ),
      cursor,
      more: z.boolean(),
    }),
  }),
};

export const inviteMessages = {
  /** Whether somebody with this code can join now: auth then lets them have an account. */
  inviteOpen: question({
    service: 'sharing-policy',
    name: 'invite-open',
    peers: ['auth'],
    input: z.object({ inviteId, accessCode: inviteAccessCode }),
    output: z.object({ open: z.boolean() }),
  }),
};
