import { createHash, createPrivateKey, createPublicKey, randomBytes } from 'node:crypto';
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { authService } from '@heirloom/auth';
import { objectFile, openLocation, locationsConfig } from '@heirloom/blob-store';
import {
  AppError,
  integrityRoutes,
  newId,
  problem,
  type AccountId,
  type DeviceId,
  type FamilyId,
  type LibraryId,
  type ObjectName,
  type RouteContract,
  type RouteInput,
  type RouteOutput,
  type StaffRole,
  type VersionId,
} from '@heirloom/contracts';
import { migrateServices, run } from '@heirloom/service-kit';
import { emptyTestDatabase } from '@heirloom/service-kit/testing';
import { sharingPolicyService } from '@heirloom/sharing-policy';
import { vaultService } from '@heirloom/vault';
import { calculateJwkThumbprint, decodeJwt, SignJWT } from 'jose';
import pg from 'pg';
import { z } from 'zod';
import { integrityCheckerService } from './service.ts';

const locationIds = ['a', 'b', 'c'] as const;
type Place = (typeof locationIds)[number];
type Verify = typeof integrityRoutes.verify;

export interface TestPerson {
  accountId: AccountId;
  libraryId: LibraryId;
  token: string;
}
export interface StoredVersion {
  versionId: VersionId;
  object: ObjectName;
  bytes: number;
}

/** All four services in one process, with three locations on disk. Photos are put there without a client. */
export class TestSystem implements AsyncDisposable {
  readonly #folder: string;
  readonly #tokenSeed = randomBytes(32);
  #closing: (() => Promise<unknown>)[] = [];
  /** What the services were given and nobody may be shown. */
  readonly secrets: string[] = [];
  /** Ends the services as SIGTERM does. */
  stop!: () => Promise<void>;
  url!: string;
  /** With HEIRLOOM_METRICS_PORT among the settings. */
  metricsUrl!: string;
  sql!: pg.Client;

  private constructor(folder: string) {
    this.#folder = folder;
  }

  /** `env`: settings on top. */
  static async start(env: Record<string, string> = {}, { drainMs = 500 } = {}): Promise<TestSystem> {
    const system = new TestSystem(await mkdtemp(join(tmpdir(), 'heirloom-checker-')));
    system.#closing.push(() => rm(system.#folder, { recursive: true }));
    await system.#boot(env, drainMs);
    return system;
  }

  async #boot(more: Record<string, string>, drainMs: number): Promise<void> {
    for (const id of locationIds) await mkdir(this.place(id));
    const database = await emptyTestDatabase();
    this.#closing.push(() => database.drop());
    const services = [authService, sharingPolicyService, vaultService, integrityCheckerService];
    const env: Record<string, string> = {
      HEIRLOOM_PORT: '0',
      HEIRLOOM_LOG_LEVEL: 'fatal',
      HEIRLOOM_JOBS: 'postgres',
      HEIRLOOM_LOCATIONS: JSON.stringify(this.#locations()),
    };
    for (const { secrets = {} } of services)
      for (const [name, make] of Object.entries(secrets)) env[name] = make();
    for (const name of ['JOBS', 'AUTH', 'SHARING_POLICY', 'VAULT', 'INTEGRITY_CHECKER'])
      env[`HEIRLOOM_${name}_DATABASE_URL`] = database.url;
    env['HEIRLOOM_AUTH_TOKEN_KEY'] = this.#tokenSeed.toString('base64url');
    Object.assign(env, more);
    await migrateServices(services, env);
    const running = await run(services, env, { drainMs });
    this.stop = () => running.close();
    this.#closing.push(this.stop);
    this.secrets.push(
      database.url,
      ...services.flatMap(({ secrets = {} }) => Object.keys(secrets).map((name) => env[name]!)),
    );
    this.url = running.url;
    this.metricsUrl = `http://127.0.0.1:${running.metricsPort}/metrics`;
    this.sql = new pg.Client({ connectionString: database.url });
    await this.sql.connect();
    this.#closing.push(() => this.sql.end());
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const close of this.#closing.reverse()) await close();
  }

  #locations() {
    return locationIds.map((id) => ({ id, driver: 'directory', path: this.place(id) }));
  }

  place(id: Place): string {
    return join(this.#folder, id);
  }

  /** Where a copy lies. */
  file(id: Place, { object }: StoredVersion): string {
    return join(this.place(id), objectFile(object));
  }

  /** The owner of a family of one, as sharing-policy keeps them. */
  async person(): Promise<TestPerson> {
    const accountId = newId<AccountId>();
    const libraryId = newId<LibraryId>();
    const familyId = newId<FamilyId>();
    const insert = (text: string, ...values: unknown[]) =>
      this.sql.query(`INSERT INTO sharing_policy.${text}`, values);
    await insert(`families (id, log_size, log_root) VALUES ($1, 0, '')`, familyId);
    await insert('libraries (id, account_id) VALUES ($1, $2)', libraryId, accountId);
    await insert(
      `members (account_id, family_id, library_id, role, sign_public_key, kem_public_key)
       VALUES ($1, $2, $3, 'owner', '', '')`,
      accountId,
      familyId,
      libraryId,
    );
    return { accountId, libraryId, token: await this.#token(accountId) };
  }

  /** The access token of someone who runs the server. */
  operator(role: StaffRole = 'operator', seconds = 300): Promise<string> {
    return this.#token(newId<AccountId>(), role, seconds);
  }

  async #token(accountId: AccountId, role?: StaffRole, seconds = 300): Promise<string> {
    const pkcs8 = Buffer.concat([Buffer.from('302e020100300506032b657004220420', 'hex'), this.#tokenSeed]);
    const key = createPrivateKey({ key: pkcs8, format: 'der', type: 'pkcs8' });
    const { x } = createPublicKey(key).export({ format: 'jwk' });
    return new SignJWT({ dev: newId<DeviceId>(), ...(role ? { role } : {}) })
      .setProtectedHeader({
        alg: 'EdDSA',
        kid: await calculateJwkThumbprint({ kty: 'OKP', crv: 'Ed25519', x: x! }),
      })
      .setSubject(accountId)
      .setIssuer('heirloom-auth')
      .setAudience('heirloom')
      .setIssuedAt()
      .setExpirationTime(`${seconds} seconds`)
      .sign(key);
  }

  /** Signs out the device that a token is of, as auth keeps it. */
  async revoke(token: string): Promise<void> {
    const { sub, dev } = decodeJwt(token);
    await this.sql.query(
      `INSERT INTO auth.changes (kind, account_id, device_id) VALUES ('device-revoked', $1, $2)`,
      [sub, dev],
    );
  }

  /** An object of random bytes in all three locations. */
  async store(person: TestPerson, size = 400_000): Promise<StoredVersion> {
    const bytes = new Uint8Array(randomBytes(size));
    const object = createHash('sha256').update(bytes).digest('hex') as ObjectName;
    for (const config of locationsConfig.parse(this.#locations()))
      await openLocation(config).put(object, once(bytes), size);
    return this.catalogue(person, object, size);
  }

  /** Vault's rows of an object of which every location is said to have a copy. */
  async catalogue(person: TestPerson, object: ObjectName, size: number): Promise<StoredVersion> {
    const [photoId, versionId] = [newId(), newId<VersionId>()];
    const insert = (text: string, ...values: unknown[]) =>
      this.sql.query(`INSERT INTO vault.${text}`, values);
    await insert('objects (name, size_bytes) VALUES ($1, $2)', object, size);
    await insert('photos (id, library_id) VALUES ($1, $2)', photoId, person.libraryId);
    await insert(
      `versions (id, photo_id, library_id, author_id, device_id, object_name, trailer_bytes)
       VALUES ($1, $2, $3, $4, $5, $6, 0)`,
      versionId,
      photoId,
      person.libraryId,
      person.accountId,
      newId(),
      object,
    );
    for (const id of locationIds)
      await insert(`replicas (object_name, location_id, state) VALUES ($1, $2, 'present')`, object, id);
    return { versionId, object, bytes: size };
  }

  async verify(
    person: TestPerson,
    body: Partial<RouteInput<Verify>['body']> = {},
    signal?: AbortSignal,
  ): Promise<RouteOutput<Verify>> {
    const response = await fetch(new URL(integrityRoutes.verify.path, this.url), {
      method: 'POST',
      headers: { 'content-type': 'application/json', authorization: `Bearer ${person.token}` },
      body: JSON.stringify({ libraryId: person.libraryId, limit: 100, ...body }),
      ...(signal ? { signal } : {}),
    });
    const answer: unknown = await response.json();
    if (!response.ok) throw AppError.fromProblem(problem.parse(answer));
    return z.decode(integrityRoutes.verify.output, answer as never);
  }

  /** Calls a JSON route. Throws its problem as an AppError. */
  async call<R extends RouteContract>(
    route: R,
    token: string | undefined,
    input: Partial<RouteInput<R>> = {},
  ): Promise<RouteOutput<R>> {
    const params = z.encode(route.params, input.params ?? {}) as Record<string, string>;
    const query = z.encode(route.query, input.query ?? {}) as Record<string, string>;
    const url = new URL(
      route.path.replace(/:(\w+)/g, (_all, name: string) => params[name]!),
      this.url,
    );
    for (const [name, value] of Object.entries(query))
      if (value !== undefined) url.searchParams.set(name, value);
    const body = input.body === undefined ? undefined : JSON.stringify(z.encode(route.body, input.body));
    const response = await fetch(url, {
      method: route.method,
      headers: {
        ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      },
      ...(body === undefined ? {} : { body }),
    });
    const answer: unknown = response.status === 204 ? undefined : await response.json();
    if (!response.ok) throw AppError.fromProblem(problem.parse(answer));
    return z.decode(route.output, answer as never) as RouteOutput<R>;
  }

  /** Every file of every location by its path, with the hash of its bytes. */
  async files(): Promise<Record<string, string>> {
    const found: Record<string, string> = {};
    for (const id of locationIds) {
      for (const entry of await readdir(this.place(id), { recursive: true, withFileTypes: true })) {
        if (!entry.isFile()) continue;
        const path = join(entry.parentPath, entry.name);
        const bytes = await readFile(path);
        found[relative(this.#folder, path)] = createHash('sha256').update(bytes).digest('hex');
      }
    }
    return found;
  }

  /** The rows of a library's history, oldest first. */
  async history({ libraryId }: TestPerson): Promise<Record<string, unknown>[]> {
    const { rows } = await this.sql.query<Record<string, unknown>>(
      'SELECT * FROM integrity_checker.verifications WHERE library_id = $1 ORDER BY started_at',
      [libraryId],
    );
    return rows;
  }
}

/** Objects are read-only files: whoever damages one replaces it. */
export async function overwrite(path: string, bytes: Uint8Array): Promise<void> {
  await rm(path);
  await writeFile(path, bytes);
}

async function* once(bytes: Uint8Array) {
  yield bytes;
}
