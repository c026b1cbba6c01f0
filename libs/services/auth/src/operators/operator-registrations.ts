import {
  AppError,
  authRoutes,
  type AccountId,
  type RouteInput,
  type RouteOutput,
  type StaffRole,
} from '@heirloom/contracts';
import { isUniqueViolation, recordAct } from '@heirloom/service-kit';
import { Injectable } from '@nestjs/common';
import { Authenticators } from '../authenticators/authenticators.ts';
import { Database, inTransaction, type Transaction } from '../database.ts';
import { Devices } from '../devices/devices.ts';
import { Opaque } from '../opaque/opaque.ts';
import { findExisting, isRepeated, taken } from '../registrations/existing-account.ts';
import { Sessions, type OpenSession } from '../sessions/sessions.ts';
import { StaffInvites } from '../staff/staff-invites.ts';
import { SetupGate } from './setup-gate.ts';

type Start = typeof authRoutes.startOperatorRegistration;
type Finish = typeof authRoutes.finishOperatorRegistration;
type Application = RouteInput<Finish>['body'];

/** What a token makes, and how it is used up. */
interface Ticket {
  readonly role: StaffRole;
  /** @throws AppError when somebody came first */
  readonly use: (tx: Transaction, accountId: AccountId) => Promise<void>;
}

/**
 * Makes staff: an operator by the setup token of the installation, an operator or support by a token that an operator made. It
 * is used up in the same transaction.
 */
@Injectable()
export class OperatorRegistrations {
  constructor(
    private readonly database: Database,
    private readonly opaque: Opaque,
    private readonly gate: SetupGate,
    private readonly invites: StaffInvites,
    private readonly authenticators: Authenticators,
    private readonly devices: Devices,
    private readonly sessions: Sessions,
  ) {}

  /** @throws AppError `setup-token-invalid`, `setup-token-used`, `invite-closed` */
  async check(setupToken: string): Promise<StaffRole> {
    return (await this.#ticket(this.database, setupToken)).role;
  }

  /** @throws AppError as {@link check}, and `email-taken`, `conflict`, `bad-request` */
  async start({
    accountId,
    email,
    setupToken,
    registrationRequest,
  }: RouteInput<Start>['body']): Promise<RouteOutput<Start>> {
    const wanted = { kind: await this.check(setupToken), accountId, email };
    const existing = await findExisting(this.database, wanted);
    // To answer for an id that exists would let anyone try passwords against a recorded login of it.
    if (existing) throw taken(existing, wanted);
    return {
      registrationResponse: this.opaque.register(accountId, registrationRequest),
      seedId: this.opaque.seedId,
    };
  }

  /** @throws AppError as {@link start}; `conflict` also when the server setup changed since then, `bad-request` for a wrong code */
  async finish(application: Application): Promise<RouteOutput<Finish>> {
    const { accountId, seedId, setupToken, registrationRecord: record } = application;
    const { role } = await this.#ticket(this.database, setupToken, accountId);
    if (!this.opaque.knowsSeed(seedId)) throw new AppError('conflict');
    this.opaque.checkRecord(accountId, { record, seedId });
    const session = await inTransaction(this.database, async (tx) => {
      const ticket = await this.#ticket(tx, setupToken, accountId);
      return (await this.#create(tx, application, ticket)) ?? this.#repeat(tx, application, role);
    }).catch((error: unknown) => {
      // Accounts and tokens are created without one: it was the id of the device.
      throw isUniqueViolation(error) ? new AppError('conflict', { cause: error }) : error;
    });
    return { session: await this.sessions.answer(session), role };
  }

  /** @param except who may have used it: a sign-up that is repeated */
  async #ticket(db: Transaction, token: string, except?: AccountId): Promise<Ticket> {
    const role = await this.invites.roleOf(db, token, except);
    if (role) return { role, use: (tx, accountId) => this.invites.use(tx, token, accountId) };
    const tokenHash = this.gate.admit(token);
    const used = await db.usedSetupToken.findUnique({ where: { tokenHash } });
    if (used && used.accountId !== except) throw new AppError('setup-token-used');
    return {
      role: 'operator',
      use: async (tx, accountId) => {
        // Of two at once, the second waits here for the first one's end and then finds the token used.
        const created = await tx.usedSetupToken.createMany({
          data: [{ tokenHash, accountId }],
          skipDuplicates: true,
        });
        if (created.count === 0) throw new AppError('setup-token-used');
      },
    };
  }

  /** @returns undefined when there is such an account already */
  async #create(
    tx: Transaction,
    { accountId, email, seedId, registrationRecord: record, authenticator, device }: Application,
    { role, use }: Ticket,
  ): Promise<OpenSession | undefined> {
    const { count } = await tx.account.createMany({
      data: [{ id: accountId, kind: role, email }],
      skipDuplicates: true,
    });
    if (count === 0) return undefined;
    await use(tx, accountId);
    await tx.credential.create({ data: { accountId, seedId, record } });
    await this.authenticators.put(tx, accountId, authenticator);
    await this.devices.enroll(tx, accountId, device);
    const actor = { kind: role, id: accountId } as const;
    await recordAct(tx, { kind: 'staff-joined', actor, accountId, details: { role } });
    return this.sessions.open(tx, accountId, device.deviceId);
  }

  /** The answer to a sign-up may be lost on the way: the same one again gets a session of the same account. */
  async #repeat(tx: Transaction, application: Application, kind: StaffRole): Promise<OpenSession> {
    const wanted = { kind, ...application };
    const existing = await findExisting(tx, wanted);
    if (!isRepeated(existing, wanted)) throw taken(existing, wanted);
    const { accountId, device } = application;
    await this.devices.enroll(tx, accountId, device);
    return this.sessions.open(tx, accountId, device.deviceId);
  }
}
