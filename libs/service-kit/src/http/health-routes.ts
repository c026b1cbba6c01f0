import type { FastifyInstance, FastifyReply } from 'fastify';

/** Per service, the state of each of its parts: `ok` or a sentence. */
export type HealthReport = Record<string, Record<string, string>>;

export interface HealthReports {
  /** Of all parts. */
  readonly ready: () => Promise<HealthReport>;
  /** Of what must be done once, before the first request: the migrations. */
  readonly started: () => Promise<HealthReport>;
}

/**
 * - `/livez`, `/health/live`: the process turns. It asks nobody: a process is not ended because its database is away.
 * - `/startupz`, `/health/started`: the database is as this release expects it, else 503.
 * - `/readyz`, `/health/ready`: every part of every service works, else 503; the answer says which does not.
 *
 * None says anything about people or photos.
 */
export function installHealthRoutes(fastify: FastifyInstance, { ready, started }: HealthReports): void {
  for (const path of ['/health/live', '/livez']) fastify.get(path, async () => ({ status: 'ok' }));
  for (const path of ['/health/started', '/startupz'])
    fastify.get(path, async (_request, reply) => answer(reply, await started(), 'not started'));
  for (const path of ['/health/ready', '/readyz'])
    fastify.get(path, async (_request, reply) => answer(reply, await ready(), 'not ready'));
}

function answer(reply: FastifyReply, services: HealthReport, otherwise: string): FastifyReply {
  const isFine = Object.values(services).every((parts) =>
    Object.values(parts).every((state) => state === 'ok'),
  );
  return reply.code(isFine ? 200 : 503).send({ status: isFine ? 'ok' : otherwise, services });
}
