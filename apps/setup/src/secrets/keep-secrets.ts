import { chmod, mkdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { replaceFile } from '@heirloom/service-kit';
import { beforeOf, nextOf, type Secrets } from './secrets.ts';

/**
 * Reads each secret from a file of its own, and makes those that are missing. A file that is there is never changed, so
 * that running it again, for instance after an upgrade that needs one secret more, is safe.
 *
 * @returns all secrets, and the names of those that were made now
 */
export async function keepSecrets(
  folder: string,
  makers: Readonly<Record<string, () => string>>,
): Promise<{ secrets: Secrets; made: string[] }> {
  await openFolder(folder);
  const secrets: Record<string, string> = {};
  const made: string[] = [];
  for (const [name, make] of Object.entries(makers)) {
    const file = join(folder, name);
    let value = await readIfThere(file);
    if (value === undefined) {
      value = make();
      await replaceShared(file, value);
      made.push(name);
    }
    secrets[name] = value;
    for (const other of [beforeOf(name), nextOf(name)]) {
      const valid = await readIfThere(join(folder, other));
      if (valid) secrets[other] = valid;
    }
  }
  return { secrets, made };
}

/** The folder keeps others out. Containers that get one of the files run as users of their own, and must read it. */
export const replaceShared = (file: string, text: string): Promise<void> => replaceFile(file, text, 0o644);

async function openFolder(folder: string): Promise<void> {
  await mkdir(folder, { recursive: true, mode: 0o700 });
  await chmod(folder, 0o700);
}

export async function readIfThere(file: string): Promise<string | undefined> {
  try {
    return (await readFile(file, 'utf8')).trim();
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}
