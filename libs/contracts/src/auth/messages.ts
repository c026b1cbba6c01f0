import { z } from 'zod';
import { cursor, moment } from '../base/codecs.ts';
import { accountId, deviceId } from '../base/ids.ts';
import { limits } from '../base/limits.ts';
import { broadcast, question } from '../base/message.ts';
import { serviceNames } from '../base/services.ts';
import { tokenKey } from './schemas.ts';

export const authMessages = {
  /** The public keys that access tokens are verified with; the newest signs. */
  tokenKeys: question({
    service: 'auth',
    name: 'token-keys',
    peers: serviceNames,
    input: z.object({}),
    output: z.object({ keys: z.array(tokenKey).min(1) }),
  }),
  /**
   * Devices revoked and accounts locked or unlocked since the cursor. Without one: those of so recently that a token of
   * theirs may still be unexpired. An account's change tells how it is now. `more` asks for another call at once.
   */
  changesSince: question({
    service: 'auth',
    name: 'changes-since',
    peers: serviceNames,
    input: z.object({ cursor: cursor.optional(), limit: z.int().min(1).max(limits.changesPerPage) }),
    output: z.object({
      changes: z.array(
        z.discriminatedUnion('kind', [
          z.object({ kind: z.literal('device-revoked'), accountId, deviceId, at: moment }),
          z.object({ kind: z.enum(['account-locked', 'account-unlocked']), accountId, at: moment }),
        ]),
      ),
      cursor,
      more: z.boolean(),
    }),
  }),
  /** A nudge to pull {@link changesSince} sooner, also after an account was locked or unlocked. Losing it costs at most limits.revocationPullMs. */
  deviceRevoked: broadcast({
    service: 'auth',
    name: 'device-revoked',
    peers: serviceNames,
    input: z.object({}),
  }),
};

export const accountMessages = {
  /** The addresses of accounts, for the members of one family to know each other by. Unknown accounts are left out. */
  accountsOf: question({
    service: 'auth',
    name: 'accounts-of',
    peers: ['sharing-policy'],
    input: z.object({ accountIds: z.array(accountId).min(1).max(limits.membersPerFamily) }),
    output: z.object({ accounts: z.array(z.object({ accountId, email: z.string() })) }),
  }),
};
