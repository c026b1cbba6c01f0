import { randomBytes } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { authService } from '@heirloom/auth';
import { Controller, Injectable, Module } from '@nestjs/common';
import {
  allMessages,
  allRoutes,
  AppError,
  familyRoutes,
  fenceMessages,
  newId,
  policyMessages,
  problem,
  standingMessages,
  type AccountId,
  type Cursor,
  type DeviceId,
  type MessageInput,
  type RouteContract,
  type RouteInput,
  type RouteOutput,
  type StaffRole,
  type Standing,
} from '@heirloom/contracts';
import { decodeVerifierKey, type NoteKey } from '@heirloom/formats';
import { Bus, defineService, OnMessage, run } from '@heirloom/service-kit';
import { testDatabase } from '@heirloom/service-kit/testing';
import { calculateJwkThumbprint, SignJWT } from 'jose';
import pg from 'pg';
import { z } from 'zod';
import { keyOfSeed } from './family.spec-helper.ts';
import { sharingPolicyService } from './service.ts';

/** Auth and sharing-policy, booted together. Whoever holds auth's token key signs in as anybody. */
export interface TestSystem extends AsyncDisposable {
  url: string;
  /** The key that the installation says it signs heads with. */
  logKey: NoteKey;
  /** For looking at rows. */
  sql: pg.Client;
  token(accountId: AccountId, role?: StaffRole): Promise<string>;
  /** Asks what a person may do, as another service does. */
  standing(token?: string, input?: object): Promise<Standing>;
  neighbour: Neighbour;
}

/** What stands in for vault: it asks what people may do and changes, and holds fences while it is `up`. */
export class Neighbour {
  bus: Bus | undefined;
  up = true;
  /** What its answer to a fence waits for. */
  busy: Promise<unknown> | undefined;
  /** The epoch that each album's keys are fenced at; as at vault, being told twice changes nothing. */
  readonly fences = new Map<string, number>();

  /** What a service learns of changed standings. */
  changesSince(cursor?: Cursor) {
    return this.bus!.ask(standingMessages.changesSince, { ...(cursor ? { cursor } : {}), limit: 100 });
  }
}

/** Another service, of which there is nothing but what it has to do with this one. */
function asker() {
  const asked = new Neighbour();
  @Injectable()
  class Asker {
    constructor(bus: Bus) {
      asked.bus = bus;
    }
  }
  @Controller()
  class FenceController {
    @OnMessage(fenceMessages.fenceAlbums)
    async hold({ fences }: MessageInput<typeof fenceMessages.fenceAlbums>): Promise<Record<string, never>> {
      await asked.busy;
      if (!asked.up) throw new AppError('unavailable');
      for (const { albumId, epoch } of fences)
        asked.fences.set(albumId, Math.max(epoch, asked.fences.get(albumId) ?? 0));
      return {};
    }
  }
  @Module({})
  class AskerModule {}
  const service = defineService({
    name: 'vault',
    config: z.object({}),
    schema: 'vault',
    migrations: new URL('./', import.meta.url),
    module: () => ({ module: AskerModule, providers: [Asker], controllers: [FenceController] }),
  });
  const standing = (token?: string, input: object = {}) =>
    asked.bus!.ask(policyMessages.standing, input as Record<string, never>, token ? { token } : {});
  return { service, standing, neighbour: asked };
}

export async function startSystem(): Promise<TestSystem> {
  const services = [authService, sharingPolicyService];
  const [auth, policy] = await Promise.all(
    services.map(({ name, migrations }) => testDatabase(name, fileURLToPath(migrations))),
  );
  const tokenSeed = randomBytes(32);
  const secret = (name: string) => services.map(({ secrets }) => secrets?.[name]).find(Boolean)!();
  const { service, standing, neighbour } = asker();
  const running = await run(
    [...services, service],
    {
      HEIRLOOM_PORT: '0',
      HEIRLOOM_LOG_LEVEL: 'fatal',
      HEIRLOOM_AUTH_DATABASE_URL: auth!.url,
      HEIRLOOM_REGISTRATION: 'closed',
      HEIRLOOM_AUTH_TOKEN_KEY: tokenSeed.toString('base64url'),
      HEIRLOOM_AUTH_OPAQUE_SETUP: secret('HEIRLOOM_AUTH_OPAQUE_SETUP'),
      HEIRLOOM_SHARING_POLICY_DATABASE_URL: policy!.url,
      HEIRLOOM_SHARING_POLICY_LOG_KEY: secret('HEIRLOOM_SHARING_POLICY_LOG_KEY'),
    },
    {
      contracts: {
        routes: allRoutes.filter((route) => route.service !== 'vault'),
        messages: [
          ...allMessages.filter((message) => message.service !== 'vault'),
          fenceMessages.fenceAlbums,
        ],
      },
    },
  );
  const sql = new pg.Client({ connectionString: policy!.url, options: '-c search_path=sharing_policy' });
  await sql.connect();
  const { verifierKey } = await call(running.url, familyRoutes.logKey);
  return {
    url: running.url,
    logKey: decodeVerifierKey(verifierKey),
    sql,
    token: (accountId, role) => signToken(tokenSeed, accountId, role),
    standing,
    neighbour,
    async [Symbol.asyncDispose]() {
      await running.close();
      await sql.end();
      await Promise.all([auth!.drop(), policy!.drop()]);
    },
  };
}

/** An access token as auth signs it. */
async function signToken(seed: Uint8Array, accountId: AccountId, role?: StaffRole): Promise<string> {
  const key = keyOfSeed(seed);
  const jwk = { kty: 'OKP', crv: 'Ed25519', x: Buffer.from(key.publicKey).toString('base64url') };
  return new SignJWT({ dev: newId<DeviceId>(), ...(role ? { role } : {}) })
    .setProtectedHeader({ alg: 'EdDSA', kid: await calculateJwkThumbprint(jwk) })
    .setSubject(accountId)
    .setIssuer('heirloom-auth')
    .setAudience('heirloom')
    .setIssuedAt()
    .setExpirationTime('5 minutes')
    .sign(key.privateKey);
}

type Input<R extends RouteContract> = Partial<RouteInput<R>>;

/**
 * Sends a request as its contract says, and again a few times when it is told to: whose standing changes while they ask
 * is asked to try again. Throws the AppError that was answered.
 */
export async function call<R extends RouteContract>(
  url: string,
  route: R,
  input: Input<R> = {},
  token?: string,
): Promise<RouteOutput<R>> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await callOnce(url, route, input, token);
    } catch (error) {
      if (!(error instanceof AppError) || error.code !== 'unavailable' || attempt === 3) throw error;
      await sleep(500);
    }
  }
}

async function callOnce<R extends RouteContract>(
  url: string,
  route: R,
  { params, query, body }: Input<R>,
  token?: string,
): Promise<RouteOutput<R>> {
  const values = z.encode(route.params, params ?? {}) as Record<string, string>;
  const address = new URL(
    route.path.replaceAll(/:(\w+)/g, (_, name: string) => values[name]!),
    url,
  );
  for (const [name, value] of Object.entries(z.encode(route.query, query ?? {}) as object))
    if (value !== undefined) address.searchParams.set(name, String(value));
  const response = await fetch(address, {
    method: route.method,
    headers: {
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      ...(token ? { authorization: `Bearer ${token}` } : {}),
    },
    ...(body === undefined ? {} : { body: JSON.stringify(z.encode(route.body, body)) }),
  });
  const answer: unknown = response.status === 204 ? undefined : await response.json();
  if (!response.ok) throw AppError.fromProblem(problem.parse(answer));
  return z.decode(route.output, answer as never) as RouteOutput<R>;
}

/** What a feed shows as soon as no other transaction of this Postgres, of whatever test, is in its way. */
export async function eventually<T>(read: () => Promise<T>, good: (value: T) => boolean): Promise<T> {
  for (const until = performance.now() + 10_000; ; await sleep(25)) {
    const value = await read();
    if (good(value) || performance.now() > until) return value;
  }
}
