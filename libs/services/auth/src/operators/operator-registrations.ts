import { AppError, authRoutes, type AccountId, type RouteInput, type RouteOutput } from '@heirloom/contracts';
import { isUniqueViolation } from '@heirloom/service-kit';
import { Injectable } from '@nestjs/common';
import { Database, inTransaction, type Transaction } from '../database.ts';
import { Devices } from '../devices/devices.ts';
import { Opaque } from '../opaque/opaque.ts';
import { findExisting, isRepeated, taken } from '../registrations/existing-account.ts';
import { Sessions, type OpenSession } from '../sessions/sessions.ts';
import { SetupGate } from './setup-gate.ts';

type Start = typeof authRoutes.startOperatorRegistration;
type Finish = typeof authRoutes.finishOperatorRegistration;
type Application = RouteInput<Finish>['body'];
type TokenHash = Uint8Array<ArrayBuffer>;

/** Makes operators: each by a setup token, which is used up in the same transaction. */
@Injectable()
export class OperatorRegistrations {
  constructor(
    private readonly database: Database,
    private readonly opaque: Opaque,
    private readonly gate: SetupGate,
    private readonly devices: Devices,
    private readonly sessions: Sessions,
  ) {}

  /** @throws AppError `setup-token-invalid`, `setup-token-used` */
  async check(setupToken: string): Promise<void> {
    await this.#refuseUsed(this.database, this.gate.admit(setupToken));
  }

  /** @throws AppError `setup-token-invalid`, `setup-token-used`, `email-taken`, `conflict`, `bad-request` */
  async start({
    accountId,
    email,
    setupToken,
    registrationRequest,
  }: RouteInput<Start>['body']): Promise<RouteOutput<Start>> {
    await this.check(setupToken);
    const wanted = { kind: 'operator', accountId, email } as const;
    const existing = await findExisting(this.database, wanted);
    // To answer for an id that exists would let anyone try passwords against a recorded login of it.
    if (existing) throw taken(existing, wanted);
    return {
      registrationResponse: this.opaque.register(accountId, registrationRequest),
      seedId: this.opaque.seedId,
    };
  }

  /** @throws AppError as {@link start}; `conflict` also when the server setup changed since then */
  async finish(application: Application): Promise<RouteOutput<Finish>> {
    const { accountId, seedId, registrationRecord: record } = application;
    const tokenHash = this.gate.admit(application.setupToken);
    if (!this.opaque.knowsSeed(seedId)) throw new AppError('conflict');
    this.opaque.checkRecord(accountId, { record, seedId });
    const session = await inTransaction(this.database, async (tx) => {
      await this.#refuseUsed(tx, tokenHash, accountId);
      return (await this.#create(tx, application, tokenHash)) ?? this.#repeat(tx, application);
    }).catch((error: unknown) => {
      // Accounts and tokens are created without one: it was the id of the device.
      throw isUniqueViolation(error) ? new AppError('conflict', { cause: error }) : error;
    });
    return { session: await this.sessions.answer(session) };
  }

  /** @param except who may have used it: a sign-up that is repeated */
  async #refuseUsed(db: Transaction, tokenHash: TokenHash, except?: AccountId): Promise<void> {
    const used = await db.usedSetupToken.findUnique({ where: { tokenHash } });
    if (used && used.accountId !== except) throw new AppError('setup-token-used');
  }

  /** @returns undefined when there is such an account already */
  async #create(
    tx: Transaction,
    { accountId, email, seedId, registrationRecord: record, device }: Application,
    tokenHash: TokenHash,
  ): Promise<OpenSession | undefined> {
    const { count } = await tx.account.createMany({
      data: [{ id: accountId, kind: 'operator', email }],
      skipDuplicates: true,
    });
    if (count === 0) return undefined;
    // Of two at once, the second waits here for the first one's end and then finds the token used.
    const used = await tx.usedSetupToken.createMany({
      data: [{ tokenHash, accountId }],
      skipDuplicates: true,
    });
    if (used.count === 0) throw new AppError('setup-token-used');
    await tx.credential.create({ data: { accountId, seedId, record } });
    await this.devices.enroll(tx, accountId, device);
    return this.sessions.open(tx, accountId, device.deviceId);
  }

  /** The answer to a sign-up may be lost on the way: the same one again gets a session of the same operator. */
  async #repeat(tx: Transaction, application: Application): Promise<OpenSession> {
    const wanted = { kind: 'operator', ...application } as const;
    const existing = await findExisting(tx, wanted);
    if (!isRepeated(existing, wanted)) throw taken(existing, wanted);
    const { accountId, device } = application;
    await this.devices.enroll(tx, accountId, device);
    return this.sessions.open(tx, accountId, device.deviceId);
  }
}
