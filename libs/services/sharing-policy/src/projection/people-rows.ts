import { AppError, type AccountId, type LibraryId } from '@heirloom/contracts';
import { familyCollection, type FamilyMember, type FamilyState } from '@heirloom/formats';
import type { Transaction } from '../database.ts';
import type { ChangeMaterial } from './material.ts';

type States = { before: FamilyState; after: FamilyState };

const taken = () => new AppError('conflict', { detail: 'Something else has this id already.' });

/** Writes who is in the family. */
export async function writeMembers(
  tx: Transaction,
  { before, after }: States,
  material: ChangeMaterial,
): Promise<void> {
  for (const [accountId, member] of after.members) {
    const was = before.members.get(accountId);
    if (!was) await letIn(tx, after, member, material);
    else if (was.role !== member.role)
      await tx.member.update({ where: { accountId }, data: { role: member.role } });
  }
  for (const accountId of before.members.keys())
    if (!after.members.has(accountId)) await tx.member.delete({ where: { accountId } });
}

async function letIn(
  tx: Transaction,
  state: FamilyState,
  { identity, role }: FamilyMember,
  { libraryId, memberName }: ChangeMaterial,
): Promise<void> {
  if (!libraryId) throw new Error('somebody is let in without a library');
  const { account: accountId, sign, kem } = identity;
  await claimLibrary(tx, accountId, libraryId);
  const { epoch } = state.collections.get(familyCollection(state))!;
  await tx.member.create({
    data: {
      accountId,
      familyId: state.family,
      libraryId,
      role,
      signPublicKey: new Uint8Array(sign),
      kemPublicKey: new Uint8Array(kem),
      ...(memberName ? { sealedName: new Uint8Array(memberName), nameEpoch: epoch } : {}),
    },
  });
}

/** A person has one library, in every family that they ever belong to. */
async function claimLibrary(tx: Transaction, accountId: AccountId, id: LibraryId): Promise<void> {
  const known = await tx.library.findFirst({ where: { OR: [{ id }, { accountId }] } });
  if (known && (known.id !== id || known.accountId !== accountId)) throw taken();
  if (!known) await tx.library.create({ data: { id, accountId } });
}

/** Writes which invites there are and what became of them. */
export async function writeInvites(
  tx: Transaction,
  { before, after }: States,
  { accessHash }: ChangeMaterial,
): Promise<void> {
  const [joiner] = [...after.members.keys()].filter((account) => !before.members.has(account));
  for (const [id, invite] of after.invites) {
    const was = before.invites.get(id);
    const { role, createdBy, state } = invite;
    if (!was) {
      if (!accessHash) throw new Error('an invite is made without the hash of its access code');
      if (await tx.invite.findUnique({ where: { id } })) throw taken();
      const expiresAt = new Date(invite.expiresAt);
      const hash = new Uint8Array(accessHash);
      await tx.invite.create({
        data: { id, familyId: after.family, accessHash: hash, role, createdBy, expiresAt },
      });
    } else if (was.state !== state) {
      const used = state === 'used' && joiner ? { usedBy: joiner } : {};
      await tx.invite.update({ where: { id }, data: { state, ...used } });
    }
  }
}
