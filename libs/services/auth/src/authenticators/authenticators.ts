import { AppError, limits, type AccountId, type NewAuthenticator } from '@heirloom/contracts';
import { Injectable } from '@nestjs/common';
import { Database, inTransaction, type Transaction } from '../database.ts';
import { Opaque } from '../opaque/opaque.ts';
import { openBytes, sealBytes } from '../sealed-bytes.ts';
import { stepOfCode } from './one-time-codes.ts';

interface Row {
  seed_id: string;
  sealed_secret: Uint8Array;
  last_step: number;
  failures: number;
  /** Whether wrong codes keep the account waiting. */
  pausing: boolean;
}

const label = 'authenticator';
const placeOf = (accountId: AccountId) => `authenticator ${accountId}`;

/** The second factor of staff: each one's authenticator, and which of its codes was taken last. */
@Injectable()
export class Authenticators {
  constructor(
    private readonly database: Database,
    private readonly opaque: Opaque,
  ) {}

  /**
   * Keeps an authenticator's secret, in place of the one before. The code that shows that it arrived is used up.
   *
   * @throws AppError `bad-request` for a wrong code
   */
  async put(tx: Transaction, accountId: AccountId, next: NewAuthenticator): Promise<void> {
    const { secret } = next;
    const lastStep = this.firstStep(next);
    const { seedId } = this.opaque;
    const sealedSecret = sealBytes(this.opaque.deriveKey(label), placeOf(accountId), secret);
    const row = { seedId, sealedSecret, lastStep, failures: 0, failedAt: null };
    await tx.authenticator.upsert({ where: { accountId }, create: { accountId, ...row }, update: row });
  }

  /**
   * The step of the code that shows that an authenticator has its secret.
   *
   * @throws AppError `bad-request` for a wrong code
   */
  firstStep({ secret, code }: NewAuthenticator): number {
    const step = stepOfCode(secret, code, new Date());
    if (step !== undefined) return step;
    throw new AppError('bad-request', {
      detail:
        'The code does not belong to the new authenticator. Check that the clocks of both devices are right, and type the newest code.',
    });
  }

  /**
   * Takes a code, which is good once: no code of the same step or of one before is taken after it. Whoever may try codes knows
   * the password already, so wrong ones soon cost a day.
   *
   * @returns whether it was right
   * @throws AppError `too-many-requests` after limits.codeFailures wrong ones
   */
  take(accountId: AccountId, code: string): Promise<boolean> {
    return inTransaction(this.database, async (tx) => {
      const [row] = await tx.$queryRaw<Row[]>`
        SELECT seed_id, sealed_secret, last_step, failures,
          coalesce(failed_at > now() - ${limits.codePauseMs} * interval '1 millisecond', false) AS pausing
        FROM authenticators WHERE account_id = ${accountId}::uuid FOR UPDATE`;
      if (!row) return false;
      const failures = row.pausing ? row.failures : 0;
      if (failures >= limits.codeFailures)
        throw new AppError('too-many-requests', {
          detail:
            'Too many wrong codes. Wait a day, or ask another operator to remove this account and to invite you again.',
        });
      const step = this.#stepOf(accountId, row, code);
      const right = step !== undefined && step > row.last_step;
      await tx.authenticator.update({
        where: { accountId },
        data: right
          ? { lastStep: step, failures: 0, failedAt: null }
          : { failures: failures + 1, failedAt: new Date() },
      });
      return right;
    });
  }

  #stepOf(accountId: AccountId, row: Row, code: string): number | undefined {
    const key = this.opaque.deriveKey(label, row.seed_id);
    const secret = key && openBytes(key, placeOf(accountId), row.sealed_secret);
    return secret && stepOfCode(secret, code, new Date());
  }
}
