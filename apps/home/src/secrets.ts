import { mkdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { replaceFile } from '@heirloom/service-kit';

/**
 * Reads a secret that home keeps as a file of its own, making it first where there is none. The file is complete
 * or absent: it is written aside, synced and renamed, mode 0600.
 */
export async function keepSecret(
  folder: string,
  name: string,
  make: () => string | Promise<string>,
): Promise<string> {
  const kept = await readSecret(folder, name);
  if (kept !== undefined) return kept;
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const value = await make();
  await replaceSecret(path.join(folder, name), value);
  return value;
}

/** The value that stays valid beside a secret while it is changed: `<name>_PREVIOUS`, where a person put it. */
export const previousSecret = (folder: string, name: string): Promise<string | undefined> =>
  readSecret(folder, previousName(name));
export const previousName = (name: string): string => `${name}_PREVIOUS`;

async function readSecret(folder: string, name: string): Promise<string | undefined> {
  try {
    return (await readFile(path.join(folder, name), 'utf8')).trim();
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}

/** Writes a secret's file anew, in a folder that exists. */
export const replaceSecret = (file: string, value: string): Promise<void> => replaceFile(file, `${value}\n`);
