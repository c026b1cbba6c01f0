import { expect } from '@jest/globals';
import { Controller } from '@nestjs/common';
import {
  authMessages,
  bytes,
  can,
  newId,
  photoId,
  policyMessages,
  problem,
  queryInt,
  route,
  standingMessages,
  type MessageContract,
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
import type { FastifyInstance } from 'fastify';
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
    output: z.object({ requestId: z.string(), address: z.string() }),
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
  /** Like remove, with a handler that decides by itself. */
  leave: route({
    ...vault,
    id: 'vault.leave',
    method: 'POST',
    path: '/api/vault/leave',
    access: can('read', 'Photo'),
    output: z.object({ left: z.boolean() }),
  }),
  operate: route({
    ...vault,
    id: 'vault.operate',
    method: 'GET',
    path: '/api/vault/operate',
    access: 'operator',
    output: z.object({ accountId: z.string() }),
  }),
  help: route({
    ...vault,
    id: 'vault.help',
    method: 'GET',
    path: '/api/vault/help',
    access: 'staff',
    output: z.object({ accountId: z.string() }),
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
  /** Like download and upload, for those who are permitted. */
  photo: route({
    ...vault,
    id: 'vault.photo',
    method: 'GET',
    path: '/api/vault/photo',
    access: can('read', 'Photo'),
    stream: 'response',
    status: 200,
  }),
  addPhoto: route({
    ...vault,
    id: 'vault.add-photo',
    method: 'PATCH',
    path: '/api/vault/photo',
    access: can('create', 'Photo'),
    stream: 'both',
    bodyLimitBytes: 2 ** 40,
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

export const seen: { signal?: AbortSignal; removed: number } = { removed: 0 };
export const slowGate = Promise.withResolvers<void>();
export const slowBegun = Promise.withResolvers<void>();

@Controller()
class TestController {
  @OnRoute(routes.open)
  open(_input: object, context: RequestContext): RouteOutput<typeof routes.open> {
    return { requestId: context.requestId, address: context.remoteAddress };
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
  remove(): void {
    seen.removed += 1;
  }

  @OnRoute(routes.leave)
  async leave(_input: object, context: RequestContext): Promise<RouteOutput<typeof routes.leave>> {
    context.decideUnderLock();
    seen.signal = context.signal;
    await slowGate.promise;
    return { left: true };
  }

  @OnRoute(routes.operate)
  operate(_input: object, context: RequestContext): RouteOutput<typeof routes.operate> {
    return { accountId: context.person.accountId };
  }

  @OnRoute(routes.help)
  help(_input: object, context: RequestContext): RouteOutput<typeof routes.help> {
    return { accountId: context.person.accountId };
  }

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
    seen.signal = context.signal;
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

  @OnRoute(routes.photo)
  photo(input: object, context: RequestContext): void {
    this.download(input, context);
  }

  @OnRoute(routes.addPhoto)
  async addPhoto(input: object, context: RequestContext): Promise<void> {
    await this.upload(input, context);
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
    slowBegun.resolve();
    await slowGate.promise;
    return { done: true };
  }
}

const contracts = {
  routes: Object.values(routes),
  messages: [authMessages, policyMessages, standingMessages].flatMap((group) =>
    Object.values<MessageContract>(group),
  ),
};

/** A vault with a route of every kind, behind a real listener. */
export class HttpInstallation implements AsyncDisposable {
  private constructor(
    readonly identities: Identities,
    readonly running: Running,
    readonly lines: readonly string[],
  ) {}

  static async create(env: Record<string, string> = {}): Promise<HttpInstallation> {
    const lines: string[] = [];
    const destination = new Writable({
      write: (chunk, _encoding, done) => (lines.push(String(chunk)), done()),
    });
    const identities = await Identities.create();
    const services = [
      testService('vault', { controllers: [TestController] }),
      identities.auth(),
      identities.policy(),
    ];
    const options = {
      contracts,
      log: createLog('debug', destination),
      transport: new InProcessHub(),
      drainMs: 3_000,
      pages: (fastify: FastifyInstance) =>
        void fastify.get('/', (_request, reply) => reply.type('text/html').send('<p>here</p>')),
    };
    return new HttpInstallation(
      identities,
      await run(services, { HEIRLOOM_PORT: '0', ...env }, options),
      lines,
    );
  }

  call(path: string, init: RequestInit = {}): Promise<Response> {
    return fetch(`${this.running.url}${path}`, init);
  }

  async asPerson(
    person = this.identities.person(),
    headers: Record<string, string> = {},
  ): Promise<Record<string, string>> {
    return { authorization: `Bearer ${await this.identities.token(person)}`, ...headers };
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.running.close();
  }
}

/** The problem that a request was answered with, in the form that all refusals have. */
export async function problemOf(response: Response): Promise<Problem> {
  expect(response.headers.get('content-type')).toContain('application/problem+json');
  const parsed = problem.parse(await response.json());
  expect(parsed.status).toBe(response.status);
  expect(parsed.requestId).toBe(response.headers.get('x-request-id'));
  return parsed;
}
export const goodBody = JSON.stringify({ data: 'AQID', when: 'now' });
export const thingPath = (id: string = newId<PhotoId>()): string => `/api/vault/things/${id}?limit=3`;
