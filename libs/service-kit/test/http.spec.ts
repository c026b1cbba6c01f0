import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Controller } from '@nestjs/common';
import {
  AppError,
  authMessages,
  bytes,
  can,
  newId,
  photoId,
  policyMessages,
  problem,
  queryInt,
  route,
  type PhotoId,
  type Problem,
  type RouteInput,
  type RouteOutput,
} from '@heirloom/contracts';
import {
  createLog,
  InProcessHub,
  OnRoute,
  run,
  type RequestContext,
  type Running,
} from '@heirloom/service-kit';
import { request as httpRequest } from 'node:http';
import { connect } from 'node:net';
import { Writable } from 'node:stream';
import { z } from 'zod';
import { Identities, testService } from './identities.ts';

const vault = { service: 'vault' } as const;
const routes = {
  open: route({
    ...vault,
    id: 'vault.open',
    method: 'GET',
    path: '/api/vault/open',
    access: 'public',
    output: z.object({ requestId: z.string() }),
  }),
  thing: route({
    ...vault,
    id: 'vault.thing',
    method: 'POST',
    path: '/api/vault/things/:photoId',
    access: 'person',
    params: z.object({ photoId }),
    query: z.object({ limit: queryInt({ min: 1, max: 9 }) }),
    body: z.object({ data: bytes({ max: 64 }), when: z.string().max(4) }),
    output: z.object({ photoId, limit: z.int(), doubled: bytes({ max: 128 }), accountId: z.string() }),
    status: 201,
    bodyLimitBytes: 300,
  }),
  remove: route({
    ...vault,
    id: 'vault.remove',
    method: 'DELETE',
    path: '/api/vault/things/:photoId',
    access: can('delete', 'Photo'),
    params: z.object({ photoId }),
  }),
  bug: route({ ...vault, id: 'vault.bug', method: 'GET', path: '/api/vault/bug', access: 'public' }),
  lies: route({
    ...vault,
    id: 'vault.lies',
    method: 'GET',
    path: '/api/vault/lies',
    access: 'public',
    output: z.object({ n: z.int() }),
  }),
  upload: route({
    ...vault,
    id: 'vault.upload',
    method: 'PATCH',
    path: '/api/vault/upload',
    access: 'person',
    stream: 'both',
    bodyLimitBytes: 2 ** 40,
  }),
  download: route({
    ...vault,
    id: 'vault.download',
    method: 'GET',
    path: '/api/vault/download',
    access: 'person',
    stream: 'response',
    status: 200,
  }),
  head: route({
    ...vault,
    id: 'vault.head',
    method: 'HEAD',
    path: '/api/vault/upload',
    access: 'public',
    stream: 'response',
  }),
  options: route({
    ...vault,
    id: 'vault.options',
    method: 'OPTIONS',
    path: '/api/vault/upload',
    access: 'public',
    stream: 'response',
  }),
  slow: route({
    ...vault,
    id: 'vault.slow',
    method: 'GET',
    path: '/api/vault/slow',
    access: 'public',
    output: z.object({ done: z.boolean() }),
  }),
};

const seen: { signal?: AbortSignal } = {};
const gate = Promise.withResolvers<void>();

@Controller()
class TestController {
  @OnRoute(routes.open)
  open(_input: object, context: RequestContext): RouteOutput<typeof routes.open> {
    return { requestId: context.requestId };
  }

  @OnRoute(routes.thing)
  async thing(
    input: RouteInput<typeof routes.thing>,
    context: RequestContext,
  ): Promise<RouteOutput<typeof routes.thing>> {
    const { data } = input.body;
    return {
      photoId: input.params.photoId,
      limit: input.query.limit,
      doubled: Uint8Array.from([...data, ...data]),
      accountId: context.person.accountId,
    };
  }

  @OnRoute(routes.remove)
  async remove(): Promise<void> {}

  @OnRoute(routes.bug)
  bug(): void {
    throw new TypeError('secret-of-the-stack');
  }

  @OnRoute(routes.lies)
  lies(): RouteOutput<typeof routes.lies> {
    return { n: 1.5 };
  }

  @OnRoute(routes.upload)
  async upload(_input: object, context: RequestContext): Promise<void> {
    let length = 0;
    for await (const chunk of context.request.raw as AsyncIterable<Buffer>) length += chunk.length;
    await context.reply.code(204).header('upload-offset', length).send();
  }

  @OnRoute(routes.download)
  download(_input: object, context: RequestContext): void {
    seen.signal = context.signal;
    context.reply.raw.writeHead(200, { 'content-type': 'application/octet-stream' });
    context.reply.hijack();
    context.reply.raw.write('first bytes');
  }

  @OnRoute(routes.head)
  async head(_input: object, context: RequestContext): Promise<void> {
    await context.reply.code(200).header('upload-offset', 7).send();
  }

  @OnRoute(routes.options)
  async options(_input: object, context: RequestContext): Promise<void> {
    await context.reply.code(204).header('tus-version', '1.0.0').send();
  }

  @OnRoute(routes.slow)
  async slow(): Promise<RouteOutput<typeof routes.slow>> {
    await gate.promise;
    return { done: true };
  }
}

const contracts = {
  routes: Object.values(routes),
  messages: [...Object.values(authMessages), ...Object.values(policyMessages)],
};
const lines: string[] = [];
const log = createLog(
  'debug',
  new Writable({ write: (chunk, _encoding, done) => (lines.push(String(chunk)), done()) }),
);

let identities: Identities;
let running: Running;
beforeAll(async () => {
  identities = await Identities.create();
  const vaultService = testService('vault', { controllers: [TestController] });
  running = await run(
    [vaultService, identities.auth(), identities.policy()],
    { HEIRLOOM_PORT: '0' },
    {
      contracts,
      log,
      transport: new InProcessHub(),
      drainMs: 3_000,
      pages: (fastify) =>
        void fastify.get('/', (_request, reply) => reply.type('text/html').send('<p>here</p>')),
    },
  );
});
afterAll(async () => {
  await running.close();
});

const call = (path: string, init: RequestInit = {}): Promise<Response> =>
  fetch(`${running.url}${path}`, init);
const asPerson = async (
  person = identities.person(),
  headers: Record<string, string> = {},
): Promise<Record<string, string>> => ({
  authorization: `Bearer ${await identities.token(person)}`,
  ...headers,
});
async function problemOf(response: Response): Promise<Problem> {
  expect(response.headers.get('content-type')).toContain('application/problem+json');
  const parsed = problem.parse(await response.json());
  expect(parsed.status).toBe(response.status);
  expect(parsed.requestId).toBe(response.headers.get('x-request-id'));
  return parsed;
}
const goodBody = JSON.stringify({ data: 'AQID', when: 'now' });
const thingPath = (id: string = newId<PhotoId>()): string => `/api/vault/things/${id}?limit=3`;

describe('routes', () => {
  it('decodes the input and encodes the output', async () => {
    const person = identities.person();
    const id = newId<PhotoId>();
    const headers = await asPerson(person, { 'content-type': 'application/json; charset=utf-8' });
    const response = await call(thingPath(id), { method: 'POST', headers, body: goodBody });
    expect(response.status).toBe(201);
    expect(await response.json()).toEqual({
      photoId: id,
      limit: 3,
      doubled: 'AQIDAQID',
      accountId: person.accountId,
    });
    expect(response.headers.get('cache-control')).toBe('no-store');
    expect(response.headers.get('content-security-policy')).toContain("default-src 'none'");
    expect(response.headers.get('x-content-type-options')).toBe('nosniff');
    expect(response.headers.get('referrer-policy')).toBe('no-referrer');
  });

  it('takes a harmless request id over and makes its own otherwise', async () => {
    const given = await call('/api/vault/open', { headers: { 'x-request-id': 'from-the-proxy.1' } });
    expect(await given.json()).toEqual({ requestId: 'from-the-proxy.1' });
    const harmful = await call('/api/vault/open', { headers: { 'x-request-id': 'a b<script>' } });
    const { requestId } = (await harmful.json()) as { requestId: string };
    expect(requestId).toMatch(/^[0-9a-f-]{36}$/);
    expect(harmful.headers.get('x-request-id')).toBe(requestId);
  });

  it('names the field that is wrong and never what stood in it', async () => {
    const headers = await asPerson(undefined, { 'content-type': 'application/json' });
    const body = JSON.stringify({ data: 'AQID', when: 'much-too-long-secret' });
    const refused = await problemOf(await call(thingPath(), { method: 'POST', headers, body }));
    expect(refused.code).toBe('bad-request');
    expect(refused.detail).toContain('body.when');
    expect(JSON.stringify(refused)).not.toContain('secret');
    const query = await problemOf(
      await call(`/api/vault/things/${newId<PhotoId>()}?limit=10`, {
        method: 'POST',
        headers,
        body: goodBody,
      }),
    );
    expect(query.detail).toContain('query.limit');
    const params = await problemOf(
      await call('/api/vault/things/nonsense?limit=1', { method: 'POST', headers, body: goodBody }),
    );
    expect(params.detail).toContain('params.photoId');
  });

  it.each([
    ['malformed JSON', 'application/json', '{"data":', 'bad-request', 400],
    ['no body', 'application/json', '', 'bad-request', 400],
    ['bytes that are not UTF-8', 'application/json', Uint8Array.from([0x22, 0xff, 0x22]), 'bad-request', 400],
    ['another content type', 'text/plain', goodBody, 'media-type', 415],
    ['a content type that is none', 'nonsense', goodBody, 'media-type', 415],
    [
      'too large a body',
      'application/json',
      JSON.stringify({ data: 'A'.repeat(400), when: 'now' }),
      'too-large',
      413,
    ],
  ])('refuses %s', async (_what, type, body, code, status) => {
    const headers = await asPerson(undefined, { 'content-type': type });
    const response = await call(thingPath(), { method: 'POST', headers, body });
    expect(response.status).toBe(status);
    expect((await problemOf(response)).code).toBe(code);
  });

  it('refuses a body that grows too large without saying so beforehand', async () => {
    const status = await new Promise<number>((resolve, reject) => {
      void identities.token(identities.person()).then((token) => {
        const headers = {
          authorization: `Bearer ${token}`,
          'content-type': 'application/json',
          'transfer-encoding': 'chunked',
        };
        const sent = httpRequest(`${running.url}${thingPath()}`, { method: 'POST', headers }, (response) => {
          resolve(response.statusCode!);
          response.resume();
        });
        sent.on('error', reject);
        for (let i = 0; i < 10; i += 1) sent.write(' '.repeat(100));
      });
    });
    expect(status).toBe(413);
  });

  it('answers unknown addresses and wrong methods', async () => {
    expect((await problemOf(await call('/api/vault/nothing'))).code).toBe('not-found');
    expect((await problemOf(await call('/api/integrity/nothing'))).code).toBe('not-found');
    expect((await problemOf(await call('/elsewhere'))).code).toBe('not-found');
    const wrong = await call('/api/vault/open', { method: 'PUT' });
    expect(wrong.headers.get('allow')).toBe('GET');
    expect((await problemOf(wrong)).code).toBe('method-not-allowed');
    expect((await call('/api/vault/open', { method: 'HEAD' })).status).toBe(405);
    expect((await problemOf(await call('/api/vault/%ZZ'))).code).toBe('bad-request');
  });

  it('answers what is not HTTP at all', async () => {
    const text = await new Promise<string>((resolve, reject) => {
      const socket = connect(running.port, '127.0.0.1', () => socket.write('nonsense\r\n\r\n'));
      let received = '';
      socket.on('data', (chunk) => (received += String(chunk)));
      socket.on('end', () => resolve(received));
      socket.on('error', reject);
    });
    expect(text).toMatch(/^HTTP\/1.1 400 /);
  });

  it('keeps a bug to itself and logs it under the request id', async () => {
    const refused = await problemOf(await call('/api/vault/bug'));
    expect(refused.code).toBe('internal');
    expect(JSON.stringify(refused)).not.toContain('secret-of-the-stack');
    const line = lines.find((text) => text.includes('secret-of-the-stack'))!;
    expect(line).toContain(refused.requestId!);
    expect(line).toContain('http.spec.ts');
  });

  it('does not send what breaks its own contract', async () => {
    expect((await problemOf(await call('/api/vault/lies'))).code).toBe('internal');
  });

  it('hands streams on untouched, whatever type they claim', async () => {
    for (const type of ['application/offset+octet-stream', 'application/json']) {
      const headers = await asPerson(undefined, { 'content-type': type });
      const response = await call('/api/vault/upload', {
        method: 'PATCH',
        headers,
        body: 'x'.repeat(100_000),
      });
      expect([response.status, response.headers.get('upload-offset')]).toEqual([204, '100000']);
    }
  });

  it('answers HEAD and OPTIONS where they are declared', async () => {
    const head = await call('/api/vault/upload', { method: 'HEAD' });
    expect([head.status, head.headers.get('upload-offset')]).toEqual([200, '7']);
    const options = await call('/api/vault/upload', { method: 'OPTIONS' });
    expect([options.status, options.headers.get('tus-version')]).toEqual([204, '1.0.0']);
  });

  it('serves pages and health beside the services', async () => {
    expect(await (await call('/')).text()).toContain('here');
    expect(await (await call('/health/live')).json()).toEqual({ status: 'ok' });
    const ready = await call('/health/ready');
    expect(ready.status).toBe(200);
    expect(await ready.json()).toMatchObject({
      status: 'ok',
      services: { vault: { bus: 'ok', revocations: 'ok' } },
    });
  });

  it('logs the route and nothing that a person sent', async () => {
    const token = await identities.token(identities.person());
    await call(`${thingPath()}&note=planted-query`, {
      method: 'POST',
      headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
      body: JSON.stringify({ data: 'AQID', when: 'plt', more: 'planted-body' }),
    });
    const text = lines.join('\n');
    expect(text).toContain('"route":"vault.thing"');
    expect(text).not.toContain('planted');
    expect(text).not.toContain(token);
  });
});

describe('access', () => {
  it.each([
    ['no token', () => undefined, 'token-missing'],
    ['an empty token', () => 'Bearer ', 'token-missing'],
    ['nonsense', () => 'Bearer nonsense', 'token-invalid'],
    [
      'an expired token',
      async () => `Bearer ${await identities.token(identities.person(), { expiresInSeconds: -10 })}`,
      'token-expired',
    ],
    [
      'a token of another issuer',
      async () => `Bearer ${await identities.token(identities.person(), { issuer: 'someone' })}`,
      'token-invalid',
    ],
    [
      'a token for another audience',
      async () => `Bearer ${await identities.token(identities.person(), { audience: 'x' })}`,
      'token-invalid',
    ],
    [
      'a token of another key',
      async () => `Bearer ${await (await Identities.create()).token(identities.person())}`,
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
    const owner = await call(path, { method: 'DELETE', headers: await asPerson(identities.person('owner')) });
    expect(owner.status).toBe(204);
    const viewer = await call(path, {
      method: 'DELETE',
      headers: await asPerson(identities.person('viewer')),
    });
    expect((await problemOf(viewer)).code).toBe('forbidden');
    const stranger = await call(path, { method: 'DELETE', headers: await asPerson() });
    expect((await problemOf(stranger)).code).toBe('forbidden');
  });

  it('asks for a standing once within its time', async () => {
    const headers = await asPerson(identities.person('owner'));
    const before = identities.standingsAsked;
    await Promise.all(
      [1, 2, 3].map(() => call(`/api/vault/things/${newId<PhotoId>()}`, { method: 'DELETE', headers })),
    );
    expect(identities.standingsAsked - before).toBe(1);
  });

  it('fetches a key that it does not know yet', async () => {
    await new Promise((resolve) => setTimeout(resolve, 1_100));
    await identities.rotate();
    const response = await call(thingPath(), {
      method: 'POST',
      headers: await asPerson(undefined, { 'content-type': 'application/json' }),
      body: goodBody,
    });
    expect(response.status).toBe(201);
  });

  it('does not let unknown keys make it ask auth all the time', async () => {
    const stranger = await Identities.create();
    const token = await stranger.token(identities.person());
    const before = identities.keysAsked;
    await Promise.all(
      Array.from({ length: 20 }, () =>
        call('/api/vault/download', { headers: { authorization: `Bearer ${token}` } }),
      ),
    );
    expect(identities.keysAsked - before).toBeLessThanOrEqual(3);
  });

  it('refuses a revoked device within five seconds and cuts its open streams', async () => {
    const person = identities.person();
    const headers = await asPerson(person);
    const response = await call('/api/vault/download', { headers });
    const body = response.text();
    identities.revoked.push(person);
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
    identities.refuseChanges = true;
    try {
      await expect(open).rejects.toThrow();
      const refused = await call('/api/vault/download', { headers });
      expect(refused.headers.get('retry-after')).toBe('1');
      expect((await problemOf(refused)).code).toBe('revocations-stale');
      expect((await call('/health/ready')).status).toBe(503);
      expect((await call('/api/vault/open')).status).toBe(200);
    } finally {
      identities.refuseChanges = false;
    }
    await new Promise((resolve) => setTimeout(resolve, 1_000));
    expect((await call('/health/ready')).status).toBe(200);
  }, 15_000);
});

describe('closing', () => {
  it('finishes what is being served and accepts nothing new', async () => {
    const slow = call('/api/vault/slow');
    await new Promise((resolve) => setTimeout(resolve, 100));
    const closed = running.close();
    await new Promise((resolve) => setTimeout(resolve, 50));
    await expect(call('/api/vault/open')).rejects.toThrow();
    gate.resolve();
    expect(await (await slow).json()).toEqual({ done: true });
    await closed;
  });
});
