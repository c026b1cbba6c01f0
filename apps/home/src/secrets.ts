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
  const file = path.join(folder, name);
  try {
    return (await readFile(file, 'utf8')).trim();
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
  }
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const value = await make();
  await replaceSecret(file, value);
  return value;
}

/** Writes a secret's file anew, in a folder that exists. */
export const replaceSecret = (file: string, value: string): Promise<void> => replaceFile(file, `${value}\n`);
