import { newId, type ObjectName } from '@heirloom/contracts';
import { hasCode } from './errors.ts';
import type { FileStore } from './file-store.ts';
import { tryUnlink } from './names.ts';
import { quarantineFolder, quarantinePath, type ObjectPath } from './paths.ts';

/**
 * Moves a file out of the objects. A rename takes whatever has the name at that instant, so that of two processes that
 * repair one object neither can remove what the other has just put there. Before it, the file gets a second name that
 * is on stable storage, so that a power cut between the directories loses nothing; it goes when it is not needed.
 *
 * @returns its path now; undefined when there was no file any more
 */
export async function quarantine(
  store: FileStore,
  object: ObjectPath,
  name: ObjectName,
): Promise<string | undefined> {
  const { disk } = store;
  await store.makeQuarantine();
  const [safe, path] = [quarantinePath(name, newId()), quarantinePath(name, newId())];
  try {
    const isLinked = await link(store, object.file, safe);
    await disk.rename(object.file, path);
    await Promise.all([store.syncDirectory(quarantineFolder), store.syncDirectory(object.leaf)]);
    if (isLinked && (await disk.stat(safe)).links > 1) await tryUnlink(disk, safe);
  } catch (error) {
    if (hasCode(error, 'ENOENT')) return undefined;
    throw error;
  }
  return path;
}

/** @returns false where the file system cannot link: its renames are then all there is. */
async function link(store: FileStore, from: string, to: string): Promise<boolean> {
  try {
    await store.disk.link(from, to);
  } catch (error) {
    if (hasCode(error, 'EPERM', 'ENOTSUP', 'EOPNOTSUPP', 'ENOSYS')) return false;
    throw error;
  }
  await store.syncDirectory(quarantineFolder);
  return true;
}
