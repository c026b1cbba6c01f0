import { constants } from 'node:fs';
import { open, readFile, rename, unlink } from 'node:fs/promises';
import path from 'node:path';

/** Null when there is none. */
export async function readPrivateFile(file: string): Promise<string | null> {
  try {
    return await readFile(file, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null;
    throw error;
  }
}

async function syncFolderOf(file: string): Promise<void> {
  const folder = await open(path.dirname(file), constants.O_RDONLY);
  try {
    await folder.sync();
  } finally {
    await folder.close();
  }
}

/** Replaces a file that only its owner may read. After a crash it is the old one or the new one, and whole. */
export async function writePrivateFile(file: string, text: string): Promise<void> {
  const passing = `${file}.new`;
  const handle = await open(passing, 'w', 0o600);
  try {
    await handle.chmod(0o600);
    await handle.writeFile(text);
    await handle.sync();
  } finally {
    await handle.close();
  }
  await rename(passing, file);
  await syncFolderOf(file);
}

export async function removePrivateFile(file: string): Promise<void> {
  for (const name of [`${file}.new`, file]) {
    await unlink(name).catch((error: unknown) => {
      if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
    });
  }
  await syncFolderOf(file);
}
