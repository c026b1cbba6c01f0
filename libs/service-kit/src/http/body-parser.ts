import { AppError } from '@heirloom/contracts';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { IncomingMessage } from 'node:http';
import { routeOfRequest } from './on-route.ts';

/**
 * One parser for everything. Routes that stream get their body untouched; all others take JSON of at most the
 * contract's size. (Fastify's own limit does not hold for parsers that are handed the stream, so bytes are counted here.)
 */
export function installBodyParser(fastify: FastifyInstance): void {
  fastify.removeAllContentTypeParsers();
  fastify.addContentTypeParser('*', async (request: FastifyRequest, payload: IncomingMessage) => {
    const contract = routeOfRequest(request);
    if (!contract || contract.stream === 'request' || contract.stream === 'both') return undefined;
    const bytes = await readAll(
      payload,
      contract.bodyLimitBytes,
      Number(request.headers['content-length'] ?? 0),
    );
    if (bytes.length === 0) return undefined;
    const type = request.headers['content-type']?.split(';')[0]?.trim().toLowerCase();
    if (type !== 'application/json') {
      throw new AppError('media-type', {
        detail: 'This server expects the content type application/json here.',
      });
    }
    return parseJson(bytes);
  });
}

/**
 * How much of a body that is too large is read and thrown away. An answer before the body's end closes the connection,
 * and a proxy or a client that is still sending may then see the cut and not the answer.
 */
const politeBytes = 16 * 1024 * 1024;

async function readAll(payload: IncomingMessage, limit: number, announced: number): Promise<Buffer> {
  if (announced > limit + politeBytes) throw tooLarge(limit);
  const chunks: Buffer[] = [];
  let length = 0;
  // Leaving the loop must not destroy the connection, or the refusal could not be answered.
  for await (const chunk of payload.iterator({ destroyOnReturn: false }) as AsyncIterable<Buffer>) {
    length += chunk.length;
    if (length > limit + politeBytes) break;
    if (length <= limit) chunks.push(chunk);
  }
  if (length > limit) throw tooLarge(limit);
  return Buffer.concat(chunks, length);
}

function parseJson(bytes: Buffer): unknown {
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
  } catch (error) {
    throw new AppError('bad-request', { detail: 'The body of the request is not valid JSON.', cause: error });
  }
}

const tooLarge = (limit: number): AppError =>
  new AppError('too-large', {
    detail: `The body of the request is larger than the ${limit} bytes that are accepted here.`,
  });
