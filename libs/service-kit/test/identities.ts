import { Controller, Module, type DynamicModule } from '@nestjs/common';
import {
  AppError,
  authMessages,
  newId,
  policyMessages,
  standingMessages,
  type AccountId,
  type Cursor,
  type DeviceId,
  type FamilyId,
  type LibraryId,
  type MessageInput,
  type MessageOutput,
  type StaffRole,
  type Standing,
} from '@heirloom/contracts';
import { exportJWK, generateKeyPair, SignJWT } from 'jose';
import { randomUUID } from 'node:crypto';
import { z } from 'zod';
import {
  accessTokenAudience,
  accessTokenIssuer,
  Bus,
  defineService,
  OnMessage,
  type MessageContext,
  type Person,
  type ServiceDefinition,
} from '@heirloom/service-kit';

type FamilyRole = NonNullable<Standing['family']>['role'];

/** Signs access tokens and keeps what the smallest auth and sharing-policy answer. Stands in for the two services below the kit. */
export class Identities {
  readonly revoked: { accountId: AccountId; deviceId: DeviceId }[] = [];
  readonly roles = new Map<AccountId, FamilyRole>();
  standingsAsked = 0;
  keysAsked = 0;
  /** How often the list of revocations is refused. */
  refuseChanges = false;
  /** What sharing-policy tells of changed standings. */
  readonly standingChanges: MessageOutput<typeof standingMessages.changesSince>['changes'] = [];
  refuseStandingChanges = false;
  standingChangesAsked = 0;
  /** A standing is answered as it was when it was asked for, but not before this. */
  standingsHeld: Promise<void> = Promise.resolve();
  /** Sharing-policy's database is another one: it knows no cursor that it gave out before. */
  forgetCursors = false;
  #policyBus: Bus | undefined;
  #keys: { kid: string; privateKey: CryptoKey; publicKey: Uint8Array<ArrayBuffer> }[] = [];

  static async create(): Promise<Identities> {
    const identities = new Identities();
    await identities.rotate();
    return identities;
  }

  async rotate(): Promise<void> {
    const { privateKey, publicKey } = await generateKeyPair('EdDSA', { crv: 'Ed25519', extractable: true });
    const { x } = await exportJWK(publicKey);
    this.#keys.unshift({
      kid: randomUUID(),
      privateKey,
      publicKey: new Uint8Array(Buffer.from(x!, 'base64url')),
    });
  }

  person(role?: FamilyRole): Person {
    const person = { accountId: newId<AccountId>(), deviceId: newId<DeviceId>() };
    if (role) this.roles.set(person.accountId, role);
    return person;
  }

  staff(role: StaffRole): Person {
    return { ...this.person(), role };
  }

  async token(
    person: Person,
    change: { issuer?: string; audience?: string; expiresInSeconds?: number } = {},
  ): Promise<string> {
    const { kid, privateKey } = this.#keys[0]!;
    const now = Math.floor(Date.now() / 1000);
    return new SignJWT({ dev: person.deviceId, ...(person.role ? { role: person.role } : {}) })
      .setProtectedHeader({ alg: 'EdDSA', kid })
      .setSubject(person.accountId)
      .setIssuer(change.issuer ?? accessTokenIssuer)
      .setAudience(change.audience ?? accessTokenAudience)
      .setIssuedAt(now)
      .setExpirationTime(now + (change.expiresInSeconds ?? 60))
      .sign(privateKey);
  }

  get keys(): MessageOutput<typeof authMessages.tokenKeys>['keys'] {
    this.keysAsked += 1;
    return this.#keys.map(({ kid, publicKey }) => ({ kid, publicKey }));
  }

  auth(): ServiceDefinition {
    const identities = (): Identities => this;
    @Controller()
    class TestAuth {
      constructor(readonly bus: Bus) {}

      @OnMessage(authMessages.tokenKeys)
      tokenKeys(): MessageOutput<typeof authMessages.tokenKeys> {
        return { keys: identities().keys };
      }

      @OnMessage(authMessages.changesSince)
      changesSince(
        input: MessageInput<typeof authMessages.changesSince>,
      ): MessageOutput<typeof authMessages.changesSince> {
        if (identities().refuseChanges) throw new Error('the database of auth is gone');
        const from = Number(input.cursor ?? 0);
        const page = identities().revoked.slice(from, from + input.limit);
        return {
          changes: page.map((device) => ({ kind: 'device-revoked', ...device, at: new Date() })),
          cursor: String(from + page.length) as Cursor,
          more: from + page.length < identities().revoked.length,
        };
      }
    }
    return testService('auth', { controllers: [TestAuth] });
  }

  /** Somebody may do what `role` says from now on, or nothing. `nudge` tells services at once; else they find out. */
  async change(accountId: AccountId, role: FamilyRole | undefined, nudge = true): Promise<void> {
    const less = this.roles.has(accountId);
    if (role) this.roles.set(accountId, role);
    else this.roles.delete(accountId);
    this.standingChanges.push({ kind: 'standing-changed', accountId, less, at: new Date() });
    if (nudge) await this.#policyBus!.broadcast(policyMessages.standingChanged, { accountIds: [accountId] });
  }

  policy(): ServiceDefinition {
    const identities = (): Identities => this;
    @Controller()
    class TestPolicy {
      constructor(bus: Bus) {
        identities().#policyBus = bus;
      }

      @OnMessage(standingMessages.changesSince)
      changesSince(
        input: MessageInput<typeof standingMessages.changesSince>,
      ): MessageOutput<typeof standingMessages.changesSince> {
        const { standingChanges, refuseStandingChanges } = identities();
        identities().standingChangesAsked += 1;
        if (input.cursor !== undefined && identities().forgetCursors) throw new AppError('gone');
        if (refuseStandingChanges) throw new Error('the database of sharing-policy is gone');
        const from = input.cursor === undefined ? standingChanges.length : Number(input.cursor);
        const changes = standingChanges.slice(from, from + input.limit);
        const next = from + changes.length;
        return { changes, cursor: String(next) as Cursor, more: next < standingChanges.length };
      }

      @OnMessage(policyMessages.standing)
      async standing(_input: object, context: MessageContext): Promise<Standing> {
        identities().standingsAsked += 1;
        const role = identities().roles.get(context.person!.accountId);
        await identities().standingsHeld;
        return {
          accountId: context.person!.accountId,
          family: role ? { familyId: newId<FamilyId>(), role } : null,
          libraryId: role ? newId<LibraryId>() : null,
          albums: [],
        };
      }
    }
    return testService('sharing-policy', { controllers: [TestPolicy] });
  }
}

/** A service without settings and without a database. */
export function testService(
  name: ServiceDefinition['name'],
  parts: Partial<DynamicModule>,
  config = z.object({}),
): ServiceDefinition {
  @Module({})
  class TestModule {}
  return defineService({
    name,
    config,
    schema: name.replace('-', '_'),
    migrations: new URL('./none/', import.meta.url),
    module: () => ({ module: TestModule, ...parts }),
  });
}
