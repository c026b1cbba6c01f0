import { listMembers, listOpenInvites, memberByEmail, removeMember, setOwnName } from '@heirloom/client';
import { withVault, type Context } from '../../context.ts';
import type { CommandResult } from '../../output/io.ts';
import { minuteText, table } from '../../output/text.ts';
import { describePerson, fullNameOf } from './people.ts';

/**
 * `heirloom family ls`
 * JSON: `{members: [{id, role, name, email, joinedAt, you}], invites: [{id, role, createdAt, expiresAt}]}`; the invites
 * are those that are open, and only the owner sees them.
 */
export async function listFamilyCommand(context: Context): Promise<CommandResult> {
  return await withVault(context, async (vault) => {
    await vault.syncAlbums();
    const members = await listMembers(vault);
    const isOwner = members.some(({ isYou, role }) => isYou && role === 'owner');
    const invites = isOwner ? await listOpenInvites(vault) : [];
    return {
      document: {
        members: members.map(describePerson),
        invites: invites.map(({ inviteId: id, role, createdAt, expiresAt }) => ({
          id,
          role,
          createdAt,
          expiresAt,
        })),
      },
      lines: [
        ...table(
          ['name', 'address', 'role', 'joined', ''],
          members.map(({ name, email, role, joinedAt, isYou }) => [
            name ?? '(no name)',
            email ?? '',
            role,
            minuteText(joinedAt),
            isYou ? 'you' : '',
          ]),
        ),
        ...invites.map(
          ({ inviteId, role, expiresAt }) =>
            `Invite ${inviteId}: one person may join as ${role} until ${minuteText(expiresAt)}.`,
        ),
      ],
    };
  });
}

/**
 * `heirloom family remove EMAIL`
 * JSON: `{removed: {id, role, name, email, joinedAt, you}, status: "effective" | "fencing"}`
 */
export async function removeMemberCommand(context: Context, email: string): Promise<CommandResult> {
  return await withVault(context, async (vault) => {
    await vault.syncAlbums();
    const person = memberByEmail(await listMembers(vault), email);
    const status = await removeMember(vault, person);
    return {
      document: { removed: describePerson(person), status },
      lines: person.isYou
        ? ['You have left the family. Your own photos stay yours.']
        : [`${fullNameOf(person)} is not in the family any more. What comes from now on has new keys.`],
      remarks:
        status === 'effective'
          ? []
          : ['The server is still closing the last way for uploads of before; it goes on by itself.'],
    };
  });
}

/**
 * `heirloom family rename-me NAME`
 * JSON: `{name}`
 */
export async function renameMeCommand(context: Context, typed: string): Promise<CommandResult> {
  return await withVault(context, async (vault, profile) => {
    await vault.syncAlbums();
    await setOwnName(vault, profile, typed);
    const name = typed.trim();
    return { document: { name }, lines: [`Your family sees you as ${name} now.`] };
  });
}
