import { constants, type Dirent, type Stats } from 'node:fs';
import { link, lstat, mkdir, open, readdir, rename, statfs, unlink, type FileHandle } from 'node:fs/promises';
import { join } from 'node:path';
import type { Disk, DiskFile, DiskStat, EntryKind } from './disk.ts';

const { O_CREAT, O_DIRECTORY, O_EXCL, O_NOFOLLOW, O_RDONLY, O_RDWR } = constants;
const flags = {
  create: O_RDWR | O_CREAT | O_EXCL | O_NOFOLLOW,
  read: O_RDONLY | O_NOFOLLOW,
  write: O_RDWR | O_NOFOLLOW,
};

/** The file system below `root`, which must be an absolute path. */
export function nodeDisk(root: string): Disk {
  const at = (path: string): string => join(root, path);
  return {
    open: async (path, access) => nodeFile(await open(at(path), flags[access], 0o600)),
    stat: async (path) => toStat(await lstat(at(path))),
    readdir: async (path) =>
      (await readdir(at(path), { withFileTypes: true })).map((entry) => ({
        name: entry.name,
        kind: kindOf(entry),
      })),
    mkdir: async (path) => void (await mkdir(at(path), { mode: 0o700 })),
    link: (from, to) => link(at(from), at(to)),
    rename: (from, to) => rename(at(from), at(to)),
    unlink: (path) => unlink(at(path)),
    syncDirectory: async (path) => {
      await using directory = await open(at(path), O_RDONLY | O_DIRECTORY);
      await directory.sync();
    },
    room: async () => {
      const { bavail, blocks, bsize } = await statfs(root);
      return { freeBytes: bavail * bsize, totalBytes: blocks * bsize };
    },
  };
}

function nodeFile(handle: FileHandle): DiskFile {
  return {
    read: async (into, position) => (await handle.read(into, 0, into.length, position)).bytesRead,
    write: async (bytes, position) => (await handle.write(bytes, 0, bytes.length, position)).bytesWritten,
    stat: async () => toStat(await handle.stat()),
    sync: () => handle.sync(),
    chmod: (mode) => handle.chmod(mode),
    [Symbol.asyncDispose]: () => handle.close(),
  };
}

const kindOf = (entry: Dirent | Stats): EntryKind =>
  entry.isFile() ? 'file' : entry.isDirectory() ? 'directory' : 'other';

const toStat = (stats: Stats): DiskStat => ({
  kind: kindOf(stats),
  sizeBytes: stats.size,
  modifiedMs: stats.mtimeMs,
  links: stats.nlink,
});
