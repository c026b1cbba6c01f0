import { objectName, type ObjectName } from '@heirloom/contracts';
import type { Disk, DiskEntry } from '../disk/disk.ts';
import type { ListPage, ListQuery } from '../location.ts';
import { hasCode } from './errors.ts';
import { boundPath, objectsFolder } from './paths.ts';

/** Bounds on paths below `objects/`; see {@link siblings} for their order. */
interface Bounds {
  from: string;
  to: string | undefined;
  after: string | undefined;
}

type Found = { path: string; object?: { name: ObjectName; sizeBytes: number } };

/** One page of what lies below `objects/`. Holds one folder's names and one page in memory. */
export async function listPage(disk: Disk, { from = '', to, after, limit }: ListQuery): Promise<ListPage> {
  if (!Number.isSafeInteger(limit) || limit < 1) throw new RangeError('a page holds at least one entry');
  const bounds = { from: boundPath(from), to: to === undefined ? undefined : boundPath(to), after };
  const page: ListPage = { entries: [], unknown: [] };
  let count = 0;
  for await (const { path, object } of walk(disk, '', bounds)) {
    if (object) page.entries.push(object);
    else page.unknown.push(path);
    if (++count === limit) return { ...page, next: path };
  }
  return page;
}

/** Everything within the bounds in the order of paths, which is the order of names for objects. */
async function* walk(disk: Disk, folder: string, bounds: Bounds): AsyncGenerator<Found> {
  for (const entry of await siblings(disk, folder)) {
    const path = folder + entry.name;
    if (bounds.to !== undefined && path >= bounds.to) return;
    if (isHashFolder(folder, entry)) {
      if (!liesBefore(path, bounds)) yield* walk(disk, path, bounds);
    } else if (path >= bounds.from && (bounds.after === undefined || path > bounds.after)) {
      const found = await look(disk, folder, entry);
      if (found) yield found;
    }
  }
}

/**
 * A folder's entries, sorted as their full paths sort: a folder's name counts with the slash that follows it,
 * or `ab-x` would come after `ab/...` here and before it in a list of whole paths, as S3 gives it.
 */
async function siblings(disk: Disk, folder: string): Promise<DiskEntry[]> {
  const entries = await disk.readdir(`${objectsFolder}/${folder}`).catch((error: unknown) => {
    // A folder below `objects` may go while its parent is read; `objects` itself may not.
    if (folder !== '' && hasCode(error, 'ENOENT')) return [];
    throw error;
  });
  return entries
    .map((entry) => (entry.kind === 'directory' ? { ...entry, name: `${entry.name}/` } : entry))
    .sort((a, b) => (a.name < b.name ? -1 : a.name > b.name ? 1 : 0));
}

const depth = (folder: string): number => folder.length / 3;

const isHashFolder = (folder: string, { name, kind }: DiskEntry): boolean =>
  kind === 'directory' && depth(folder) < 2 && /^[0-9a-f]{2}\/$/.test(name);

/** Whether all that a folder can hold sorts before the bounds. */
const liesBefore = (folder: string, { from, after = '' }: Bounds): boolean => {
  const lowest = from > after ? from : after;
  return folder <= lowest && !lowest.startsWith(folder);
};

async function look(disk: Disk, folder: string, { name, kind }: DiskEntry): Promise<Found | undefined> {
  const path = folder + name;
  const parsed = objectName.safeParse(name);
  const isObject = kind === 'file' && parsed.success && folder === `${name.slice(0, 2)}/${name.slice(2, 4)}/`;
  if (!isObject) return { path };
  try {
    const { sizeBytes } = await disk.stat(`${objectsFolder}/${path}`);
    return { path, object: { name: parsed.data, sizeBytes } };
  } catch (error) {
    if (hasCode(error, 'ENOENT')) return undefined;
    throw error;
  }
}
