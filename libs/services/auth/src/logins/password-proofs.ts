import {
  AppError,
  authRoutes,
  type AccountId,
  type PasswordProof,
  type RouteInput,
  type RouteOutput,
} from '@heirloom/contracts';
import { Injectable } from '@nestjs/common';
import { kindsOf, type Realm } from '../accounts/realm.ts';
import { Database } from '../database.ts';
import { Opaque, type Subject } from '../opaque/opaque.ts';
import { LoginAttempts } from './login-attempts.ts';

type Start = typeof authRoutes.startLogin | typeof authRoutes.startOperatorLogin;
type Finish = typeof authRoutes.finishLogin | typeof authRoutes.finishOperatorLogin;

/** The two steps of OPAQUE (RFC 9807 §6) by which someone shows that they know an account's password. */
@Injectable()
export class PasswordProofs {
  constructor(
    private readonly database: Database,
    private readonly opaque: Opaque,
    private readonly attempts: LoginAttempts,
  ) {}

  /** Does the same work and answers in the same form whether there is such an account or not. */
  async start(
    realm: Realm,
    { email, startLoginRequest }: RouteInput<Start>['body'],
  ): Promise<RouteOutput<Start>> {
    const subject = await this.#subject(realm, email);
    const { loginResponse, serverLoginState } = this.opaque.startLogin(subject, startLoginRequest);
    const loginId = await this.attempts.begin(subject, serverLoginState);
    return { loginId, loginResponse };
  }

  /**
   * @param confirm what else must be right: without it the attempt counts as one with a wrong password
   * @returns the account, which is of this realm
   * @throws AppError `login-failed`, and what `confirm` throws
   */
  async finish(
    realm: Realm,
    { loginId, finishLoginRequest }: Pick<RouteInput<Finish>['body'], 'loginId' | 'finishLoginRequest'>,
    confirm: (accountId: AccountId) => Promise<boolean> = () => Promise.resolve(true),
  ): Promise<AccountId> {
    const attempt = await this.attempts.take(loginId, realm);
    // Asked of a stranger's attempt too, so that it takes as long.
    const isRight =
      attempt !== undefined && this.opaque.finishLogin(attempt.serverLoginState, finishLoginRequest);
    if (!isRight || !attempt.known || !(await confirm(attempt.subjectId))) {
      if (attempt?.known) this.attempts.noteFailure('password', attempt.subjectId);
      throw new AppError('login-failed');
    }
    await this.attempts.succeed(loginId);
    return attempt.subjectId;
  }

  /** Shows that whoever is signed in knows their password now. @throws AppError `password-wrong` */
  async finishAs(accountId: AccountId, proof: PasswordProof): Promise<void> {
    const shown = await this.finish('person', proof).catch((error: unknown) => {
      if (error instanceof AppError && error.code === 'login-failed') return undefined;
      throw error;
    });
    if (shown !== accountId) throw new AppError('password-wrong');
  }

  async #subject(realm: Realm, email: string): Promise<Subject> {
    const account = await this.database.account.findFirst({
      where: { kind: { in: kindsOf[realm] }, email },
      include: { credential: true },
    });
    const stranger = this.opaque.stranger(email, realm);
    return account?.credential
      ? { id: account.id as AccountId, realm, credential: account.credential }
      : stranger;
  }
}
