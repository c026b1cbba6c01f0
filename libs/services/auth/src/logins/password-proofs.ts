import {
  AppError,
  authRoutes,
  type AccountId,
  type PasswordProof,
  type RouteInput,
  type RouteOutput,
} from '@heirloom/contracts';
import { Injectable } from '@nestjs/common';
import { Database } from '../database.ts';
import type { AccountKind } from '../generated/client.ts';
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
    kind: AccountKind,
    { email, startLoginRequest }: RouteInput<Start>['body'],
  ): Promise<RouteOutput<Start>> {
    const subject = await this.#subject(kind, email);
    const { loginResponse, serverLoginState } = this.opaque.startLogin(subject, startLoginRequest);
    const loginId = await this.attempts.begin(subject, serverLoginState);
    return { loginId, loginResponse };
  }

  /**
   * @returns the account, which is of this kind
   * @throws AppError `login-failed`
   */
  async finish(
    kind: AccountKind,
    { loginId, finishLoginRequest }: Pick<RouteInput<Finish>['body'], 'loginId' | 'finishLoginRequest'>,
  ): Promise<AccountId> {
    const attempt = await this.attempts.take(loginId, kind);
    // Asked of a stranger's attempt too, so that it takes as long.
    const isRight =
      attempt !== undefined && this.opaque.finishLogin(attempt.serverLoginState, finishLoginRequest);
    if (!isRight || !attempt.known) throw new AppError('login-failed');
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

  async #subject(kind: AccountKind, email: string): Promise<Subject> {
    const account = await this.database.account.findUnique({
      where: { kind_email: { kind, email } },
      include: { credential: true },
    });
    const stranger = this.opaque.stranger(email, kind);
    return account?.credential
      ? { id: account.id as AccountId, kind, credential: account.credential }
      : stranger;
  }
}
