import {
  AppError,
  staffRoutes,
  type StaffInvite,
  type StaffInviteId,
  type StaffRole,
} from '@heirloom/contracts';
import type { SignedInOperator } from '@heirloom/client';
import type { Context } from '../../context.ts';
import type { CommandResult } from '../../output/io.ts';
import { minuteText, table } from '../../output/text.ts';
import { withOperator } from './operator-context.ts';

/** `heirloom admin staff list` */
export async function listStaffCommand(context: Context): Promise<CommandResult> {
  return await withOperator(context, async ({ profile, http }) => {
    const { staff } = await http.call(staffRoutes.staff, {});
    const rows = staff.map(({ accountId, email, role, createdAt, lastSeenAt }) => [
      email,
      role,
      minuteText(createdAt),
      minuteText(lastSeenAt),
      accountId === profile.accountId ? 'you' : '',
    ]);
    return {
      document: {
        staff: staff.map(({ accountId: id, ...member }) => ({
          id,
          ...member,
          you: id === profile.accountId,
        })),
      },
      lines: table(['e-mail', 'role', 'since', 'last seen', ''], rows),
    };
  });
}

export interface InviteStaffOptions {
  role: StaffRole;
}

/** `heirloom admin staff invite`: the token is told here and nowhere else. */
export async function inviteStaffCommand(
  context: Context,
  { role }: InviteStaffOptions,
): Promise<CommandResult> {
  return await withOperator(context, async ({ profile, http }) => {
    const { invite, token } = await http.call(staffRoutes.inviteStaff, { body: { role } });
    return {
      document: { invite: documentOf(invite), token },
      lines: [
        `This makes one person ${role === 'operator' ? 'an operator' : 'support'}, until ${minuteText(invite.expiresAt)} UTC. They run:`,
        `heirloom admin setup --server ${profile.server} --token ${token} --email THEIR-ADDRESS`,
      ],
      remarks: ['The token is not shown again. Hand it over where nobody else reads it.'],
    };
  });
}

/** `heirloom admin staff invites` */
export async function listStaffInvitesCommand(context: Context): Promise<CommandResult> {
  return await withOperator(context, async ({ http }) => {
    const { invites } = await http.call(staffRoutes.staffInvites, {});
    const rows = invites.map(({ inviteId, role, state, createdAt, expiresAt }) => [
      inviteId,
      role,
      state,
      minuteText(createdAt),
      minuteText(expiresAt),
    ]);
    return {
      document: { invites: invites.map(documentOf) },
      lines:
        invites.length === 0
          ? ['Nobody was invited yet.']
          : table(['invite', 'role', 'state', 'made', 'ends'], rows),
    };
  });
}

/** `heirloom admin staff remove`: somebody of the staff by their address, or an invite by its id. */
export async function removeStaffCommand(context: Context, who: string): Promise<CommandResult> {
  return await withOperator(context, async (operator) =>
    who.includes('@') ? await removeMember(operator, who) : await revokeInvite(operator, who),
  );
}

async function removeMember({ http }: SignedInOperator, who: string): Promise<CommandResult> {
  const email = who.trim().toLowerCase();
  const { staff } = await http.call(staffRoutes.staff, {});
  const member = staff.find((one) => one.email === email);
  if (!member)
    throw new AppError('not-found', {
      detail: `Nobody of the staff has the address ${email}. "heirloom admin staff list" shows who is there.`,
    });
  await http.call(staffRoutes.removeStaff, { params: { accountId: member.accountId } });
  return {
    document: { removed: { id: member.accountId, email } },
    lines: [`${email} is removed and signed out everywhere.`],
  };
}

async function revokeInvite({ http }: SignedInOperator, who: string): Promise<CommandResult> {
  const { invites } = await http.call(staffRoutes.staffInvites, {});
  const invite = invites.find(({ inviteId }) => inviteId === who.trim());
  if (!invite)
    throw new AppError('not-found', {
      detail: `There is no invite ${who}. "heirloom admin staff invites" shows them all.`,
    });
  const inviteId: StaffInviteId = invite.inviteId;
  await http.call(staffRoutes.revokeStaffInvite, { params: { inviteId } });
  return { document: { revoked: { id: inviteId } }, lines: ['The invite is taken back.'] };
}

const documentOf = ({ inviteId: id, ...invite }: StaffInvite) => ({ id, ...invite });
