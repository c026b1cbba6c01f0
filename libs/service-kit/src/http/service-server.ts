import type { RouteContract } from '@heirloom/contracts';
import { FastifyAdapter } from '@nestjs/platform-fastify';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { randomUUID } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import type { AccessGate } from '../access/access-gate.ts';
import type { Standings } from '../access/standings.ts';
import type { Log } from '../logging/logger.ts';
import type { RequestCounts } from '../operations/request-counts.ts';
import { installBodyParser } from './body-parser.ts';
import { routeOfRequest } from './on-route.ts';
import { answerProblem } from './problem-filter.ts';
import { HttpContext, rememberContext } from './request-context.ts';

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
  readonly log: Log;
}

/** Installs what every request of a service passes, before Nest adds its routes. */
export function installRequestPath(
  fastify: FastifyInstance,
  { gate, standings, counts, log }: RequestPathParts,
): void {
  installBodyParser(fastify);
  fastify.addHook('onRequest', async (request, reply) => {
    prepareReply(request, reply);
    const contract = routeOfRequest(request);
    if (!contract) return;
    const context = new HttpContext(request, reply, standings);
    rememberContext(context);
    await gate.admitRequest(contract, context);
  });
  fastify.addHook('onResponse', async (request, reply) => {
    counts.note(reply.statusCode);
    const route = routeOfRequest(request)?.id ?? 'none';
    log.info(
      { requestId: request.id, route, status: reply.statusCode, ms: Math.round(reply.elapsedTime) },
      'request',
    );
  });
}
