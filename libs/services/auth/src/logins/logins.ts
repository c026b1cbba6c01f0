import { AppError, authRoutes, type AccountId, type RouteInput, type RouteOutput } from '@heirloom/contracts';
import { Injectable } from '@nestjs/common';
import { Database, inTransaction } from '../database.ts';
import { Devices } from '../devices/devices.ts';
import { readKeyring } from '../keyrings/keyrings.ts';
import { Opaque, type Subject } from '../opaque/opaque.ts';
import { Sessions } from '../sessions/sessions.ts';
import { LoginAttempts } from './login-attempts.ts';

type Start = typeof authRoutes.startLogin;
type Finish = typeof authRoutes.finishLogin;

/** Logins by password: OPAQUE in two steps (RFC 9807 §6). */
@Injectable()
export class Logins {
  constructor(
    private readonly database: Database,
    private readonly opaque: Opaque,
    private readonly attempts: LoginAttempts,
    private readonly devices: Devices,
    private readonly sessions: Sessions,
  ) {}

  /** Does the same work and answers in the same form whether there is such an account or not. */
  async start({ email, startLoginRequest }: RouteInput<Start>['body']): Promise<RouteOutput<Start>> {
    const subject = await this.#subject(email);
    const { loginResponse, serverLoginState } = this.opaque.startLogin(subject, startLoginRequest);
    const loginId = await this.attempts.begin(subject, serverLoginState);
    return { loginId, loginResponse };
  }

  async finish({
    loginId,
    finishLoginRequest,
    device,
  }: RouteInput<Finish>['body']): Promise<RouteOutput<Finish>> {
    const attempt = await this.attempts.take(loginId);
    // Asked of a stranger's attempt too, so that it takes as long.
    const isRight =
      attempt !== undefined && this.opaque.finishLogin(attempt.serverLoginState, finishLoginRequest);
    if (!isRight || !attempt.known) throw new AppError('login-failed');
    await this.attempts.succeed(loginId);
    const accountId = attempt.subjectId;
    const { session, unlock, ...rest } = await inTransaction(this.database, async (tx) => {
      await this.devices.enroll(tx, accountId, device);
      const { seedId } = await tx.credential.findUniqueOrThrow({ where: { accountId } });
      const { unlocks, keyring } = await readKeyring(tx, accountId);
      return {
        session: await this.sessions.open(tx, accountId, device.deviceId),
        unlock: unlocks.find(({ kind }) => kind === 'password'),
        keyring,
        reRegister: seedId !== this.opaque.seedId,
      };
    });
    if (!unlock) throw new Error('an account with a password has no unlock for it');
    return { session: await this.sessions.answer(session), unlock, ...rest };
  }

  async #subject(email: string): Promise<Subject> {
    const account = await this.database.account.findUnique({
      where: { email },
      include: { credential: true },
    });
    const stranger = this.opaque.stranger(email);
    return account?.credential ? { id: account.id as AccountId, credential: account.credential } : stranger;
  }
}
