import { mkdir, open, readFile, rename } from 'node:fs/promises';
import path from 'node:path';

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
export async function replaceSecret(file: string, value: string): Promise<void> {
  const aside = `${file}.${process.pid}.tmp`;
  await using handle = await open(aside, 'wx', 0o600);
  await handle.writeFile(`${value}\n`);
  await handle.sync();
  await rename(aside, file);
  await syncFolder(path.dirname(file));
}

async function syncFolder(folder: string): Promise<void> {
  await using handle = await open(folder, 'r');
  await handle.sync();
}
