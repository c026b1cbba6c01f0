import { spawn } from 'node:child_process';
import { existsSync, readdirSync } from 'node:fs';
import { createRequire } from 'node:module';
import { delimiter, dirname, join } from 'node:path';
import { text } from 'node:stream/consumers';

const require = createRequire(import.meta.url);
const root = join(import.meta.dirname, '../..');
const services = join(root, 'libs/services');

/** @returns {string[]} the names of the services that have a schema, sorted. */
export function serviceNames() {
  return readdirSync(services)
    .filter((name) => existsSync(join(services, name, 'prisma/schema.prisma')))
    .sort();
}

/** @returns {string} the folder of a service. Throws for a name that is none. */
export function serviceFolder(name) {
  if (!serviceNames().includes(name)) {
    throw new Error(
      `"${name}" is no service with a schema. There are: ${serviceNames().join(', ') || 'none'}`,
    );
  }
  return join(services, name);
}

/**
 * Runs Prisma's CLI in a service's folder, without any request to the network.
 *
 * @param {string} folder a folder that has prisma/schema.prisma
 * @param {string[]} args
 * @param {{ PRISMA_DATABASE_URL?: string, PRISMA_SHADOW_DATABASE_URL?: string }} databases
 * @returns {Promise<{ exitCode: number, stdout: string, stderr: string }>}
 */
export async function runPrisma(folder, args, databases = {}) {
  const cli = join(dirname(require.resolve('prisma/package.json')), 'build/index.js');
  const config = join(import.meta.dirname, 'prisma.config.mjs');
  const child = spawn(process.execPath, [cli, ...args, '--config', config], {
    cwd: folder,
    stdio: ['ignore', 'pipe', 'pipe'],
    env: {
      ...process.env,
      ...databases,
      // The engine's first line looks `node` up: it must be the Node that runs this.
      PATH: `${dirname(process.execPath)}${delimiter}${process.env.PATH}`,
      PRISMA_SCHEMA_ENGINE_BINARY: join(import.meta.dirname, 'schema-engine.mjs'),
      CHECKPOINT_DISABLE: '1',
      PRISMA_HIDE_UPDATE_MESSAGE: '1',
      NO_COLOR: '1',
    },
  });
  const exited = new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (code) => resolve(code ?? 1));
  });
  const [exitCode, stdout, stderr] = await Promise.all([exited, text(child.stdout), text(child.stderr)]);
  return { exitCode, stdout, stderr };
}
