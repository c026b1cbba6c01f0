import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { newId, staffRoles, type AppError, type PhotoId } from '@heirloom/contracts';
import { request as httpRequest, type IncomingMessage } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import {
  goodBody,
  HttpInstallation,
  problemOf,
  seen,
  slowBegun,
  slowGate,
  thingPath,
} from './http-installation.ts';
import { Identities } from './identities.ts';

let installation: HttpInstallation;
beforeAll(async () => {
  installation = await HttpInstallation.create();
});
afterAll(() => installation[Symbol.asyncDispose]());
const call = (path: string, init?: RequestInit): Promise<Response> => installation.call(path, init);
const asPerson: HttpInstallation['asPerson'] = (...given) => installation.asPerson(...given);

describe('access', () => {
  it.each([
    ['no token', () => undefined, 'token-missing'],
    ['an empty token', () => 'Bearer ', 'token-missing'],
    ['nonsense', () => 'Bearer nonsense', 'token-invalid'],
    [
      'an expired token',
      async () =>
        `Bearer ${await installation.identities.token(installation.identities.person(), { expiresInSeconds: -10 })}`,
      'token-expired',
    ],
    [
      'a token of another issuer',
      async () =>
        `Bearer ${await installation.identities.token(installation.identities.person(), { issuer: 'someone' })}`,
      'token-invalid',
    ],
    [
      'a token for another audience',
      async () =>
        `Bearer ${await installation.identities.token(installation.identities.person(), { audience: 'x' })}`,
      'token-invalid',
    ],
    [
      'a token of another key',
      async () => `Bearer ${await (await Identities.create()).token(installation.identities.person())}`,
      'token-invalid',
    ],
  ])('refuses %s before it reads the body', async (_what, authorization, code) => {
    const header = await authorization();
    const headers = { 'content-type': 'application/json', ...(header ? { authorization: header } : {}) };
    const response = await call(thingPath(), { method: 'POST', headers, body: '{"malformed' });
    expect(response.status).toBe(401);
    expect((await problemOf(response)).code).toBe(code);
  });

  it('checks a permission against what the person may do', async () => {
    const path = `/api/vault/things/${newId<PhotoId>()}`;
    const owner = await call(path, {
      method: 'DELETE',
      headers: await asPerson(installation.identities.person('owner')),
    });
    expect(owner.status).toBe(204);
    const viewer = await call(path, {
      method: 'DELETE',
      headers: await asPerson(installation.identities.person('viewer')),
    });
    expect((await problemOf(viewer)).code).toBe('forbidden');
    const stranger = await call(path, { method: 'DELETE', headers: await asPerson() });
    expect((await problemOf(stranger)).code).toBe('forbidden');
  });

  it('lets operators in where they belong, and nobody else', async () => {
    const operator = installation.identities.staff('operator');
    const answer = await call('/api/vault/operate', { headers: await asPerson(operator) });
    expect(answer.status).toBe(200);
    expect(await answer.json()).toEqual({ accountId: operator.accountId });
    const statuses = [];
    const { identities } = installation;
    for (const who of [
      undefined,
      identities.person(),
      identities.person('owner'),
      identities.staff('support'),
    ])
      statuses.push((await call('/api/vault/operate', { headers: who ? await asPerson(who) : {} })).status);
    expect(statuses).toEqual([401, 403, 403, 403]);
  });

  it('lets operators and support in where both belong, and nobody else', async () => {
    const { identities } = installation;
    const statuses = [];
    for (const who of [identities.staff('operator'), identities.staff('support'), identities.person('owner')])
      statuses.push((await call('/api/vault/help', { headers: await asPerson(who) })).status);
    expect([...statuses, (await call('/api/vault/help')).status]).toEqual([200, 200, 403, 401]);
  });

  it.each(staffRoles)('refuses %s what is for people, whatever their standing would be', async (role) => {
    const staff = { ...installation.identities.person('owner'), role };
    const headers = await asPerson(staff, { 'content-type': 'application/json' });
    const asked = installation.identities.standingsAsked;
    const things = `/api/vault/things/${newId<PhotoId>()}`;
    for (const [path, method] of [
      [thingPath(), 'POST'],
      ['/api/vault/download', 'GET'],
      [things, 'DELETE'],
    ] as const) {
      const init = method === 'POST' ? { method, headers, body: goodBody } : { method, headers };
      const response = await call(path, init);
      expect([path, response.status, (await problemOf(response)).code]).toEqual([path, 403, 'forbidden']);
    }
    expect(installation.identities.standingsAsked).toBe(asked);
  });

  it('does not know other roles', async () => {
    const headers = await asPerson({ ...installation.identities.person(), role: 'owner' as never });
    expect((await problemOf(await call('/api/vault/operate', { headers }))).code).toBe('token-invalid');
  });

  it('asks for a standing once within its time', async () => {
    const headers = await asPerson(installation.identities.person('owner'));
    const before = installation.identities.standingsAsked;
    await Promise.all(
      [1, 2, 3].map(() => call(`/api/vault/things/${newId<PhotoId>()}`, { method: 'DELETE', headers })),
    );
    expect(installation.identities.standingsAsked - before).toBe(1);
  });

  it('fetches a key that it does not know yet', async () => {
    await sleep(1_100);
    await installation.identities.rotate();
    const response = await call(thingPath(), {
      method: 'POST',
      headers: await asPerson(undefined, { 'content-type': 'application/json' }),
      body: goodBody,
    });
    expect(response.status).toBe(201);
  });

  it('does not let unknown keys make it ask auth all the time', async () => {
    const stranger = await Identities.create();
    const token = await stranger.token(installation.identities.person());
    const before = installation.identities.keysAsked;
    await Promise.all(
      Array.from({ length: 20 }, () =>
        call('/api/vault/download', { headers: { authorization: `Bearer ${token}` } }),
      ),
    );
    expect(installation.identities.keysAsked - before).toBeLessThanOrEqual(3);
  });

  it('answers an upload that is cut with the reason, and reads no further', async () => {
    const person = installation.identities.person();
    const headers = await asPerson(person, { 'content-type': 'application/offset+octet-stream' });
    const answered = Promise.withResolvers<IncomingMessage>();
    const upload = httpRequest(
      `${installation.running.url}/api/vault/upload`,
      { method: 'PATCH', headers },
      answered.resolve,
    );
    upload.on('error', answered.reject);
    upload.write('the first bytes');
    await sleep(100);
    installation.identities.revoked.push(person);
    const response = await answered.promise;
    expect([response.statusCode, response.headers.connection]).toEqual([401, 'close']);
    expect(String((await response.toArray())[0])).toContain('device-revoked');
    expect((seen.signal!.reason as AppError).code).toBe('device-revoked');
    await new Promise((resolve) => upload.once('close', resolve));
  }, 5_000);

  it('refuses a revoked device within five seconds and cuts its open streams', async () => {
    const person = installation.identities.person();
    const headers = await asPerson(person);
    const response = await call('/api/vault/download', { headers });
    const body = response.text();
    installation.identities.revoked.push(person);
    await expect(body).rejects.toThrow();
    expect(seen.signal!.aborted).toBe(true);
    expect((seen.signal!.reason as AppError).code).toBe('device-revoked');
    expect((await problemOf(await call('/api/vault/download', { headers }))).code).toBe('device-revoked');
  }, 5_000);
});

describe('an auth that does not answer', () => {
  it('makes everything for persons 503, cuts streams, tells readiness, and heals', async () => {
    const headers = await asPerson();
    const open = (await call('/api/vault/download', { headers })).text();
    installation.identities.refuseChanges = true;
    try {
      await expect(open).rejects.toThrow();
      const refused = await call('/api/vault/download', { headers });
      expect(refused.headers.get('retry-after')).toBe('1');
      expect((await problemOf(refused)).code).toBe('revocations-stale');
      expect((await call('/health/ready')).status).toBe(503);
      expect((await call('/api/vault/open')).status).toBe(200);
    } finally {
      installation.identities.refuseChanges = false;
    }
    await sleep(1_000);
    expect((await call('/health/ready')).status).toBe(200);
  }, 15_000);
});

describe('a proxy', () => {
  it.each([
    ['is believed where it is trusted', { HEIRLOOM_TRUSTED_PROXIES: '127.0.0.0/8, ::1' }, '203.0.113.7'],
    ['is not believed otherwise', {}, '127.0.0.1'],
  ])('%s', async (_what, env, address) => {
    await using other = await HttpInstallation.create(env as Record<string, string>);
    const response = await other.call('/api/vault/open', { headers: { 'x-forwarded-for': '203.0.113.7' } });
    expect(await response.json()).toMatchObject({ address });
  });
});

describe('a port', () => {
  it('that is taken is named', async () => {
    const again = HttpInstallation.create({ HEIRLOOM_PORT: String(installation.running.port) });
    await expect(again).rejects.toThrow(
      `HEIRLOOM_PORT: another program listens on port ${installation.running.port}`,
    );
  });
});

describe('closing', () => {
  it('finishes what is being served and accepts nothing new', async () => {
    const slow = call('/api/vault/slow');
    await slowBegun.promise;
    const closed = installation.running.close();
    await sleep(50);
    await expect(call('/api/vault/open')).rejects.toThrow();
    slowGate.resolve();
    expect(await (await slow).json()).toEqual({ done: true });
    await closed;
  });
});
