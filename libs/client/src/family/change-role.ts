import { AppError, memberRoutes, type AccountId, type InvitedRole } from '@heirloom/contracts';
import { writeEntries } from '@heirloom/crypto';
import { changeFamily } from './change-family.ts';
import { freshen, type FamilyParts } from './rotation.ts';

/**
 * Gives somebody of the family another role. Albums that they have stay theirs to see.
 * @returns false when they have it already.
 * @throws AppError `forbidden` for anyone but the owner, LogError
 */
export async function changeRole(
  parts: FamilyParts,
  account: AccountId,
  role: InvitedRole,
): Promise<boolean> {
  const { log } = parts;
  if (log.state.members.get(parts.account.profile.accountId)?.role !== 'owner')
    throw new AppError('forbidden', { detail: 'Only the owner of the family changes roles.' });
  await freshen(parts);
  if (log.state.members.get(account)?.role === role) return false;
  await changeFamily(
    parts,
    ({ state, author, now }) => writeEntries(state, author, [{ kind: 'role-changed', account, role }], now),
    ({ entries }) =>
      parts.account.http.call(memberRoutes.changeRole, { params: { accountId: account }, body: { entries } }),
  );
  return true;
}
