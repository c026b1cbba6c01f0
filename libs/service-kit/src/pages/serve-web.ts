import { AppError, release, releasePath, type Release } from '@heirloom/contracts';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { pageHeaders } from './content-policy.ts';
import { readWebFiles, type WebFile } from './web-files.ts';

export interface WebOptions {
  /** The folder that the build of the pages wrote. */
  folder: string;
  version: string;
}

const year = 'public, max-age=31536000, immutable';
/** Named by their content. */
const hashed = '/assets/';

/**
 * Serves the family's web pages with strict headers, and their hashes at {@link releasePath}. Every address that is neither
 * a file nor the services' is a page of the app, which `index.html` shows.
 */
export async function serveWeb(fastify: FastifyInstance, { folder, version }: WebOptions): Promise<void> {
  const files = await readWebFiles(folder);
  const answer = releaseOf(files, version);
  fastify.get(releasePath, (_request, reply) =>
    reply.headers({ ...pageHeaders, 'cache-control': 'no-cache' }).send(answer),
  );
  fastify.get('/*', (request, reply) => {
    const path = request.url.split('?', 1)[0] ?? '/';
    const file = files.get(path) ?? pageOf(files, path);
    if (!file) throw new AppError('not-found');
    return send(file, request, reply);
  });
}

function releaseOf(files: ReadonlyMap<string, WebFile>, version: string): Release {
  const list = [...files.values()].map(({ path, sha256, body }) => ({ path, sha256, bytes: body.length }));
  return release.parse({ version, files: list.sort((a, b) => (a.path < b.path ? -1 : 1)) });
}

/** A missing file is missing; an address without a dot is a page. */
function pageOf(files: ReadonlyMap<string, WebFile>, path: string): WebFile | undefined {
  if (path.startsWith('/api/') || path.startsWith(hashed) || /\.[a-z0-9]+$/i.test(path)) return undefined;
  return files.get('/index.html');
}

function send(file: WebFile, request: FastifyRequest, reply: FastifyReply): FastifyReply {
  const etag = `"${file.sha256}"`;
  const compressed = file.brotli && /\bbr\b/.test(request.headers['accept-encoding'] ?? '');
  reply.headers({
    ...pageHeaders,
    etag,
    vary: 'accept-encoding',
    'cache-control': file.path.startsWith(hashed) ? year : 'no-cache',
  });
  if (request.headers['if-none-match'] === etag) return reply.code(304).send();
  if (compressed) reply.header('content-encoding', 'br');
  return reply.type(file.type).send(compressed ? file.brotli : file.body);
}
