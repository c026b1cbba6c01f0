import type { InvitedRole } from '@heirloom/contracts';
import { invitePerson, listOpenInvites, revokeInvite } from '@heirloom/client';
import { withVault, type Context } from '../../context.ts';
import type { CommandResult } from '../../output/io.ts';
import { minuteText } from '../../output/text.ts';
import { pickById } from '../pick.ts';

export interface InviteCommandOptions {
  role: InvitedRole;
}

/**
 * `heirloom family invite`
 * JSON: `{link, inviteId, role, expiresAt}`
 */
export async function inviteCommand(
  context: Context,
  { role }: InviteCommandOptions,
): Promise<CommandResult> {
  return await withVault(context, async (vault) => {
    await vault.syncAlbums();
    const { link, inviteId, expiresAt } = await invitePerson(vault, { role });
    return {
      document: { link, inviteId, role, expiresAt },
      lines: [link],
      remarks: [
        `Send this link to one person, on a way that you trust: whoever has it can join as ${role}, until ${minuteText(expiresAt)} UTC.`,
      ],
    };
  });
}

/**
 * `heirloom family uninvite ID`
 * JSON: `{revoked: {id, role}}`
 */
export async function revokeInviteCommand(context: Context, id: string): Promise<CommandResult> {
  return await withVault(context, async (vault) => {
    await vault.syncAlbums();
    const { inviteId, role } = pickById(
      await listOpenInvites(vault),
      (one) => one.inviteId as string,
      id,
      'open invite',
    );
    await revokeInvite(vault, inviteId);
    return {
      document: { revoked: { id: inviteId, role } },
      lines: ['The invite is taken back. Its link does not work any more.'],
    };
  });
}
