import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { promisify } from 'node:util';
import { replaceFile, syncFolder } from '../files/replace-file.ts';
import { SYSTEM_ENVIRONMENT } from './system-environment.ts';
import type { Unprivileged } from './unprivileged.ts';

export const SUPERUSER = 'postgres';

/**
 * Makes a database cluster where there is none. The folder appears under its name only when it is complete, so a kill
 * in the middle leaves nothing that a later start would take for a database.
 *
 * @returns the superuser's password
 */
export async function ensureCluster(options: {
  initdb: string;
  dataDir: string;
  passwordFile: string;
  fsync: boolean;
  user: Unprivileged;
}): Promise<string> {
  const { dataDir, passwordFile, user } = options;
  if (await exists(dataDir)) return readPassword(dataDir, passwordFile);
  const password = await ensurePassword(passwordFile);
  const unfinished = `${dataDir}.unfinished`;
  const secret = `${dataDir}.password`;
  await rm(unfinished, { recursive: true, force: true });
  await mkdir(unfinished, { recursive: true, mode: 0o700 });
  await user.own(unfinished);
  try {
    // initdb runs as another user, which may not be allowed to enter the folder of the password file.
    await writeFile(secret, password, { mode: 0o600 });
    await user.own(secret);
    await initialise(options.initdb, unfinished, secret, options);
  } finally {
    await rm(secret, { force: true });
  }
  await rename(unfinished, dataDir);
  await syncFolder(dirname(dataDir));
  return password;
}

async function initialise(
  initdb: string,
  dataDir: string,
  passwordFile: string,
  { user, fsync }: { user: Unprivileged; fsync: boolean },
): Promise<void> {
  const [command = '', ...args] = [
    ...user.prefix,
    initdb,
    `--pgdata=${dataDir}`,
    `--username=${SUPERUSER}`,
    `--pwfile=${passwordFile}`,
    '--auth=scram-sha-256',
    '--encoding=UTF8',
    // Postgres' own rules of order: an upgrade of the system's C library cannot change them under an index.
    '--locale-provider=builtin',
    '--builtin-locale=C.UTF-8',
    '--locale=C',
    '--data-checksums',
    ...(fsync ? [] : ['--no-sync']),
  ];
  await promisify(execFile)(command, args, { env: SYSTEM_ENVIRONMENT });
}

/** The password is on the disk before a cluster that needs it. */
async function ensurePassword(path: string): Promise<string> {
  if (await exists(path)) return (await readFile(path, 'utf8')).trim();
  const password = randomBytes(32).toString('base64url');
  await mkdir(dirname(path), { recursive: true, mode: 0o700 });
  await replaceFile(path, password);
  return password;
}

async function readPassword(dataDir: string, path: string): Promise<string> {
  try {
    return (await readFile(path, 'utf8')).trim();
  } catch (cause) {
    throw new Error(`${dataDir} is a database, but its password file ${path} cannot be read`, { cause });
  }
}

async function exists(path: string): Promise<boolean> {
  return stat(path).then(
    () => true,
    (error: NodeJS.ErrnoException) => {
      if (error.code === 'ENOENT') return false;
      throw error;
    },
  );
}
