import { AppError, limits, newId, type AccountId, type LoginId, type UnlockKind } from '@heirloom/contracts';
import { byAnybody, recordAct } from '@heirloom/service-kit';
import { Injectable, Logger } from '@nestjs/common';
import type { Realm } from '../accounts/realm.ts';
import { Database, inTransaction, type Transaction } from '../database.ts';
import { Opaque, type Subject } from '../opaque/opaque.ts';
import { openBytes, sealBytes } from '../sealed-bytes.ts';

export interface Attempt {
  readonly subjectId: AccountId;
  /** Whether there is such an account. */
  readonly known: boolean;
  readonly serverLoginState: string;
}

/**
 * Logins between their two steps. Every start counts as a failure until it is finished well: who has the answer to a
 * start knows already whether the password was right, so counting only what is finished would count nothing.
 */
@Injectable()
export class LoginAttempts {
  readonly #log = new Logger(LoginAttempts.name);
  readonly #key: Uint8Array;

  constructor(
    private readonly database: Database,
    opaque: Opaque,
  ) {
    this.#key = opaque.deriveKey('login-state');
  }

  /** @throws AppError `too-many-requests` when the subject has no attempt left within the window */
  async begin(subject: Subject, serverLoginState: string): Promise<LoginId> {
    const loginId = newId<LoginId>();
    const isKnown = subject.credential !== null;
    const sealed = sealBytes(this.#key, placeOf(loginId, subject), Buffer.from(serverLoginState));
    await inTransaction(this.database, async (tx) => {
      await this.#mustHaveOneLeft(tx, subject.id);
      await tx.$executeRaw`
        INSERT INTO logins (id, subject_id, known, sealed_state, created_at, expires_at)
        VALUES (${loginId}::uuid, ${subject.id}::uuid, ${isKnown}, ${sealed}, now(),
                now() + ${limits.loginAttemptMs} * interval '1 millisecond')`;
    }).catch((error: unknown) => {
      if (isKnown) this.noteFailure('password', subject.id);
      throw error;
    });
    await this.#sweep();
    return loginId;
  }

  /**
   * Counts an attempt that is made in one step.
   *
   * @returns what {@link succeed} takes when it was right
   * @throws AppError `too-many-requests` as {@link begin}
   */
  async count(subjectId: AccountId): Promise<LoginId> {
    const loginId = newId<LoginId>();
    await inTransaction(this.database, async (tx) => {
      await this.#mustHaveOneLeft(tx, subjectId);
      await tx.$executeRaw`
        INSERT INTO logins (id, subject_id, known, sealed_state, created_at, expires_at)
        VALUES (${loginId}::uuid, ${subjectId}::uuid, false, NULL, now(), now())`;
    });
    await this.#sweep();
    return loginId;
  }

  async #mustHaveOneLeft(tx: Transaction, subjectId: AccountId): Promise<void> {
    // Attempts of one subject queue up here, or several could each be the last one within the limit.
    await tx.$executeRaw`SELECT pg_advisory_xact_lock(hashtextextended(${subjectId}, 0))`;
    if ((await countAttempts(tx, subjectId)) >= limits.loginFailures) throw new AppError('too-many-requests');
  }

  /** Logins under way were begun with a password that is not the account's any more: none of them ends well. */
  async endAll(tx: Transaction, subjectId: AccountId): Promise<void> {
    await tx.login.updateMany({
      where: { subjectId, sealedState: { not: null } },
      data: { sealedState: null },
    });
  }

  /**
   * Takes an attempt's state out, so that it can be finished once only.
   *
   * @returns undefined when there is no such attempt of an account of this realm (any more)
   */
  async take(loginId: LoginId, realm: Realm): Promise<Attempt | undefined> {
    const [taken] = await this.database.$queryRaw<
      { subject_id: AccountId; known: boolean; sealed_state: Uint8Array }[]
    >`
      WITH attempt AS (
        SELECT id, sealed_state FROM logins
        WHERE id = ${loginId}::uuid AND sealed_state IS NOT NULL AND expires_at > now() FOR UPDATE)
      UPDATE logins SET sealed_state = NULL FROM attempt
      WHERE logins.id = attempt.id RETURNING logins.subject_id, logins.known, attempt.sealed_state`;
    if (!taken) return undefined;
    const { subject_id: subjectId, known, sealed_state: sealed } = taken;
    // Undefined too when it was sealed before the server setup changed.
    const state = openBytes(this.#key, placeOf(loginId, { id: subjectId, realm }), sealed);
    return state && { subjectId, known, serverLoginState: Buffer.from(state).toString('utf8') };
  }

  /**
   * Notes for the audit trail that somebody tried in vain: the first time within the window, and when no attempt is left. It does
   * so after the answer, which must take as long where there is no account.
   *
   * @param accountOf whose account it is, where that is another id than the subject's
   */
  noteFailure(
    by: UnlockKind,
    subjectId: AccountId,
    accountOf: () => Promise<AccountId | undefined> = () => Promise.resolve(subjectId),
  ): void {
    void (async () => {
      const accountId = await accountOf();
      if (accountId)
        await inTransaction(this.database, (tx) => recordFailure(tx, { by, subjectId, accountId }));
    })().catch((err: unknown) => this.#log.warn({ err }, 'a failed login could not be recorded'));
  }

  /** The password was right: the attempt no longer counts. */
  async succeed(loginId: LoginId): Promise<void> {
    await this.database.login.deleteMany({ where: { id: loginId } });
  }

  /** Every start clears some of what counts no longer, so that the table stays small without a job. */
  async #sweep(): Promise<void> {
    await this.database.$executeRaw`
      DELETE FROM logins WHERE id IN (
        SELECT id FROM logins WHERE created_at < now() - ${limits.loginWindowMs} * interval '1 millisecond'
        ORDER BY created_at LIMIT 100 FOR UPDATE SKIP LOCKED)`;
  }
}

/** What is begun as staff cannot be finished as a person, nor the other way round. */
const placeOf = (loginId: LoginId, { id, realm }: Pick<Subject, 'id' | 'realm'>) =>
  `${loginId} ${id} ${realm}`;

/** Of a subject within the window. */
async function countAttempts(tx: Transaction, subjectId: AccountId): Promise<number> {
  const [row] = await tx.$queryRaw<{ attempts: number }[]>`
    SELECT count(*)::int AS attempts FROM logins
    WHERE subject_id = ${subjectId}::uuid AND created_at > now() - ${limits.loginWindowMs} * interval '1 millisecond'`;
  return row?.attempts ?? 0;
}

async function recordFailure(
  tx: Transaction,
  { by, subjectId, accountId }: { by: UnlockKind; subjectId: AccountId; accountId: AccountId },
): Promise<void> {
  await tx.$executeRaw`SELECT pg_advisory_xact_lock(hashtextextended(${subjectId}, 0))`;
  const failures = Math.max(1, await countAttempts(tx, subjectId));
  const [noted] = await tx.$queryRaw<{ most: number | null }[]>`
    SELECT max((act->'details'->>'failures')::int) AS most FROM audit_acts
    WHERE at > now() - ${limits.loginWindowMs} * interval '1 millisecond' AND act->>'kind' = 'login-failed'
      AND act->>'accountId' = ${accountId} AND act->'details'->>'by' = ${by}`;
  const most = noted?.most ?? 0;
  const isNews = most === 0 || (failures >= limits.loginFailures && most < limits.loginFailures);
  if (isNews)
    await recordAct(tx, { kind: 'login-failed', actor: byAnybody, accountId, details: { failures, by } });
}
