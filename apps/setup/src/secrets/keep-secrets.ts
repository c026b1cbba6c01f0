import { chmod, mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Secrets } from './secrets.ts';

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
      await replaceFile(file, value);
      made.push(name);
    }
    secrets[name] = value;
  }
  return { secrets, made };
}

/** Writes a file as a whole or not at all. */
export async function replaceFile(file: string, text: string): Promise<void> {
  // The folder keeps others out. Containers that get one of the files run as users of their own, and must read it.
  await writeFile(`${file}.new`, text, { mode: 0o644 });
  await rename(`${file}.new`, file);
}

async function openFolder(folder: string): Promise<void> {
  await mkdir(folder, { recursive: true, mode: 0o700 });
  await chmod(folder, 0o700);
}

async function readIfThere(file: string): Promise<string | undefined> {
  try {
    return (await readFile(file, 'utf8')).trim();
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}
