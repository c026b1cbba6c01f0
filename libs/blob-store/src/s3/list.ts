import { objectName } from '@heirloom/contracts';
import { boundPath, objectsFolder } from '../files/paths.ts';
import type { ListPage, ListQuery } from '../location.ts';
import type { Bucket } from './bucket.ts';

const folder = `${objectsFolder}/`;
/** Sorts behind every character that a key may hold. */
const last = '\u{10FFFF}';

/** One page of what lies below `objects/`, in the same order and words as a directory tells it. */
export async function listPage(
  bucket: Bucket,
  { from = '', to, after, limit }: ListQuery,
): Promise<ListPage> {
  if (!Number.isSafeInteger(limit) || limit < 1) throw new RangeError('a page holds at least one entry');
  const [low, high] = [boundPath(from), to === undefined ? undefined : boundPath(to)];
  const page: ListPage = { entries: [], unknown: [] };
  let [count, before] = [0, after];
  for await (const { key, sizeBytes } of bucket.list(folder, startOf(low, after), limit + 1)) {
    const path = key.slice(folder.length);
    const thing = thingOf(path);
    if (high !== undefined && thing >= high) break;
    if (thing === before || thing < low || isOwnFolder(path)) continue;
    if (count === limit) return { ...page, next: before! };
    before = thing;
    count++;
    const name = objectName.safeParse(path.slice(6));
    if (name.success && path === pathOf(name.data)) page.entries.push({ name: name.data, sizeBytes });
    else page.unknown.push(thing);
  }
  return page;
}

const pathOf = (name: string): string => `${name.slice(0, 2)}/${name.slice(2, 4)}/${name}`;

/** What to report for a key: itself, or the topmost folder above it that does not belong there. */
function thingOf(path: string): string {
  const [known = ''] = /^([0-9a-f]{2}\/){0,2}/.exec(path) ?? [];
  const end = path.indexOf('/', known.length);
  return end === -1 ? path : path.slice(0, end + 1);
}

/** Some tools put an empty object where they show a folder. */
const isOwnFolder = (path: string): boolean => /^([0-9a-f]{2}\/){0,2}$/.test(path);

/** The key behind which to look. It may lie a little before the slice. */
function startOf(low: string, after: string | undefined): string | undefined {
  if (after !== undefined && after >= low) return folder + after + (after.endsWith('/') ? last : '');
  if (low === '') return undefined;
  const before = String.fromCharCode(low.charCodeAt(low.length - 1) - 1);
  return folder + low.slice(0, -1) + before + last;
}
