import {
  AppError,
  limits,
  unlockRoutes,
  type AccountId,
  type DeviceId,
  type RouteInput,
  type RouteOutput,
  type Unlock,
} from '@heirloom/contracts';
import { isUniqueViolation, recordAct } from '@heirloom/service-kit';
import { Injectable } from '@nestjs/common';
import { createHmac, timingSafeEqual } from 'node:crypto';
import { Database, inTransaction, type Transaction } from '../database.ts';
import { checkUnlock, createUnlock } from '../keyrings/keyrings.ts';
import { LoginAttempts } from '../logins/login-attempts.ts';
import { PasswordProofs } from '../logins/password-proofs.ts';
import { Opaque } from '../opaque/opaque.ts';
import { lockAccount } from '../unlocks/unlocks.ts';

type Start = typeof unlockRoutes.startPasswordChange;
type Finish = typeof unlockRoutes.finishPasswordChange;

interface Who {
  readonly accountId: AccountId;
  readonly deviceId: DeviceId;
}

/** What a new OPAQUE registration of an account leaves: the record, and the unlock that its export key opens. */
export interface NewPassword {
  readonly seedId: string;
  readonly registrationRecord: string;
  readonly unlock: Unlock;
}

/** Replaces what the server keeps of a person's password. The master key stays as it is. */
@Injectable()
export class PasswordChanges {
  readonly #key: Uint8Array;

  constructor(
    private readonly database: Database,
    private readonly opaque: Opaque,
    private readonly proofs: PasswordProofs,
    private readonly attempts: LoginAttempts,
  ) {
    this.#key = opaque.deriveKey('password-change');
  }

  /**
   * The proof comes first: an answer here is one evaluation of the account's OPRF, by which passwords could be tried
   * against a recorded login, past the limit on logins.
   *
   * @throws AppError `password-wrong`, `bad-request`
   */
  async start(
    who: Who,
    { proof, registrationRequest }: RouteInput<Start>['body'],
  ): Promise<RouteOutput<Start>> {
    await this.proofs.finishAs(who.accountId, proof);
    return {
      registrationResponse: this.opaque.register(who.accountId, registrationRequest),
      seedId: this.opaque.seedId,
      ticket: this.#ticket(who, Date.now() + limits.loginAttemptMs),
    };
  }

  /** @throws AppError `password-wrong` for a ticket that is not this device's or over, `bad-request`, `conflict` */
  async finish(who: Who, { ticket, ...password }: RouteInput<Finish>['body']): Promise<void> {
    const until = Number(ticket.split('.')[0]);
    const [shown, right] = [Buffer.from(ticket), Buffer.from(this.#ticket(who, until))];
    const good = shown.length === right.length && timingSafeEqual(shown, right);
    if (!good || !(until > Date.now())) throw new AppError('password-wrong');
    await this.check(who.accountId, password);
    await inTransaction(this.database, (tx) => this.replace(tx, who.accountId, password)).catch(asConflict);
  }

  /** @throws AppError `bad-request`, or `conflict` when the server setup changed since the registration began */
  async check(
    accountId: AccountId,
    { seedId, registrationRecord: record, unlock }: NewPassword,
  ): Promise<void> {
    if (!this.opaque.knowsSeed(seedId)) throw new AppError('conflict');
    this.opaque.checkRecord(accountId, { record, seedId });
    const { signPublicKey } = await this.database.keyring.findUniqueOrThrow({ where: { accountId } });
    await checkUnlock(accountId, unlock, signPublicKey);
  }

  /** Record and unlock change together, or the one would not open the other. Repeating it changes nothing. */
  async replace(
    tx: Transaction,
    accountId: AccountId,
    { seedId, registrationRecord: record, unlock }: NewPassword,
  ): Promise<void> {
    await lockAccount(tx, accountId);
    const isRepeated = (await tx.unlock.count({ where: { id: unlock.unlockId, accountId } })) > 0;
    const before = await tx.credential.findUniqueOrThrow({ where: { accountId } });
    await tx.credential.update({ where: { accountId }, data: { seedId, record } });
    await tx.unlock.deleteMany({ where: { accountId, kind: 'password' } });
    await createUnlock(tx, accountId, unlock);
    await this.attempts.endAll(tx, accountId);
    if (isRepeated) return;
    const details = { renewed: before.seedId !== this.opaque.seedId };
    await recordAct(tx, {
      kind: 'password-changed',
      actor: { kind: 'person', id: accountId },
      accountId,
      details,
    });
  }

  /** Says until when (milliseconds since 1970) this device may finish: the time and its MAC. */
  #ticket({ accountId, deviceId }: Who, until: number): string {
    const mac = createHmac('sha256', this.#key)
      .update(`${until} ${accountId} ${deviceId}`)
      .digest('base64url');
    return `${until}.${mac}`;
  }
}

/** The id of the unlock is somebody else's already. */
export function asConflict(error: unknown): never {
  throw isUniqueViolation(error) ? new AppError('conflict', { cause: error }) : error;
}
