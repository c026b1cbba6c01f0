import { open, rename } from 'node:fs/promises';
import path from 'node:path';

/** Makes names in a folder last through a power cut. */
export async function syncFolder(folder: string): Promise<void> {
  await using handle = await open(folder, 'r');
  await handle.sync();
}

/** Writes a file as a whole or not at all: aside, synced, and renamed, in a folder that exists. */
export async function replaceFile(file: string, text: string, mode = 0o600): Promise<void> {
  const aside = `${file}.${process.pid}.tmp`;
  {
    await using handle = await open(aside, 'w', mode);
    // One that an earlier try left behind has the mode that it had.
    await handle.chmod(mode);
    await handle.writeFile(text);
    await handle.sync();
  }
  await rename(aside, file);
  await syncFolder(path.dirname(file));
}
