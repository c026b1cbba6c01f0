import { expect } from '@jest/globals';
import { setTimeout as sleep } from 'node:timers/promises';
import {
  AppError,
  authRoutes,
  newId,
  problem,
  type AccountId,
  type Device,
  type DeviceId,
  type LibraryId,
  type NewDevice,
  type RouteContract,
  type RouteInput,
  type RouteOutput,
  type Session,
  type Unlock,
  type UnlockId,
} from '@heirloom/contracts';
import { signedMessage, suite, unlockStatement } from '@heirloom/formats';
import { run, type Environment, type RunOptions } from '@heirloom/service-kit';
import { testDatabase } from '@heirloom/service-kit/testing';
import { sharingPolicyService } from '@heirloom/sharing-policy';
import { client } from '@serenity-kit/opaque';
import { createHash, generateKeyPairSync, randomBytes, sign, type KeyObject } from 'node:crypto';
import { fileURLToPath } from 'node:url';
import pg from 'pg';
import { z } from 'zod';
import { createServerSetup } from './opaque/opaque.ts';
import { authService } from './service.ts';

/** As weak as possible: how passwords are stretched is the clients' matter. */
export const keyStretching = { 'argon2id-custom': { iterations: 1, memory: 8, parallelism: 1 } };
const random = (length: number) => new Uint8Array(randomBytes(length));

/** The service, booted together with the one that says what people may do, and its database. */
export interface TestAuth extends AsyncDisposable {
  readonly url: string;
  readonly databaseUrl: string;
  readonly env: Readonly<Record<string, string>>;
  /** For looking at rows, and for moving times in them. */
  readonly sql: pg.Client;
  /** Stops the service and runs it again on the same database. */
  restart(overrides?: Environment): Promise<void>;
}

export async function startAuth(overrides: Environment = {}, options: RunOptions = {}): Promise<TestAuth> {
  const databases = await Promise.all(
    [authService, sharingPolicyService].map(({ name, migrations }) =>
      testDatabase(name, fileURLToPath(migrations)),
    ),
  );
  const [own, policy] = databases as [(typeof databases)[0], (typeof databases)[0]];
  const sql = new pg.Client({ connectionString: own.url, options: '-c search_path=auth' });
  await sql.connect();
  const env = {
    HEIRLOOM_PORT: '0',
    HEIRLOOM_LOG_LEVEL: 'fatal',
    HEIRLOOM_AUTH_DATABASE_URL: own.url,
    HEIRLOOM_AUTH_TOKEN_KEY: randomBytes(32).toString('base64url'),
    HEIRLOOM_AUTH_OPAQUE_SETUP: createServerSetup(),
    HEIRLOOM_SHARING_POLICY_DATABASE_URL: policy.url,
    HEIRLOOM_SHARING_POLICY_LOG_KEY: randomBytes(32).toString('base64url'),
    HEIRLOOM_REGISTRATION: 'open',
    HEIRLOOM_AUTH_OPERATOR_SETUP_TOKEN: randomBytes(20).toString('hex'),
  };
  const boot = (more: Environment = {}) =>
    run([authService, sharingPolicyService], { ...env, ...overrides, ...more }, options);
  let running = await boot();
  return {
    get url() {
      return running.url;
    },
    databaseUrl: own.url,
    env,
    sql,
    async restart(more) {
      await running.close();
      running = await boot(more);
    },
    async [Symbol.asyncDispose]() {
      await running.close();
      await sql.end();
      await Promise.all(databases.map((database) => database.drop()));
    },
  };
}

type Input<R extends RouteContract> = Partial<{ [K in keyof RouteInput<R>]: unknown }>;

/** Sends a request as the contract says. Throws the AppError that the server answered. */
export async function call<R extends RouteContract>(
  auth: { url: string },
  route: R,
  input: Input<R> = {},
  token?: string,
): Promise<RouteOutput<R>> {
  const params = Object.entries((input.params ?? {}) as Record<string, string>);
  const path = params.reduce<string>((text, [name, value]) => text.replace(`:${name}`, value), route.path);
  const body = z.encode(route.body as z.ZodType, input.body);
  const { status, json } = await send(
    auth,
    route.method,
    path,
    body === undefined ? undefined : JSON.stringify(body),
    token,
  );
  if (status >= 400) throw AppError.fromProblem(problem.parse(json));
  if (status !== route.status) throw new Error(`${route.id} answered ${status}`);
  return z.decode(route.output as z.ZodType, json) as RouteOutput<R>;
}

/** Sends anything at all. */
export async function send(
  auth: { url: string },
  method: string,
  path: string,
  body?: string,
  token?: string,
) {
  const response = await fetch(new URL(path, auth.url), {
    method,
    headers: {
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      ...(token ? { authorization: `Bearer ${token}` } : {}),
    },
    ...(body === undefined ? {} : { body }),
  });
  const text = await response.text();
  return {
    status: response.status,
    type: response.headers.get('content-type'),
    text,
    json: text ? (JSON.parse(text) as unknown) : undefined,
  };
}

export const newDevice = (): NewDevice => ({
  deviceId: newId<DeviceId>(),
  publicKey: random(32),
  sealedName: random(60),
});

/** An unlock as a client makes it: random where the server reads nothing, and signed by the identity. */
export function newUnlock<K extends Unlock['kind']>(accountId: AccountId, signKey: KeyObject, kind: K) {
  const fields = {
    unlockId: newId<UnlockId>(),
    kind,
    publicKey: random(1216),
    identityPin: random(32),
    sealedMasterKey: random(1168),
  };
  const payload = unlockStatement.encode({
    suite,
    account: accountId,
    unlock: fields.unlockId,
    kind: fields.kind,
    publicKey: fields.publicKey,
    identityPin: fields.identityPin,
    sealedMasterKeyHash: createHash('sha256').update(fields.sealedMasterKey).digest(),
  });
  return { ...fields, signature: new Uint8Array(sign(null, signedMessage('unlock', payload), signKey)) };
}

/** An unlock and a keyring as a client makes them. */
export function newKeys(accountId: AccountId, { privateKey, publicKey } = generateKeyPairSync('ed25519')) {
  const signPublicKey = Buffer.from(publicKey.export({ format: 'jwk' }).x!, 'base64url');
  return {
    unlock: newUnlock(accountId, privateKey, 'password'),
    keyring: {
      identity: {
        signPublicKey: new Uint8Array(signPublicKey),
        kemPublicKey: random(1216),
        wrappedSignSeed: random(60),
        wrappedKemSeed: random(60),
      },
      libraries: [{ libraryId: newId<LibraryId>(), epoch: 1, wrappedKey: random(60) }],
    },
  };
}

export interface SignUp {
  accountId: AccountId;
  email: string;
  password: string;
  invitation?: string;
}
export const someone = (): SignUp => {
  const accountId = newId<AccountId>();
  return { accountId, email: `${accountId}@example.org`, password: `password of ${accountId}` };
};

/** The first step of a sign-up, and the body of the second. */
export async function prepareSignUp(
  auth: { url: string },
  { accountId, email, password, invitation }: SignUp,
  identity = generateKeyPairSync('ed25519'),
) {
  const { clientRegistrationState, registrationRequest } = client.startRegistration({ password });
  const { registrationResponse, seedId } = await call(auth, authRoutes.startRegistration, {
    body: { accountId, email, invitation, registrationRequest },
  });
  const { registrationRecord } = client.finishRegistration({
    clientRegistrationState,
    registrationResponse,
    password,
    keyStretching,
  });
  const device = newDevice();
  return {
    accountId,
    email,
    invitation,
    seedId,
    registrationRecord,
    ...newKeys(accountId, identity),
    device,
  };
}
export type Application = Awaited<ReturnType<typeof prepareSignUp>>;

export const finishSignUp = async (auth: { url: string }, body: object): Promise<Session> =>
  (await call(auth, authRoutes.finishRegistration, { body })).session;

/** A person who has just signed up. */
export async function signUp(
  auth: { url: string },
  who = someone(),
  recovery?: (accountId: AccountId, signKey: KeyObject) => object,
) {
  const identity = generateKeyPairSync('ed25519');
  const application = await prepareSignUp(auth, who, identity);
  const { privateKey: signKey } = identity;
  const body = { ...application, ...(recovery ? { recovery: recovery(who.accountId, signKey) } : {}) };
  return { ...who, application, signKey, session: await finishSignUp(auth, body) };
}

/** Both steps of a login. Throws `login-failed` as the client does that finds the password wrong by itself. */
export async function logIn(
  auth: { url: string },
  { email, password }: Pick<SignUp, 'email' | 'password'>,
  device = newDevice(),
) {
  const { loginId, finishLoginRequest } = await startLogIn(auth, { email, password });
  if (!finishLoginRequest) throw new AppError('login-failed');
  return call(auth, authRoutes.finishLogin, { body: { loginId, finishLoginRequest, device } });
}

/** The first step of a login; without a last message where the password is wrong. */
export async function startLogIn(
  auth: { url: string },
  { email, password }: Pick<SignUp, 'email' | 'password'>,
) {
  const { clientLoginState, startLoginRequest } = client.startLogin({ password });
  const started = await call(auth, authRoutes.startLogin, { body: { email, startLoginRequest } });
  const { loginResponse } = started;
  const finished = client.finishLogin({ clientLoginState, loginResponse, password, keyStretching });
  return { ...started, finishLoginRequest: finished?.finishLoginRequest };
}

export const listDevices = async (auth: { url: string }, token: string): Promise<Device[]> =>
  (await call(auth, authRoutes.devices, {}, token)).devices;

/** What jest matches an AppError with this code by. */
export const refusal = (code: AppError['code']) => ({ name: 'AppError', code });

/** A revocation takes effect within 5 seconds: tries until the attempt is refused, and expects it to be by `device-revoked`. */
export const untilRevoked = (attempt: () => Promise<unknown>): Promise<void> =>
  untilRefused('device-revoked', attempt);

/** The same for a lock and others. */
export async function untilRefused(code: AppError['code'], attempt: () => Promise<unknown>): Promise<void> {
  const end = Date.now() + 5_000;
  const refusalOf = () =>
    attempt().then(
      () => undefined,
      (error: unknown) => error,
    );
  let error = await refusalOf();
  while (error === undefined && Date.now() < end) {
    await sleep(50);
    error = await refusalOf();
  }
  expect(error).toMatchObject(refusal(code));
}

/** What was recorded of an account for the audit trail, oldest first: kinds, with the details that there are. */
export async function recordedOf({ sql }: TestAuth, accountId: AccountId): Promise<[string, object][]> {
  const { rows } = await sql.query<{ act: { kind: string; details: object } }>(
    "SELECT act FROM audit_acts WHERE act->>'accountId' = $1 ORDER BY seq",
    [accountId],
  );
  return rows.map(({ act }) => [act.kind, act.details]);
}
