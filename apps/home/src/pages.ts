import { readFileSync } from 'node:fs';
import type { FastifyInstance } from 'fastify';

const folder = new URL('../pages/', import.meta.url);
const headers = {
  'content-security-policy':
    "default-src 'none'; style-src 'self'; img-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'no-referrer',
  'cache-control': 'no-cache',
};

const escapeHtml = (text: string) =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');

/** The page that says that Heirloom runs and how to begin. `address` is what people open, for example http://localhost:8080. */
export function servePages(fastify: FastifyInstance, address: () => string, version: string): void {
  const page = readFileSync(new URL('index.html', folder), 'utf8');
  fastify.get('/', (_request, reply) =>
    reply
      .headers(headers)
      .type('text/html; charset=utf-8')
      .send(
        page.replaceAll('{{address}}', escapeHtml(address())).replaceAll('{{version}}', escapeHtml(version)),
      ),
  );
  for (const [file, type] of [
    ['home.css', 'text/css; charset=utf-8'],
    ['icon.svg', 'image/svg+xml'],
  ] as const) {
    const body = readFileSync(new URL(file, folder));
    fastify.get(`/${file}`, (_request, reply) => reply.headers(headers).type(type).send(body));
  }
}
