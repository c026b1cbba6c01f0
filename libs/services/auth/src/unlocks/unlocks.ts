import {
  AppError,
  type AccountId,
  type NewRecovery,
  type PasswordProof,
  type UnlockId,
  type UnlockInfo,
} from '@heirloom/contracts';
import { isUniqueViolation, recordAct } from '@heirloom/service-kit';
import { Injectable } from '@nestjs/common';
import { Database, inTransaction, type Transaction } from '../database.ts';
import type { Unlock as UnlockRow } from '../generated/client.ts';
import { checkUnlock, createUnlock } from '../keyrings/keyrings.ts';
import { PasswordProofs } from '../logins/password-proofs.ts';

/** The ways to a person's master key. */
@Injectable()
export class Unlocks {
  constructor(
    private readonly database: Database,
    private readonly proofs: PasswordProofs,
  ) {}

  async list(accountId: AccountId): Promise<UnlockInfo[]> {
    const rows = await this.database.unlock.findMany({
      where: { accountId },
      orderBy: [{ createdAt: 'asc' }, { id: 'asc' }],
    });
    return rows.map(infoOf);
  }

  /** @throws AppError `password-wrong`, `bad-request`, `conflict` for the id of another unlock */
  async putRecovery(
    accountId: AccountId,
    { proof, recovery }: { proof: PasswordProof; recovery: NewRecovery },
  ): Promise<UnlockInfo> {
    await this.proofs.finishAs(accountId, proof);
    const { unlock, accessHash } = recovery;
    const { signPublicKey } = await this.database.keyring.findUniqueOrThrow({ where: { accountId } });
    await checkUnlock(accountId, unlock, signPublicKey);
    const row = await inTransaction(this.database, async (tx) => {
      await lockAccount(tx, accountId);
      await tx.unlock.deleteMany({ where: { accountId, kind: 'recovery' } });
      const created = await createUnlock(tx, accountId, unlock, accessHash);
      await record(tx, 'recovery-key-made', accountId, unlock.unlockId);
      return created;
    }).catch((error: unknown) => {
      throw isUniqueViolation(error) ? new AppError('conflict', { cause: error }) : error;
    });
    return infoOf(row);
  }

  /** Confirming again changes nothing. @throws AppError `not-found` */
  async confirmRecovery(accountId: AccountId, unlockId: UnlockId): Promise<UnlockInfo> {
    const where = { id: unlockId, accountId, kind: 'recovery' };
    await inTransaction(this.database, async (tx) => {
      const { count } = await tx.unlock.updateMany({
        where: { ...where, confirmedAt: null },
        data: { confirmedAt: new Date() },
      });
      if (count > 0) await record(tx, 'recovery-key-confirmed', accountId, unlockId);
    });
    const row = await this.database.unlock.findFirst({ where });
    if (!row) {
      throw new AppError('not-found', {
        detail: 'This recovery key is not the one of your account any more. Make a new one.',
      });
    }
    return infoOf(row);
  }
}

/** One change of an account's ways in at a time. */
export async function lockAccount(tx: Transaction, accountId: AccountId): Promise<void> {
  await tx.$queryRaw`SELECT id FROM accounts WHERE id = ${accountId}::uuid FOR UPDATE`;
}

const record = (
  tx: Transaction,
  kind: 'recovery-key-made' | 'recovery-key-confirmed',
  accountId: AccountId,
  subjectId: UnlockId,
) => recordAct(tx, { kind, actor: { kind: 'person', id: accountId }, accountId, subjectId, details: {} });

const infoOf = ({ id, kind, createdAt, confirmedAt, usedAt }: UnlockRow): UnlockInfo =>
  ({ unlockId: id, kind, createdAt, confirmedAt, usedAt }) as UnlockInfo;
