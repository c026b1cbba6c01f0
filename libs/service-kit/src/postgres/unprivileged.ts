import { execFile } from 'node:child_process';
import { chown, stat } from 'node:fs/promises';
import { getuid } from 'node:process';
import { promisify } from 'node:util';
import { SYSTEM_ENVIRONMENT } from './system-environment.ts';

/**
 * How to start a program that refuses to run as root, as Postgres does.
 *
 * `prefix` goes before the command. `own` gives a file or folder to the user that the program runs as.
 */
export type Unprivileged = { prefix: string[]; own: (path: string) => Promise<void> };

/** Debian's `nobody`. */
const NOBODY = 65534;

/** In a user namespace root's files belong to an ordinary user 1000, so nothing needs to change hands. */
const NAMESPACE = ['unshare', '--user', '--map-user=1000', '--map-group=1000'];
const SETPRIV = ['setpriv', `--reuid=${NOBODY}`, `--regid=${NOBODY}`, '--clear-groups'];

/**
 * @param dataDir the program's folder, if there is one already: it stays with the user that owns it
 */
export async function unprivileged(dataDir: string): Promise<Unprivileged> {
  if (getuid?.() !== 0) return { prefix: [], own: async () => {} };
  const owner = await stat(dataDir).then(
    (found) => found.uid,
    () => undefined,
  );
  if (owner !== NOBODY && (await works(NAMESPACE))) return { prefix: NAMESPACE, own: async () => {} };
  if (await works(SETPRIV)) return { prefix: SETPRIV, own: (path) => chown(path, NOBODY, NOBODY) };
  throw new Error(
    'Postgres does not run as root, and neither unshare nor setpriv works here. Start Heirloom as an ordinary user.',
  );
}

async function works(prefix: string[]): Promise<boolean> {
  const [command = '', ...args] = prefix;
  return promisify(execFile)(command, [...args, 'true'], { env: SYSTEM_ENVIRONMENT }).then(
    () => true,
    () => false,
  );
}
