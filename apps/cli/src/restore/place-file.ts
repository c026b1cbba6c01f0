import { createHash } from 'node:crypto';
import { constants, createReadStream } from 'node:fs';
import { link, lstat, open, readdir, rename, unlink } from 'node:fs/promises';
import path from 'node:path';
import { numbered, safeFileName } from '@heirloom/client';
import { equalBytes } from '@heirloom/formats';

const partPrefix = '.heirloom-part-';
const mostNumbers = 10_000;

/** What a photo should be once it lies in the folder. */
export interface WantedFile {
  name: string;
  bytes: number;
  sha256: Uint8Array;
  modifiedAtMs?: number | undefined;
}

export interface Placed {
  path: string;
  /** Whether an identical file lay there already. */
  kept: boolean;
}

async function sha256Of(file: string): Promise<Uint8Array> {
  const hash = createHash('sha256');
  for await (const piece of createReadStream(file, { highWaterMark: 1024 * 1024 }))
    hash.update(piece as Buffer);
  return new Uint8Array(hash.digest());
}

async function isThatFile(file: string, wanted: WantedFile): Promise<boolean> {
  const found = await lstat(file);
  return found.isFile() && found.size === wanted.bytes && equalBytes(await sha256Of(file), wanted.sha256);
}

async function syncFolder(folder: string): Promise<void> {
  const handle = await open(folder, constants.O_RDONLY);
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

/**
 * Puts files into one folder: written under a passing name, flushed to the disk, and only then given their own
 * name. It never replaces a file: a name that is taken by another file gets a number. Not for two calls at once
 * of the same name.
 */
export class RestoreFolder {
  readonly folder: string;
  /** Paths that this run has given away. On a disk that ignores case, `A.jpg` and `a.jpg` are one. */
  readonly #given = new Set<string>();

  constructor(folder: string) {
    this.folder = folder;
  }

  /** Removes what a run that was cut off left half written. */
  async sweep(): Promise<void> {
    for (const name of await readdir(this.folder)) {
      if (name.startsWith(partPrefix)) await unlink(path.join(this.folder, name)).catch(() => undefined);
    }
  }

  /** Where the file lies already, or under which free name it should be written. */
  async choose(wanted: WantedFile): Promise<Placed> {
    const safe = safeFileName(wanted.name);
    for (let n = 1; n <= mostNumbers; n++) {
      const file = path.join(this.folder, numbered(safe, n));
      const key = file.toLowerCase();
      if (this.#given.has(key)) continue;
      try {
        if (!(await isThatFile(file, wanted))) continue;
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
        this.#given.add(key);
        return { path: file, kept: false };
      }
      this.#given.add(key);
      return { path: file, kept: true };
    }
    throw new Error(`There are more than ${mostNumbers} files named ${safe} in ${this.folder}.`);
  }

  /** Writes the plaintext under the chosen name. The caller's stream throws when what it reads is not what it should be. */
  async write(
    chosen: string,
    key: string,
    content: AsyncIterable<Uint8Array>,
    wanted: WantedFile,
  ): Promise<string> {
    const part = path.join(this.folder, `${partPrefix}${key}`);
    const handle = await open(part, 'w', 0o600);
    try {
      for await (const piece of content) await writeAll(handle, piece);
      if (wanted.modifiedAtMs !== undefined) {
        const modified = new Date(wanted.modifiedAtMs);
        await handle.utimes(modified, modified);
      }
      await handle.chmod(0o644 & ~process.umask());
      await handle.sync();
    } catch (error) {
      await handle.close();
      await unlink(part).catch(() => undefined);
      throw error;
    }
    await handle.close();
    return await this.#giveName(part, chosen, wanted);
  }

  async #giveName(part: string, chosen: string, wanted: WantedFile): Promise<string> {
    let file = chosen;
    while (!(await moveWithoutReplacing(part, file))) file = (await this.choose(wanted)).path;
    await syncFolder(this.folder);
    return file;
  }
}

async function writeAll(handle: Awaited<ReturnType<typeof open>>, piece: Uint8Array): Promise<void> {
  for (let at = 0; at < piece.length;) {
    const { bytesWritten } = await handle.write(piece, at, piece.length - at);
    at += bytesWritten;
  }
}

/** False when there is a file of this name. A hard link tells so at once; where the disk has none, a look must do. */
async function moveWithoutReplacing(from: string, to: string): Promise<boolean> {
  try {
    await link(from, to);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'EEXIST') return false;
    if (code !== 'EPERM' && code !== 'ENOTSUP' && code !== 'ENOSYS' && code !== 'EOPNOTSUPP') throw error;
    if (await lstat(to).catch(() => null)) return false;
    await rename(from, to);
    return true;
  }
  await unlink(from);
  return true;
}
