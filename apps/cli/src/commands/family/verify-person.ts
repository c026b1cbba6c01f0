import { listMembers, markCompared, memberByEmail, safetyWith } from '@heirloom/client';
import { withVault, type Context } from '../../context.ts';
import { exitCodes, type CommandResult } from '../../output/io.ts';
import { minuteText } from '../../output/text.ts';
import { fullNameOf } from './people.ts';

export interface VerifyPersonOptions {
  same?: boolean;
}

/**
 * `heirloom family verify EMAIL [--same]`
 * JSON: `{id, safetyNumber, comparedAt, changed}`
 */
export async function verifyPersonCommand(
  context: Context,
  email: string,
  { same }: VerifyPersonOptions,
): Promise<CommandResult> {
  return await withVault(context, async (vault) => {
    await vault.syncAlbums();
    const person = memberByEmail(await listMembers(vault), email);
    if (same) await markCompared(vault, person.accountId);
    const { groups, comparedAt, changed } = await safetyWith(vault, person.accountId);
    const half = groups.length / 2;
    const name = fullNameOf(person);
    return {
      document: { id: person.accountId, safetyNumber: groups.join(' '), comparedAt, changed },
      lines: [`  ${groups.slice(0, half).join(' ')}`, `  ${groups.slice(half).join(' ')}`],
      remarks: [
        changed
          ? `WARNING: the keys of ${name} are not those that you compared on ${minuteText(comparedAt)} UTC. Somebody may be in between: ask ${name} before you share anything more, and compare again.`
          : comparedAt
            ? `You compared this number with ${name} on ${minuteText(comparedAt)} UTC.`
            : `Compare this number with the one that ${name} sees, face to face or by a call. When it is the same: "heirloom family verify ${email.trim()} --same".`,
      ],
      exitCode: changed ? exitCodes.failed : exitCodes.ok,
    };
  });
}
