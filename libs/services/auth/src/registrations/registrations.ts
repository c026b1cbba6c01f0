import {
  AppError,
  authRoutes,
  inviteMessages,
  type FamilyInvite,
  type RouteInput,
  type RouteOutput,
} from '@heirloom/contracts';
import { Bus, isUniqueViolation, recordAct } from '@heirloom/service-kit';
import { Injectable } from '@nestjs/common';
import { Database, inTransaction, type Transaction } from '../database.ts';
import { Devices } from '../devices/devices.ts';
import { checkKeyring, checkUnlock, createKeyring, createUnlock } from '../keyrings/keyrings.ts';
import { Opaque } from '../opaque/opaque.ts';
import { Sessions, type OpenSession } from '../sessions/sessions.ts';
import { findExisting, isRepeated, taken } from './existing-account.ts';
import { RegistrationGate } from './registration-gate.ts';

type Start = typeof authRoutes.startRegistration;
type Finish = typeof authRoutes.finishRegistration;
type Application = RouteInput<Finish>['body'];

/** Sign-ups of people: OPAQUE registration (RFC 9807 §5), then everything that an account consists of at once. */
@Injectable()
export class Registrations {
  constructor(
    private readonly database: Database,
    private readonly opaque: Opaque,
    private readonly gate: RegistrationGate,
    private readonly devices: Devices,
    private readonly sessions: Sessions,
    private readonly bus: Bus,
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
    familyInvite,
    registrationRequest,
  }: RouteInput<Start>['body']): Promise<RouteOutput<Start>> {
    const codeHash = await this.#admit(invitation, familyInvite);
    if (codeHash && (await this.database.usedInvitation.findUnique({ where: { codeHash } })))
      throw new AppError('invitation-needed');
    const wanted = { kind: 'person', accountId, email } as const;
    const existing = await findExisting(this.database, wanted);
    // An account's id is what its OPRF key is derived from. Answering for one that exists would let anyone try
    // passwords against a recorded login, past the limit on logins.
    if (existing) throw taken(existing, wanted);
    return {
      registrationResponse: this.opaque.register(accountId, registrationRequest),
      seedId: this.opaque.seedId,
    };
  }

  /** @throws AppError as {@link start}; `conflict` also when the server setup changed since then */
  async finish(application: Application): Promise<RouteOutput<Finish>> {
    const codeHash = await this.#admit(application.invitation, application.familyInvite);
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

  /**
   * Whoever can join a family here may have an account, whatever the settings say of new families.
   * @returns the hash of the invitation code that the account will use up, where one is needed
   */
  async #admit(
    invitation: string | undefined,
    familyInvite: FamilyInvite | undefined,
  ): Promise<Uint8Array<ArrayBuffer> | undefined> {
    try {
      return this.gate.admit(invitation);
    } catch (error) {
      if (!familyInvite) throw error;
      const { open } = await this.bus.ask(inviteMessages.inviteOpen, familyInvite);
      if (!open) throw new AppError('invite-closed', { cause: error });
      return undefined;
    }
  }

  async #check({
    accountId,
    seedId,
    registrationRecord,
    unlock,
    recovery,
    keyring,
  }: Application): Promise<void> {
    if (unlock.kind !== 'password')
      throw new AppError('bad-request', { detail: 'An account begins with an unlock by password.' });
    if (!this.opaque.knowsSeed(seedId)) throw new AppError('conflict');
    this.opaque.checkRecord(accountId, { record: registrationRecord, seedId });
    await checkKeyring(accountId, unlock, keyring);
    if (recovery) await checkUnlock(accountId, recovery.unlock, keyring.identity.signPublicKey);
  }

  /** @returns undefined when there is such an account already */
  async #create(
    tx: Transaction,
    application: Application,
    codeHash: Uint8Array<ArrayBuffer> | undefined,
  ): Promise<OpenSession | undefined> {
    const { accountId, email, seedId, registrationRecord: record, unlock, keyring, device } = application;
    const { count } = await tx.account.createMany({
      data: [{ id: accountId, kind: 'person', email }],
      skipDuplicates: true,
    });
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
    const { recovery } = application;
    if (recovery) await createUnlock(tx, accountId, recovery.unlock, recovery.accessHash);
    const actor = { kind: 'person', id: accountId } as const;
    await recordAct(tx, { kind: 'account-created', actor, accountId, details: { as: 'person' } });
    if (recovery) {
      const { unlockId: subjectId } = recovery.unlock;
      await recordAct(tx, { kind: 'recovery-key-made', actor, accountId, subjectId, details: {} });
    }
    await this.devices.enroll(tx, accountId, device);
    return this.sessions.open(tx, accountId, device.deviceId);
  }

  /** The same sign-up again gets a session of the same account. */
  async #repeat(tx: Transaction, application: Application): Promise<OpenSession> {
    const wanted = { kind: 'person', ...application } as const;
    const existing = await findExisting(tx, wanted);
    if (!isRepeated(existing, wanted)) throw taken(existing, wanted);
    const { accountId, device } = application;
    await this.devices.enroll(tx, accountId, device);
    return this.sessions.open(tx, accountId, device.deviceId);
  }
}
