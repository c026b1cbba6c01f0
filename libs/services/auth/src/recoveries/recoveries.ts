import {
  AppError,
  recoveryRoutes,
  type AccountId,
  type RouteInput,
  type RouteOutput,
} from '@heirloom/contracts';
import { recordAct } from '@heirloom/service-kit';
import { Injectable } from '@nestjs/common';
import { createHash, timingSafeEqual } from 'node:crypto';
import { Database, inTransaction, type Transaction } from '../database.ts';
import { Devices } from '../devices/devices.ts';
import { readKeyring } from '../keyrings/keyrings.ts';
import { LoginAttempts } from '../logins/login-attempts.ts';
import { Opaque } from '../opaque/opaque.ts';
import { asConflict, PasswordChanges } from '../passwords/password-changes.ts';
import { Sessions } from '../sessions/sessions.ts';

type Start = typeof recoveryRoutes.startRecovery;
type Finish = typeof recoveryRoutes.finishRecovery;
type Claim = Pick<RouteInput<Start>['body'], 'email' | 'accessCode'>;

/** What an address without a recovery key is compared with: the hash of nothing that anybody has. */
const nobody = Buffer.alloc(32);

/** The way in by a recovery key: whoever has its words sets a new password and signs in. */
@Injectable()
export class Recoveries {
  constructor(
    private readonly database: Database,
    private readonly opaque: Opaque,
    private readonly attempts: LoginAttempts,
    private readonly passwords: PasswordChanges,
    private readonly devices: Devices,
    private readonly sessions: Sessions,
  ) {}

  /** @throws AppError `recovery-failed`, `account-locked`, `too-many-requests`, `bad-request` */
  async start({ registrationRequest, ...claim }: RouteInput<Start>['body']): Promise<RouteOutput<Start>> {
    const accountId = await this.#admit(claim);
    const { unlocks, keyring } = await readKeyring(this.database, accountId);
    const unlock = unlocks.find(({ kind }) => kind === 'recovery');
    // It was replaced just now.
    if (!unlock) throw new AppError('recovery-failed');
    return {
      accountId,
      unlock,
      keyring,
      registrationResponse: this.opaque.register(accountId, registrationRequest),
      seedId: this.opaque.seedId,
    };
  }

  /** @throws AppError as {@link start}; `conflict` also when the server setup changed since then */
  async finish({
    email,
    accessCode,
    device,
    ...password
  }: RouteInput<Finish>['body']): Promise<RouteOutput<Finish>> {
    const accountId = await this.#admit({ email, accessCode });
    await this.passwords.check(accountId, password);
    const session = await inTransaction(this.database, async (tx) => {
      await this.passwords.replace(tx, accountId, password);
      // Under the account's lock: a key that was replaced meanwhile lets nobody in.
      if ((await this.#find(tx, { email, accessCode })) !== accountId) throw new AppError('recovery-failed');
      await tx.unlock.updateMany({ where: { accountId, kind: 'recovery' }, data: { usedAt: new Date() } });
      const actor = { kind: 'person', id: accountId } as const;
      await recordAct(tx, { kind: 'recovery-key-used', actor, accountId, details: {} });
      await this.devices.enroll(tx, accountId, device, 'recovery');
      return await this.sessions.open(tx, accountId, device.deviceId);
    }).catch(asConflict);
    return { session: await this.sessions.answer(session) };
  }

  /** Attempts are counted by the address that was typed, whether it has an account or not. */
  async #admit(claim: Claim): Promise<AccountId> {
    const subject = this.opaque.recoverySubject(claim.email);
    const attempt = await this.attempts.count(subject);
    const accountId = await this.#find(this.database, claim);
    if (!accountId) {
      this.attempts.noteFailure('recovery', subject, () => this.#accountOf(claim.email));
      throw new AppError('recovery-failed');
    }
    await this.attempts.succeed(attempt);
    await this.#refuseLocked(accountId);
    return accountId;
  }

  /** Only who has the right words learns of it. */
  async #refuseLocked(id: AccountId): Promise<void> {
    const account = await this.database.account.findUnique({ where: { id }, select: { lockedAt: true } });
    if (account?.lockedAt) throw new AppError('account-locked');
  }

  async #accountOf(email: string): Promise<AccountId | undefined> {
    const where = { kind_email: { kind: 'person', email } } as const;
    const account = await this.database.account.findUnique({ where, select: { id: true } });
    return account?.id as AccountId | undefined;
  }

  /** Does the same work whatever there is. */
  async #find(db: Transaction, { email, accessCode }: Claim): Promise<AccountId | undefined> {
    const account = await db.account.findUnique({
      where: { kind_email: { kind: 'person', email } },
      select: { id: true, unlocks: { where: { kind: 'recovery' }, select: { accessHash: true } } },
    });
    const kept = account?.unlocks[0]?.accessHash;
    const same = timingSafeEqual(createHash('sha256').update(accessCode).digest(), kept ?? nobody);
    return account && kept && same ? (account.id as AccountId) : undefined;
  }
}
