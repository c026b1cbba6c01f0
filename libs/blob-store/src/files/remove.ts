import type { ObjectName } from '@heirloom/contracts';
import { hasCode } from './errors.ts';
import type { FileStore } from './file-store.ts';
import { quarantineFolder, type ObjectPath } from './paths.ts';

/** Deletes an object and what of it is in quarantine, and makes that durable. */
export async function remove(store: FileStore, object: ObjectPath, name: ObjectName): Promise<void> {
  if (!(await unlinked(store, object.file))) {
    // An unmounted disk must not look like one from which the object is gone.
    await store.checkMarker();
  }
  const quarantined = (await entriesOf(store, quarantineFolder)).filter((one) => one.startsWith(`${name}.`));
  for (const one of quarantined) await unlinked(store, `${quarantineFolder}/${one}`);
  // Also where nothing was found: a removal before may have been cut off between the two.
  await syncIfThere(store, object.leaf);
  await syncIfThere(store, quarantineFolder);
}

async function unlinked(store: FileStore, path: string): Promise<boolean> {
  try {
    await store.disk.unlink(path);
    return true;
  } catch (error) {
    if (hasCode(error, 'ENOENT', 'ENOTDIR')) return false;
    throw error;
  }
}

async function entriesOf(store: FileStore, folder: string): Promise<string[]> {
  try {
    return (await store.disk.readdir(folder)).map(({ name }) => name);
  } catch (error) {
    if (hasCode(error, 'ENOENT')) return [];
    throw error;
  }
}

async function syncIfThere(store: FileStore, folder: string): Promise<void> {
  try {
    await store.syncDirectory(folder);
  } catch (error) {
    if (!hasCode(error, 'ENOENT')) throw error;
  }
}
