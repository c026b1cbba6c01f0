import { mkdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { freePort } from '@heirloom/service-kit/testing';
import { Child, ready, repository } from './processes.ts';
import { peakBytesOf, readBytes } from './resident.ts';
import type { System, SystemOptions } from './system.ts';

/** `npm start` without its installing: everything in one process on one data folder. */
export async function bootHome(folder: string, options: SystemOptions = {}): Promise<System> {
  const dataFolder = path.join(folder, 'data');
  await mkdir(folder, { recursive: true });
  const port = await freePort();
  const logFile = path.join(folder, 'home.log');
  let child: Child | undefined;
  let changes: Record<string, string> = {};
  const isTls = () => {
    const { HEIRLOOM_TLS, HEIRLOOM_TLS_CERT_FILE } = { ...options.env, ...changes };
    return HEIRLOOM_TLS === 'own' || HEIRLOOM_TLS_CERT_FILE !== undefined;
  };
  const address = () => `${isTls() ? 'https' : 'http'}://localhost:${port}`;
  const start = async (more: Record<string, string> = {}) => {
    changes = { ...changes, ...more };
    if (child?.running) return;
    const env = { HEIRLOOM_DATA: dataFolder, HEIRLOOM_PORT: String(port), ...options.env, ...changes };
    child = new Child('home', process.execPath, [path.join(repository, 'apps/home/dist/main.js')], {
      env,
      logFile,
    });
    await ready('home', address(), child, logFile);
  };
  await start();
  const secret = async (name: string) =>
    (await readFile(path.join(dataFolder, 'secrets', name), 'utf8')).trim();
  return {
    topology: 'home',
    get address() {
      return address();
    },
    locations: ['first', 'second', 'third'].map((id) => ({
      id,
      path: path.join(dataFolder, 'locations', id),
    })),
    dataFolder,
    databaseUrl: async () => {
      const postgresPort = (await readFile(path.join(dataFolder, 'postgres/postmaster.pid'), 'utf8')).split(
        '\n',
      )[3];
      return `postgresql://postgres:${await secret('postgres-superuser')}@127.0.0.1:${postgresPort}/heirloom`;
    },
    setupToken: async () => (await readFile(path.join(dataFolder, 'operator-setup-token'), 'utf8')).trim(),
    tokenKey: () => secret('HEIRLOOM_AUTH_TOKEN_KEY'),
    crash: async () => child?.crash(),
    start,
    peakBytes: () => peakBytesOf(child),
    readBytes: () => readBytes(child),
    [Symbol.asyncDispose]: async () => {
      await child?.stop('SIGINT');
    },
  };
}
