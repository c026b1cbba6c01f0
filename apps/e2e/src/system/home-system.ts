import { mkdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { Child, freePort, ready, repository } from './processes.ts';
import { residentBytes } from './resident.ts';
import type { System, SystemLocation, SystemOptions } from './system.ts';

/** `npm start` without its installing: everything in one process on one data folder. */
export async function bootHome(folder: string, options: SystemOptions = {}): Promise<System> {
  const dataFolder = path.join(folder, 'data');
  await mkdir(folder, { recursive: true });
  const port = await freePort();
  const address = `http://localhost:${port}`;
  const logFile = path.join(folder, 'home.log');
  let child: Child | undefined;
  const start = async () => {
    if (child?.running) return;
    const env = { HEIRLOOM_DATA: dataFolder, HEIRLOOM_PORT: String(port), ...options.env };
    child = new Child('home', process.execPath, [path.join(repository, 'apps/home/dist/main.js')], { env, logFile });
    await ready('home', address, child, logFile);
  };
  await start();
  const locations: SystemLocation[] = ['first', 'second', 'third'].map((id) => ({ id, path: path.join(dataFolder, 'locations', id) }));
  return {
    topology: 'home',
    address,
    locations,
    dataFolder,
    get databaseUrl() {
      throw new Error('ask homeDatabaseUrl: the port changes at every start');
    },
    crash: async () => child?.crash(),
    start,
    residentBytes: () => residentBytes(child),
    [Symbol.asyncDispose]: async () => {
      await child?.stop('SIGINT');
    },
  };
}

/** The superuser's connection to the database of a running home, read from what it keeps in its folder. */
export async function homeDatabaseUrl(dataFolder: string): Promise<string> {
  const password = (await readFile(path.join(dataFolder, 'secrets/postgres-superuser'), 'utf8')).trim();
  const port = (await readFile(path.join(dataFolder, 'postgres/postmaster.pid'), 'utf8')).split('\n')[3];
  return `postgresql://postgres:${password}@127.0.0.1:${port}/heirloom`;
}
