import type { FastifyInstance } from 'fastify';

/** Per service, the state of each of its parts: `ok` or a sentence. */
export type HealthReport = Record<string, Record<string, string>>;

/**
 * `/health/live`: the process runs. `/health/ready`: every part of every service works, else 503; the answer says
 * which does not. Neither says anything about people or photos.
 */
export function installHealthRoutes(fastify: FastifyInstance, report: () => Promise<HealthReport>): void {
  fastify.get('/health/live', async () => ({ status: 'ok' }));
  fastify.get('/health/ready', async (_request, reply) => {
    const services = await report();
    const ready = Object.values(services).every((parts) =>
      Object.values(parts).every((state) => state === 'ok'),
    );
    return reply.code(ready ? 200 : 503).send({ status: ready ? 'ok' : 'not ready', services });
  });
}
