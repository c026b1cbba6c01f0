import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { runMain, serveWeb } from '@heirloom/service-kit';

const folder = fileURLToPath(new URL('../../web/dist/site/', import.meta.url));
const { version } = JSON.parse(await readFile(new URL('../package.json', import.meta.url), 'utf8')) as {
  version: string;
};

await runMain([], {
  name: 'web',
  env: process.env,
  argv: process.argv,
  pages: (fastify) => serveWeb(fastify, { folder, version }),
});
