import { authRoutes } from '@heirloom/contracts';
import type { Context } from '../../context.ts';
import type { CommandResult } from '../../output/io.ts';
import { minuteText, table } from '../../output/text.ts';
import { withOperator } from './operator-context.ts';

/** `heirloom admin operators` */
export async function listOperatorsCommand(context: Context): Promise<CommandResult> {
  return await withOperator(context, async ({ profile, http }) => {
    const { operators } = await http.call(authRoutes.operators, {});
    const rows = operators.map(({ accountId, email, createdAt, lastSeenAt }) => [
      email,
      minuteText(createdAt),
      minuteText(lastSeenAt),
      accountId === profile.accountId ? 'you' : '',
    ]);
    return {
      document: {
        operators: operators.map(({ accountId: id, ...operator }) => ({
          id,
          ...operator,
          you: id === profile.accountId,
        })),
      },
      lines: table(['operator', 'since', 'last seen', ''], rows),
    };
  });
}
