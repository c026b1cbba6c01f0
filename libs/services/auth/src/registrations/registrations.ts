import { AppError, authRoutes, type RouteInput, type RouteOutput } from '@heirloom/contracts';
import { equalBytes } from '@heirloom/formats';
import { isUniqueViolation } from '@heirloom/service-kit';
import { Injectable } from '@nestjs/common';
import { Database, inTransaction, type Transaction } from '../database.ts';
import { Devices } from '../devices/devices.ts';
import { checkKeyring, createKeyring } from '../keyrings/keyrings.ts';
import { Opaque } from '../opaque/opaque.ts';
import { Sessions, type OpenSession } from '../sessions/sessions.ts';
import { RegistrationGate } from './registration-gate.ts';

type Start = typeof authRoutes.startRegistration;
type Finish = typeof authRoutes.finishRegistration;
type Application = RouteInput<Finish>['body'];

/** How long after its creation an account is created "again" by the same request. */
const repeatableMs = 10 * 60_000;

/** Sign-ups: OPAQUE registration (RFC 9807 §5), then everything that an account consists of at once. */
@Injectable()
export class Registrations {
  constructor(
    private readonly database: Database,
    private readonly opaque: Opaque,
    private readonly gate: RegistrationGate,
    private readonly devices: Devices,
    private readonly sessions: Sessions,
  ) {}

  /**
   * Says at once when the address is taken: on an installation of one's own that helps more than it tells.
   *
   * @throws AppError `registration-closed`, `invitation-needed`, `email-taken`, `conflict`, `bad-request`
   */
  async start({
    accountId,
    email,
    invitation,
    registrationRequest,
  }: RouteInput<Start>['body']): Promise<RouteOutput<Start>> {
    const codeHash = this.gate.admit(invitation);
    if (codeHash && (await this.database.usedInvitation.findUnique({ where: { codeHash } })))
      throw new AppError('invitation-needed');
    const existing = await this.#existing(this.database, accountId, email);
    // An account's id is what its OPRF key is derived from. Answering for one that exists would let anyone try
    // passwords against a recorded login, past the limit on logins.
    if (existing) throw new AppError(existing.email === email ? 'email-taken' : 'conflict');
    return {
      registrationResponse: this.opaque.register(accountId, registrationRequest),
      seedId: this.opaque.seedId,
    };
  }

  /** @throws AppError as {@link start}; `conflict` also when the server setup changed since then */
  async finish(application: Application): Promise<RouteOutput<Finish>> {
    const codeHash = this.gate.admit(application.invitation);
    await this.#check(application);
    const session = await inTransaction(
      this.database,
      async (tx) => (await this.#create(tx, application, codeHash)) ?? this.#repeat(tx, application),
    ).catch((error: unknown) => {
      // The account itself is created without one: it was the id of the device or the unlock.
      throw isUniqueViolation(error) ? new AppError('conflict', { cause: error }) : error;
    });
    return { session: await this.sessions.answer(session) };
  }

  async #check({ accountId, seedId, registrationRecord, unlock, keyring }: Application): Promise<void> {
    if (unlock.kind !== 'password')
      throw new AppError('bad-request', { detail: 'An account begins with an unlock by password.' });
    if (!this.opaque.knowsSeed(seedId)) throw new AppError('conflict');
    this.opaque.checkRecord(accountId, { record: registrationRecord, seedId });
    await checkKeyring(accountId, unlock, keyring);
  }

  /** @returns undefined when there is such an account already */
  async #create(
    tx: Transaction,
    application: Application,
    codeHash: Uint8Array<ArrayBuffer> | undefined,
  ): Promise<OpenSession | undefined> {
    const { accountId, email, seedId, registrationRecord: record, unlock, keyring, device } = application;
    const { count } = await tx.account.createMany({ data: [{ id: accountId, email }], skipDuplicates: true });
    if (count === 0) return undefined;
    if (codeHash) {
      const used = await tx.usedInvitation.createMany({
        data: [{ codeHash, accountId }],
        skipDuplicates: true,
      });
      if (used.count === 0) throw new AppError('invitation-needed');
    }
    await tx.credential.create({ data: { accountId, seedId, record } });
    await createKeyring(tx, accountId, unlock, keyring);
    await this.devices.enroll(tx, accountId, device);
    return this.sessions.open(tx, accountId, device.deviceId);
  }

  /** The answer to a sign-up may be lost on the way: the same one again gets a session of the same account. */
  async #repeat(
    tx: Transaction,
    { accountId, email, registrationRecord, device }: Application,
  ): Promise<OpenSession> {
    const existing = await this.#existing(tx, accountId, email);
    const isSame =
      existing?.id === accountId &&
      existing.email === email &&
      existing.createdAt.getTime() > Date.now() - repeatableMs &&
      existing.credential !== null &&
      equalBytes(Buffer.from(existing.credential.record), Buffer.from(registrationRecord)) &&
      existing.devices.some(({ id }) => id === device.deviceId);
    if (!isSame) throw new AppError(existing?.email === email ? 'email-taken' : 'conflict');
    await this.devices.enroll(tx, accountId, device);
    return this.sessions.open(tx, accountId, device.deviceId);
  }

  /** The account with this address, or else with this id. */
  async #existing(db: Transaction, id: string, email: string) {
    const found = await db.account.findMany({
      where: { OR: [{ email }, { id }] },
      include: { credential: true, devices: { select: { id: true } } },
    });
    return found.find((account) => account.email === email) ?? found[0];
  }
}
