import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { runMain, serveWeb } from '@heirloom/service-kit';

const folderOf = (app: string) => fileURLToPath(new URL(`../../${app}/dist/site/`, import.meta.url));
const sites = [
  { folder: folderOf('web'), at: '/' },
  { folder: folderOf('admin-dashboard'), at: '/admin/' },
] as const;
const { version } = JSON.parse(await readFile(new URL('../package.json', import.meta.url), 'utf8')) as {
  version: string;
};

await runMain([], {
  name: 'web',
  env: process.env,
  argv: process.argv,
  pages: (fastify) => serveWeb(fastify, { sites, version }),
});
