import {
  AppError,
  limits,
  vaultRoutes,
  type AlbumItem,
  type CollectionId,
  type FeedEntry,
  type RouteOutput,
  type Version,
} from '@heirloom/contracts';
import type { FileKeyOpener } from '@heirloom/crypto';
import { metadataFormat } from '@heirloom/formats';
import type { Account } from '../account/account.ts';
import type { FamilyLog } from '../family/family-log.ts';
import { sleep } from '../http/retry.ts';
import type { NotesIndex } from '../notes/notes-index.ts';
import type { FeedPosition } from '../local/ports.ts';
import { withTrashState, type IndexedPhoto } from './photo.ts';
import type { PhotoIndex } from './photo-index.ts';
import { objectReader, openPhoto, trailerOf } from './read-photo.ts';

export interface FeedKeys {
  account: Account;
  log: FamilyLog;
  /** Where a library's notes go. */
  notes?: NotesIndex;
  /** Opens an album's item, after checking who put it there. Not needed for a library. */
  itemKey?: (item: AlbumItem) => Promise<FileKeyOpener>;
}

const lookAgainMs = 300;

type Page = RouteOutput<typeof vaultRoutes.feed>;

/** Brings the device's index of one collection up to date. What cannot be opened is kept with the reason. */
export async function syncFeed(keys: FeedKeys, index: PhotoIndex): Promise<void> {
  let sound = true;
  let position = await index.store.position(index.feed);
  for (;;) {
    const page = await readPage(keys.account, index.feed as CollectionId, position);
    // A rebuilt catalogue numbers its changes anew.
    const reset =
      page === null || (position.incarnation !== null && page.incarnation !== position.incarnation);
    if (reset && position.cursor !== null) {
      position = { cursor: null, incarnation: null };
      await keys.notes?.doubtServer();
      await index.store.apply(index.feed, { ...position, reset: true, put: [], remove: [] });
      continue;
    }
    if (page === null) throw new AppError('gone');
    position = { cursor: page.cursor, incarnation: page.incarnation };
    const remove = page.entries.flatMap((entry) =>
      entry.kind === 'item-removed' || entry.kind === 'photo-removed' ? [entry.photoId] : [],
    );
    await keys.notes?.take(page.entries);
    const photos = await openEntries(keys, page.entries);
    sound &&= photos.every(({ problem }) => problem === null);
    const changed = await withTrash(index, await newest(index, photos), page.entries);
    const put = await Promise.all(changed.map((photo) => index.rowOf(photo)));
    const still = new Set(put.map((row) => row.id));
    await index.store.apply(index.feed, {
      ...position,
      reset: false,
      put,
      remove: remove.filter((id) => !still.has(id)),
    });
    if (!page.more) break;
  }
  await keys.notes?.pushUnconfirmed();
  if (sound || !keys.itemKey) return;
  // What others did may look right the next time, so it is all read again then.
  const from = { cursor: null, incarnation: null, reset: false };
  await index.store.apply(index.feed, { ...from, put: [], remove: [] });
}

/**
 * Null when the server does not know the cursor any more. The family log says that the person has the collection, so a
 * service that does not know it yet hears of it within limits.standingCacheMs.
 */
async function readPage(
  account: Account,
  collectionId: CollectionId,
  { cursor }: FeedPosition,
): Promise<Page | null> {
  const until = performance.now() + limits.standingCacheMs + 1000;
  for (;;) {
    try {
      return await account.http.call(vaultRoutes.feed, {
        params: { collectionId },
        query: { limit: limits.feedItemsPerPage, ...(cursor === null ? {} : { cursor }) },
      });
    } catch (error) {
      if (!(error instanceof AppError)) throw error;
      if (error.code === 'gone') return null;
      const unheard = error.code === 'not-found' || error.code === 'forbidden';
      if (!unheard || performance.now() > until) throw error;
    }
    await sleep(lookAgainMs);
  }
}

async function openEntries(keys: FeedKeys, entries: readonly FeedEntry[]): Promise<IndexedPhoto[]> {
  const photos: IndexedPhoto[] = [];
  // What the page says last of a photo counts.
  const last = new Map<string, FeedEntry>();
  for (const entry of entries) {
    if (entry.kind === 'version') last.set(entry.version.versionId, entry);
    else if (entry.kind === 'item') last.set(entry.item.photoId, entry);
    else if (entry.kind === 'item-removed') last.set(entry.photoId, entry);
  }
  for (const entry of last.values()) {
    if (entry.kind === 'version') photos.push(await openEntry(keys, entry.version, null));
    else if (entry.kind === 'item') photos.push(await openEntry(keys, entry.version, entry.item));
  }
  return photos;
}

/** Of several versions of a photo the index keeps the newest: their ids count up with time. */
async function newest(
  index: PhotoIndex,
  photos: readonly IndexedPhoto[],
): Promise<Map<string, IndexedPhoto>> {
  const best = new Map<string, IndexedPhoto>();
  for (const photo of photos) {
    const stored = await index.get(photo.photo);
    const known = best.get(photo.photo) ?? stored;
    if (!known || known.version <= photo.version)
      best.set(photo.photo, stored ? inTrashLike(photo, stored) : photo);
  }
  return best;
}

/** A version says nothing of the trash: what is known of its photo stays. */
function inTrashLike(photo: IndexedPhoto, { trashedAt, keptUntil }: IndexedPhoto): IndexedPhoto {
  return trashedAt === undefined || keptUntil === undefined ? photo : { ...photo, trashedAt, keptUntil };
}

/** The photos that changed, and those that went into the trash or came out of it. */
async function withTrash(
  index: PhotoIndex,
  changed: Map<string, IndexedPhoto>,
  entries: readonly FeedEntry[],
): Promise<IndexedPhoto[]> {
  for (const entry of entries) {
    if (entry.kind !== 'trash') continue;
    const photo = changed.get(entry.photoId) ?? (await index.get(entry.photoId));
    if (photo) changed.set(entry.photoId, withTrashState(photo, entry.trashed));
  }
  return [...changed.values()];
}

async function openEntry(keys: FeedKeys, version: Version, item: AlbumItem | null): Promise<IndexedPhoto> {
  const place = {
    photo: version.photoId,
    version: version.versionId,
    library: version.libraryId,
    object: version.object,
    objectBytes: version.objectBytes,
    committedAt: version.committedAt.getTime(),
    trailer: version.trailer,
  };
  try {
    const key = item ? await keys.itemKey?.(item) : undefined;
    const read = objectReader(keys.account, version.versionId);
    const { opened } = await openPhoto(keys, place, await trailerOf(place, read), key);
    const plain = version.sealedMetadata
      ? await opened.openSealed('metadata', version.sealedMetadata)
      : await opened.read('metadata', read);
    return { ...place, fileKey: opened.fileKey, metadata: metadataFormat.decode(plain), problem: null };
  } catch (error) {
    if (!(error instanceof AppError) || (error.code !== 'damaged' && error.code !== 'object-malformed'))
      throw error;
    return { ...place, fileKey: null, metadata: null, problem: error.message };
  }
}
