import {
  authMessages,
  libraryMessages,
  newId,
  policyMessages,
  standingMessages,
  vaultRoutes,
  type AccountId,
  type CommitResult,
  type Cursor,
  type DeviceId,
  type FamilyId,
  type LibraryId,
  type MessageInput,
  type MessageOutput,
  type RouteContract,
  type RouteInput,
  type RouteOutput,
  type StaffRole,
  type Standing,
  type UploadId,
} from '@heirloom/contracts';
import {
  accessTokenAudience,
  accessTokenIssuer,
  Bus,
  createLog,
  InProcessHub,
  migrateServices,
  OnMessage,
  run,
  type MessageContext,
  type RunOptions,
  type Running,
  type ServiceDefinition,
} from '@heirloom/service-kit';
import { emptyTestDatabase } from '@heirloom/service-kit/testing';
import { Controller } from '@nestjs/common';
import { PrismaPg } from '@prisma/adapter-pg';
import { exportJWK, generateKeyPair, SignJWT } from 'jose';
import { Writable } from 'node:stream';
import { z } from 'zod';
import { Database } from './database/database.ts';
import { memoryPlaces, type TestPlace } from './memory-places.spec-helper.ts';
import { sealTestObject, type SealedTestObject } from './sealed-object.spec-helper.ts';
import { messagesOnly, smallService } from './small-service.spec-helper.ts';
import { defineVault } from './vault.ts';

export * from './memory-places.spec-helper.ts';
export * from './sealed-object.spec-helper.ts';

/** A person as vault meets them: a token and a standing, which tests may change. */
export interface TestPerson {
  accountId: AccountId;
  deviceId: DeviceId;
  libraryId: LibraryId;
  token: string;
  standing: Standing;
}

type LibrariesOf = typeof libraryMessages.librariesOf;
type StandingsSince = typeof standingMessages.changesSince;

/**
 * The vault on a real Postgres, with real HTTP, messages and jobs. Below it the two services that it asks are
 * reduced to one answer each: the keys that tokens are signed with, and what a person may do.
 */
export class TestVault implements AsyncDisposable {
  /** What was logged as an error. */
  readonly errors: { msg?: string; object?: string; location?: string }[] = [];
  readonly #logged = new Writable({
    write: (line, _encoding, done) => {
      this.errors.push(JSON.parse(String(line)) as TestVault['errors'][number]);
      done();
    },
  });
  readonly #persons = new Map<AccountId, TestPerson>();
  /** What the vault is told of changed standings, from the first on. */
  readonly standingChanges: MessageOutput<StandingsSince>['changes'] = [];
  readonly revoked: { accountId: AccountId; deviceId: DeviceId }[] = [];
  #signingKey!: CryptoKey;
  #publicKey!: Uint8Array<ArrayBuffer>;
  #env!: Record<string, string>;
  #running!: Running;
  #below!: Running;
  #hub!: InProcessHub;
  #directories: { id: string; path: string }[] | undefined;
  #policyBus!: Bus;
  db!: Database;
  places!: TestPlace[];

  /** `directories` are configured instead of the places in memory. */
  static async start(
    options: {
      places?: TestPlace[];
      directories?: { id: string; path: string }[];
      env?: Record<string, string>;
    } = {},
  ) {
    const vault = new TestVault();
    vault.places = options.places ?? (await memoryPlaces('a', 'b', 'c'));
    const { url } = await emptyTestDatabase();
    vault.#directories = options.directories;
    const kitEnv = { HEIRLOOM_PORT: '0', HEIRLOOM_SERVICE_SECRET: Buffer.alloc(32, 7).toString('base64url') };
    vault.#env = {
      ...kitEnv,
      HEIRLOOM_JOBS: 'postgres',
      HEIRLOOM_JOBS_DATABASE_URL: url,
      HEIRLOOM_VAULT_DATABASE_URL: url,
      HEIRLOOM_LOCATIONS: vault.#locations(),
      ...options.env,
    };
    await migrateServices([defineVault()], vault.#env);
    vault.db = new Database({
      adapter: new PrismaPg({ connectionString: url, options: '-c search_path=vault' }, { schema: 'vault' }),
    });
    const { privateKey, publicKey } = await generateKeyPair('EdDSA', { crv: 'Ed25519', extractable: true });
    vault.#signingKey = privateKey;
    vault.#publicKey = new Uint8Array(Buffer.from((await exportJWK(publicKey)).x!, 'base64url'));
    vault.#hub = new InProcessHub();
    vault.#below = await run([vault.#auth(), vault.#policy()], kitEnv, {
      ...vault.#options,
      contracts: messagesOnly,
    });
    vault.#running = await run([vault.#vault(vault.#inMemory)], vault.#env, vault.#options);
    return vault;
  }

  get url(): string {
    return this.#running.url;
  }

  /** Speaks in the name of sharing-policy. */
  get policyBus(): Bus {
    return this.#policyBus;
  }

  /** Another process of the same vault: another listener, the same database and disks. */
  async second(): Promise<Running> {
    return run(
      [this.#vault(this.#inMemory)],
      { ...this.#env, HEIRLOOM_LOCATIONS: this.#locations() },
      this.#options,
    );
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#running.close();
    await this.#below.close();
    await this.db.$disconnect();
  }

  async person(
    role: NonNullable<Standing['family']>['role'] = 'owner',
    familyId = newId<FamilyId>(),
  ): Promise<TestPerson> {
    const accountId = newId<AccountId>();
    const deviceId = newId<DeviceId>();
    const libraryId = newId<LibraryId>();
    const standing = { accountId, family: { familyId, role }, libraryId, albums: [] };
    const token = await this.#token(accountId, { dev: deviceId });
    const person: TestPerson = { accountId, deviceId, libraryId, token, standing };
    this.#persons.set(accountId, person);
    return person;
  }

  /** A person may do something else from now on. Vault hears of it by the next pull. */
  changeStanding(person: TestPerson, change: Partial<Standing>): void {
    person.standing = { ...person.standing, ...change };
    const { accountId } = person;
    this.standingChanges.push({ kind: 'standing-changed', accountId, less: true, at: new Date() });
  }

  /** Someone who runs the server: with the standing of an owner, which must not help them. */
  async operator(): Promise<TestPerson> {
    const person = await this.person();
    person.token = await this.#token(person.accountId, { dev: person.deviceId, role: 'operator' });
    return person;
  }

  #token(accountId: AccountId, claims: { dev: DeviceId; role?: StaffRole }): Promise<string> {
    return new SignJWT(claims)
      .setProtectedHeader({ alg: 'EdDSA', kid: 'test' })
      .setSubject(accountId)
      .setIssuer(accessTokenIssuer)
      .setAudience(accessTokenAudience)
      .setIssuedAt()
      .setExpirationTime('4m')
      .sign(this.#signingKey);
  }

  /** Sends a request of a person's device. */
  fetch(
    person: TestPerson,
    method: string,
    path: string,
    init: RequestInit = {},
    base = this.url,
  ): Promise<Response> {
    const headers = { authorization: `Bearer ${person.token}`, ...(init.headers as Record<string, string>) };
    return fetch(`${base}${path}`, { method, ...init, headers });
  }

  /** Calls a JSON route. Throws its problem as an Error with `code`. */
  async call<R extends RouteContract>(
    person: TestPerson,
    route: R,
    input: Partial<RouteInput<R>>,
  ): Promise<RouteOutput<R>> {
    const params = z.encode(route.params, input.params ?? {}) as Record<string, string>;
    const query = z.encode(route.query, input.query ?? {}) as Record<string, string>;
    const path = route.path.replace(/:(\w+)/g, (_all, name: string) => params[name]!);
    const search = new URLSearchParams(Object.entries(query).filter(([, v]) => v !== undefined));
    const body = input.body === undefined ? undefined : JSON.stringify(z.encode(route.body, input.body));
    const response = await this.fetch(person, route.method, `${path}?${search}`, {
      ...(body === undefined ? {} : { body, headers: { 'content-type': 'application/json' } }),
    });
    const answer: unknown = response.status === 204 ? undefined : await response.json();
    if (response.ok) return z.decode(route.output, answer as never) as RouteOutput<R>;
    throw Object.assign(new Error(JSON.stringify(answer)), answer as object);
  }

  /** Creates an upload and sends all of it. */
  async upload(
    person: TestPerson,
    bytes: Uint8Array<ArrayBuffer>,
    id = newId<UploadId>(),
  ): Promise<UploadId> {
    const created = await this.tus(person, 'POST', '/api/vault/uploads', {
      headers: {
        'upload-length': String(bytes.length),
        'upload-metadata': `id ${Buffer.from(id).toString('base64')}`,
        'content-type': 'application/offset+octet-stream',
      },
      body: bytes,
    });
    if (created.status !== 201) throw new Error(`upload: ${created.status} ${await created.text()}`);
    return id;
  }

  tus(person: TestPerson, method: string, path: string, init: RequestInit = {}, base?: string) {
    const headers = { 'tus-resumable': '1.0.0', ...(init.headers as Record<string, string>) };
    return this.fetch(person, method, path, { ...init, headers }, base);
  }

  async commit(
    person: TestPerson,
    ...items: (SealedTestObject & { uploadId: UploadId })[]
  ): Promise<CommitResult[]> {
    const body = {
      items: items.map(({ photoId, versionId, libraryId, object, uploadId }) => ({
        photoId,
        versionId,
        libraryId,
        object,
        uploadId,
      })),
    };
    return (await this.call(person, vaultRoutes.commitPhotos, { body })).results;
  }

  /** Seals, uploads and commits one photo. */
  async store(person: TestPerson, change: Partial<SealedTestObject> & { size?: number } = {}) {
    const sealed = await sealTestObject(person, change);
    const uploadId = await this.upload(person, sealed.bytes);
    const [result] = await this.commit(person, { ...sealed, uploadId });
    return { ...sealed, uploadId, result: result! };
  }

  /** Lets a test speak in the name of integrity-checker, which asks vault for replicas. */
  async asChecker<T>(work: (bus: Bus) => Promise<T>): Promise<T> {
    const known = Promise.withResolvers<Bus>();
    @Controller()
    class TestChecker {
      constructor(bus: Bus) {
        known.resolve(bus);
      }
    }
    const { HEIRLOOM_PORT, HEIRLOOM_SERVICE_SECRET } = this.#env;
    await using _running = await run(
      [smallService('integrity-checker', TestChecker)],
      { HEIRLOOM_PORT, HEIRLOOM_SERVICE_SECRET },
      { ...this.#options, contracts: messagesOnly },
    );
    return await work(await known.promise);
  }

  get #options(): RunOptions {
    return { transport: this.#hub, log: createLog('error', this.#logged), drainMs: 500 };
  }

  get #inMemory(): boolean {
    return this.#directories === undefined;
  }

  #locations(): string {
    const all = this.#directories ?? this.places.map(({ id }) => ({ id, path: `/${id}` }));
    return JSON.stringify(all.map(({ id, path }) => ({ id, path, driver: 'directory' })));
  }

  #vault(inMemory: boolean): ServiceDefinition {
    if (!inMemory) return defineVault();
    return defineVault(() =>
      this.places.map(({ location }) => ({ location, initialise: async () => undefined })),
    );
  }

  #auth(): ServiceDefinition {
    const { revoked } = this;
    const keys = [{ kid: 'test', publicKey: this.#publicKey }];
    @Controller()
    class TestAuth {
      @OnMessage(authMessages.tokenKeys)
      tokenKeys() {
        return { keys };
      }

      @OnMessage(authMessages.changesSince)
      changesSince() {
        const changes = revoked.map((device) => ({
          kind: 'device-revoked' as const,
          ...device,
          at: new Date(),
        }));
        return { changes, cursor: 'end' as Cursor, more: false };
      }
    }
    return smallService('auth', TestAuth);
  }

  #policy(): ServiceDefinition {
    const persons = this.#persons;
    const changed = this.standingChanges;
    const known = (bus: Bus) => (this.#policyBus = bus);
    @Controller()
    class TestPolicy {
      constructor(bus: Bus) {
        known(bus);
      }

      @OnMessage(standingMessages.changesSince)
      changesSince({ cursor }: MessageInput<StandingsSince>): MessageOutput<StandingsSince> {
        const changes = changed.slice(cursor === undefined ? changed.length : Number(cursor));
        return { changes, cursor: String(changed.length) as Cursor, more: false };
      }

      @OnMessage(libraryMessages.librariesOf)
      librariesOf({ accountIds, familyIds }: MessageInput<LibrariesOf>): MessageOutput<LibrariesOf> {
        const all = [...persons.values()].map(({ accountId, libraryId, standing: { family } }) => ({
          accountId,
          libraryId,
          familyId: family?.familyId ?? null,
        }));
        const isIn = (id: FamilyId | null) => id !== null && familyIds.includes(id);
        return {
          libraries: all.filter((one) => accountIds.includes(one.accountId) || isIn(one.familyId)),
        };
      }

      @OnMessage(policyMessages.standing)
      standing(_input: object, context: MessageContext): Standing {
        return persons.get(context.person!.accountId)!.standing;
      }
    }
    return smallService('sharing-policy', TestPolicy);
  }
}
