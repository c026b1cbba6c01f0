import type { Disk } from '../disk/disk.ts';
import { hasCode } from './errors.ts';

/**
 * Gives the file `from` the name `to` unless that is taken, and answers whether it did. `from` stays as a second
 * name where the file system can link. Where it cannot (exFAT, some network shares) the file is renamed, and only
 * the look before that keeps it from replacing another one.
 */
export async function giveName(disk: Disk, from: string, to: string): Promise<boolean> {
  try {
    await disk.link(from, to);
    return true;
  } catch (error) {
    if (hasCode(error, 'EEXIST')) return false;
    if (!hasCode(error, 'EPERM', 'ENOTSUP', 'EOPNOTSUPP', 'ENOSYS')) throw error;
  }
  if (await exists(disk, to)) return false;
  await disk.rename(from, to);
  return true;
}

export const exists = (disk: Disk, path: string): Promise<boolean> =>
  disk.stat(path).then(
    () => true,
    (error: unknown) => {
      if (hasCode(error, 'ENOENT')) return false;
      throw error;
    },
  );

/** Makes the folder unless it is there. Answers whether it did. */
export async function makeFolder(disk: Disk, path: string): Promise<boolean> {
  try {
    await disk.mkdir(path);
    return true;
  } catch (error) {
    if (hasCode(error, 'EEXIST')) return false;
    throw error;
  }
}

/** Removes a file that no longer matters. What stays because of an error is swept later. */
export const tryUnlink = (disk: Disk, path: string): Promise<void> =>
  disk.unlink(path).catch(() => undefined);
