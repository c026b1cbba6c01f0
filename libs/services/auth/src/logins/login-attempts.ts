import { AppError, limits, newId, type AccountId, type LoginId } from '@heirloom/contracts';
import { Injectable } from '@nestjs/common';
import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';
import { Database, inTransaction, type Transaction } from '../database.ts';
import type { AccountKind } from '../generated/client.ts';
import { Opaque, type Subject } from '../opaque/opaque.ts';

const nonceBytes = 12;
const tagBytes = 16;

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
    const sealed = this.#seal(placeOf(loginId, subject), serverLoginState);
    await inTransaction(this.database, async (tx) => {
      await this.#mustHaveOneLeft(tx, subject.id);
      await tx.$executeRaw`
        INSERT INTO logins (id, subject_id, known, sealed_state, created_at, expires_at)
        VALUES (${loginId}::uuid, ${subject.id}::uuid, ${subject.credential !== null}, ${sealed}, now(),
                now() + ${limits.loginAttemptMs} * interval '1 millisecond')`;
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
    const [row] = await tx.$queryRaw<{ failures: number }[]>`
      SELECT count(*)::int AS failures FROM logins
      WHERE subject_id = ${subjectId}::uuid AND created_at > now() - ${limits.loginWindowMs} * interval '1 millisecond'`;
    if ((row?.failures ?? 0) >= limits.loginFailures) throw new AppError('too-many-requests');
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
   * @returns undefined when there is no such attempt of an account of this kind (any more)
   */
  async take(loginId: LoginId, kind: AccountKind): Promise<Attempt | undefined> {
    const [taken] = await this.database.$queryRaw<
      { subject_id: AccountId; known: boolean; sealed_state: Uint8Array }[]
    >`
      WITH attempt AS (
        SELECT id, sealed_state FROM logins
        WHERE id = ${loginId}::uuid AND sealed_state IS NOT NULL AND expires_at > now() FOR UPDATE)
      UPDATE logins SET sealed_state = NULL FROM attempt
      WHERE logins.id = attempt.id RETURNING logins.subject_id, logins.known, attempt.sealed_state`;
    const serverLoginState =
      taken && this.#open(placeOf(loginId, { id: taken.subject_id, kind }), taken.sealed_state);
    if (serverLoginState === undefined) return undefined;
    return { subjectId: taken!.subject_id, known: taken!.known, serverLoginState };
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

  /** Who can read the database must not be able to finish a login that is under way: AES-256-GCM, bound to its place. */
  #seal(place: Uint8Array, text: string): Uint8Array<ArrayBuffer> {
    const nonce = randomBytes(nonceBytes);
    const cipher = createCipheriv('aes-256-gcm', this.#key, nonce).setAAD(place);
    return new Uint8Array(
      Buffer.concat([nonce, cipher.update(text, 'utf8'), cipher.final(), cipher.getAuthTag()]),
    );
  }

  /** @returns undefined when it was sealed before the server setup changed */
  #open(place: Uint8Array, sealed: Uint8Array): string | undefined {
    const bytes = Buffer.from(sealed);
    const decipher = createDecipheriv('aes-256-gcm', this.#key, bytes.subarray(0, nonceBytes), {
      authTagLength: tagBytes,
    });
    decipher.setAAD(place).setAuthTag(bytes.subarray(-tagBytes));
    try {
      return (
        decipher.update(bytes.subarray(nonceBytes, -tagBytes), undefined, 'utf8') + decipher.final('utf8')
      );
    } catch {
      return undefined;
    }
  }
}

/** What is begun as an operator cannot be finished as a person, nor the other way round. */
const placeOf = (loginId: LoginId, { id, kind }: Pick<Subject, 'id' | 'kind'>) =>
  Buffer.from(`${loginId} ${id} ${kind}`);
