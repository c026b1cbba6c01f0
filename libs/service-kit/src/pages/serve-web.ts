import { AppError, release, releasePath, type Release } from '@heirloom/contracts';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { pageHeaders } from './content-policy.ts';
import { readWebFiles, type WebFile } from './web-files.ts';

export interface Site {
  /** The folder that the build of the pages wrote. */
  folder: string;
  /** What their addresses begin with, as the build knows it: `/`, or for example `/admin/`. */
  at: `/${string}`;
}

export interface WebOptions {
  sites: readonly Site[];
  version: string;
}

const year = 'public, max-age=31536000, immutable';
/** Named by their content, below the address of their site. */
const hashed = /^\/(?:[\w-]+\/)?assets\//;

/**
 * Serves the family's web pages, or the staff's, or both, with strict headers, and their hashes at {@link releasePath}. Every
 * address that is neither a file nor the services' is a page of the site that it belongs to, which its `index.html` shows.
 */
export async function serveWeb(fastify: FastifyInstance, { sites, version }: WebOptions): Promise<void> {
  const files = new Map<string, WebFile>();
  for (const site of sites) for (const file of await readWebFiles(site)) files.set(file.path, file);
  const places = sites.map(({ at }) => at).sort((a, b) => b.length - a.length);
  const answer = releaseOf(files, version);
  fastify.get(releasePath, (_request, reply) =>
    reply.headers({ ...pageHeaders, 'cache-control': 'no-cache' }).send(answer),
  );
  fastify.get('/*', (request, reply) => {
    const path = request.url.split('?', 1)[0] ?? '/';
    const file = files.get(path) ?? pageOf(files, places, path);
    if (!file) throw new AppError('not-found');
    return send(file, request, reply);
  });
}

function releaseOf(files: ReadonlyMap<string, WebFile>, version: string): Release {
  const list = [...files.values()].map(({ path, sha256, body }) => ({ path, sha256, bytes: body.length }));
  return release.parse({ version, files: list.sort((a, b) => (a.path < b.path ? -1 : 1)) });
}

/** A missing file is missing; an address without a dot is a page. */
function pageOf(
  files: ReadonlyMap<string, WebFile>,
  places: readonly string[],
  path: string,
): WebFile | undefined {
  if (path.startsWith('/api/') || hashed.test(path) || /\.[a-z0-9]+$/i.test(path)) return undefined;
  const place = places.find((at) => `${path}/`.startsWith(at));
  return place === undefined ? undefined : files.get(`${place}index.html`);
}

function send(file: WebFile, request: FastifyRequest, reply: FastifyReply): FastifyReply {
  const etag = `"${file.sha256}"`;
  const compressed = file.brotli && /\bbr\b/.test(request.headers['accept-encoding'] ?? '');
  reply.headers({
    ...pageHeaders,
    etag,
    vary: 'accept-encoding',
    'cache-control': hashed.test(file.path) ? year : 'no-cache',
  });
  if (request.headers['if-none-match'] === etag) return reply.code(304).send();
  if (compressed) reply.header('content-encoding', 'br');
  return reply.type(file.type).send(compressed ? file.brotli : file.body);
}
