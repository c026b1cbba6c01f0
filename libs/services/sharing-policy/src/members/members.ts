import { AppError, type AccountId, type FamilyId, type LibraryId, type Member } from '@heirloom/contracts';
import { suite, type Identity } from '@heirloom/formats';
import type { Transaction } from '../database.ts';

/** A person as their family's log knows them. */
export interface KnownMember {
  accountId: AccountId;
  familyId: FamilyId;
  libraryId: LibraryId;
  role: 'owner' | 'adult' | 'child' | 'viewer';
  identity: Identity;
}

/** Undefined for a person without a family. */
export async function findMember(tx: Transaction, accountId: AccountId): Promise<KnownMember | undefined> {
  const row = await tx.member.findUnique({ where: { accountId } });
  if (!row) return undefined;
  return {
    accountId,
    familyId: row.familyId as FamilyId,
    libraryId: row.libraryId as LibraryId,
    role: row.role,
    identity: { suite, account: accountId, sign: row.signPublicKey, kem: row.kemPublicKey },
  };
}

/** @throws AppError `no-family` */
export async function memberOf(tx: Transaction, accountId: AccountId): Promise<KnownMember> {
  const member = await findMember(tx, accountId);
  if (!member) throw new AppError('no-family');
  return member;
}

/** A person's name as they sealed it for their family. */
export const sealedNameOf = (row: {
  sealedName: Uint8Array | null;
  nameEpoch: number | null;
}): Member['name'] =>
  row.sealedName && row.nameEpoch
    ? { sealedName: new Uint8Array(row.sealedName), epoch: row.nameEpoch }
    : null;
