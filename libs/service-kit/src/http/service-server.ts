import { AppError, isStaffRoute, type RouteContract } from '@heirloom/contracts';
import { FastifyAdapter } from '@nestjs/platform-fastify';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { randomUUID } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import type { AccessGate } from '../access/access-gate.ts';
import type { Standings } from '../access/standings.ts';
import type { KitConfig } from '../config/kit-config.ts';
import type { Log } from '../logging/logger.ts';
import type { Metrics } from '../metrics/metrics.ts';
import type { RequestCounts } from '../operations/request-counts.ts';
import { SpanKind, type Tracing } from '../traces/tracing.ts';
import { installBodyParser } from './body-parser.ts';
import { routeOfRequest } from './on-route.ts';
import { knownProxies } from './known-proxies.ts';
import { answerProblem } from './problem-filter.ts';
import { HttpContext, rememberContext } from './request-context.ts';
import { cameByStaffSide } from './staff-side.ts';

/** The caller's request id where it has a harmless form, so that logs of several machines can be put together. */
export function requestIdOf(request: IncomingMessage): string {
  const given = request.headers['x-request-id'];
  return typeof given === 'string' && /^[A-Za-z0-9._-]{8,64}$/.test(given) ? given : randomUUID();
}

/** An answer of the API is data: it is never rendered, framed, guessed at or kept by a cache, unless a handler says otherwise. */
export function prepareReply(request: FastifyRequest, reply: FastifyReply): void {
  reply.headers({
    'x-request-id': request.id,
    'content-security-policy': "default-src 'none'; frame-ancestors 'none'",
    'x-content-type-options': 'nosniff',
    'referrer-policy': 'no-referrer',
    'cross-origin-resource-policy': 'same-origin',
    'cache-control': 'no-store',
  });
}

/** The Fastify of one service. It does not listen by itself: the process's listener hands its requests to it. */
export function createServiceAdapter(
  routes: readonly RouteContract[],
  trustedProxies: readonly string[],
  log: Log,
): FastifyAdapter {
  return new FastifyAdapter({
    genReqId: requestIdOf,
    exposeHeadRoutes: false,
    trustProxy: trustedProxies.length > 0 ? [...trustedProxies] : false,
    logger: false,
    skipMiddie: true,
    multipart: false,
    frameworkErrors: (error: Error, request: FastifyRequest, reply: FastifyReply) => {
      prepareReply(request, reply);
      answerProblem(error, request, reply, routes, log);
    },
  } as never);
}

export interface RequestPathParts {
  readonly gate: AccessGate;
  readonly standings: Standings;
  readonly counts: RequestCounts;
  readonly metrics: Metrics;
  readonly tracing: Tracing;
  readonly config: KitConfig;
  readonly log: Log;
}

/** Installs what every request of a service passes, before Nest adds its routes. */
export function installRequestPath(fastify: FastifyInstance, parts: RequestPathParts): void {
  const { gate, standings, counts, metrics, config, log } = parts;
  traceRequests(fastify, parts);
  installBodyParser(fastify);
  fastify.addHook('onRequest', async (request, reply) => {
    prepareReply(request, reply);
    const contract = routeOfRequest(request);
    if (!contract) return;
    if (config.staff && isStaffRoute(contract) && !cameByStaffSide(request.raw))
      throw new AppError('not-found');
    const context = new HttpContext(request, reply, standings);
    rememberContext(context);
    await gate.admitRequest(contract, context);
  });
  fastify.addHook('onResponse', async (request, reply) => {
    counts.note(reply.statusCode);
    const contract = routeOfRequest(request);
    metrics.request(contract, request.method, reply.statusCode, reply.elapsedTime);
    const route = contract?.id ?? 'none';
    log.info(
      { requestId: request.id, route, status: reply.statusCode, ms: Math.round(reply.elapsedTime) },
      'request',
    );
  });
}

/** A trace that a proxy has begun is gone on with where a proxy is known; strangers do not choose what they belong to. */
function traceRequests(fastify: FastifyInstance, { tracing, config }: RequestPathParts): void {
  const isProxy = knownProxies(config.trustedProxies);
  const ends = new WeakMap<FastifyRequest, ReturnType<Tracing['open']>>();
  fastify.addHook('onRequest', (request, _reply, done) => {
    const route = routeOfRequest(request)?.path ?? 'none';
    const given = isProxy(request.socket.remoteAddress) ? request.headers['traceparent'] : undefined;
    const span = {
      name: `${request.method} ${route}`,
      kind: SpanKind.SERVER,
      facts: {
        'http.request.method': request.method,
        'http.route': route,
        'heirloom.request.id': request.id,
      },
      parent: typeof given === 'string' ? given : undefined,
    };
    ends.set(request, tracing.open(span, done));
  });
  fastify.addHook('onResponse', async (request, reply) => {
    const { statusCode: status } = reply;
    ends.get(request)?.(
      { 'http.response.status_code': status },
      ...(status >= 500 ? ([String(status)] as const) : []),
    );
  });
}
