import type { Dirent } from 'node:fs';
import { lstat, readdir, stat } from 'node:fs/promises';
import path from 'node:path';

/** A file to back up. File systems take any bytes as a name, so the path is bytes too. */
export interface SourceFile {
  path: Buffer;
  /** The path as people read it. */
  shown: string;
  /** The file's name, without its folders. */
  name: string;
}

export type Walked =
  { kind: 'file'; file: SourceFile } | { kind: 'unreadable'; shown: string; reason: string };

const separator = Buffer.from(path.sep);
const sourceFile = (file: Buffer): SourceFile => ({
  path: file,
  shown: file.toString(),
  name: path.basename(file.toString()),
});

/**
 * Every file at and below the given paths, in order of name. Links are followed where a person names them and
 * nowhere below, so a walk neither leaves its folder nor goes in circles. What begins with a dot is left out
 * below a named folder, and so is everything that is neither file nor folder.
 */
export async function* walk(paths: readonly string[]): AsyncGenerator<Walked, void, undefined> {
  const seen = new Set<string>();
  for (const given of paths) {
    const absolute = path.resolve(given);
    try {
      const found = await stat(absolute);
      if (found.isDirectory()) yield* walkFolder(Buffer.from(absolute), seen);
      else if (found.isFile()) yield* once(Buffer.from(absolute), seen);
      else yield { kind: 'unreadable', shown: absolute, reason: 'This is neither a file nor a folder.' };
    } catch (error) {
      yield { kind: 'unreadable', shown: absolute, reason: reasonOf(error) };
    }
  }
}

function* once(file: Buffer, seen: Set<string>): Generator<Walked, void, undefined> {
  const key = file.toString('latin1');
  if (seen.has(key)) return;
  seen.add(key);
  yield { kind: 'file', file: sourceFile(file) };
}

async function* walkFolder(folder: Buffer, seen: Set<string>): AsyncGenerator<Walked, void, undefined> {
  let entries: Dirent<Buffer>[];
  try {
    entries = await readdir(folder, { withFileTypes: true, encoding: 'buffer' });
  } catch (error) {
    yield { kind: 'unreadable', shown: folder.toString(), reason: reasonOf(error) };
    return;
  }
  entries.sort((a, b) => Buffer.compare(a.name, b.name));
  for (const entry of entries) {
    if (entry.name[0] === 0x2e) continue;
    const child = Buffer.concat([folder, separator, entry.name]);
    const kind = entry.isFile() || entry.isDirectory() ? entry : await kindOf(child, entry);
    if (kind.isDirectory()) yield* walkFolder(child, seen);
    else if (kind.isFile()) yield* once(child, seen);
  }
}

/** Some file systems do not say in a listing what an entry is. */
async function kindOf(child: Buffer, entry: Dirent<Buffer>): Promise<Pick<Dirent, 'isFile' | 'isDirectory'>> {
  return await lstat(child).catch(() => entry);
}

const sentences: Readonly<Record<string, string>> = {
  ENOENT: 'There is no such file or folder.',
  EACCES: 'You are not allowed to read this.',
  EPERM: 'You are not allowed to read this.',
  EIO: 'The disk could not read this.',
  ENOTDIR: 'There is no such file or folder.',
  EISDIR: 'This is a folder.',
  ELOOP: 'The link leads in a circle.',
  ENAMETOOLONG: 'The name is too long.',
  EMFILE: 'Too many files are open.',
  ENOSPC: 'The disk is full.',
  EROFS: 'The disk takes no changes.',
};

/** A sentence for an error of the file system, or the error's own message. */
export function reasonOf(error: unknown): string {
  const code = (error as NodeJS.ErrnoException | null)?.code;
  if (code && sentences[code]) return sentences[code];
  return error instanceof Error ? error.message : String(error);
}
