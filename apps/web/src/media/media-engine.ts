import { objectReader, PhotoIndex, shortPatience, type IndexedPhoto, type Vault } from '@heirloom/client';
import { AppError, type PhotoId } from '@heirloom/contracts';
import { readAll } from '@heirloom/formats';
import { transfer } from 'comlink';
import type { EngineContext } from '../engine/engine-context.ts';
import { Gallery } from './gallery.ts';
import type { GalleryEntry } from './gallery-entry.ts';
import { knownNotes, withNotes } from './known-notes.ts';
import { GallerySnapshots } from './gallery-snapshots.ts';
import { PartQueue } from './part-queue.ts';
import { PartStore } from './part-store.ts';
import { buffersOf, columnsOf, type PhotoColumns, type PhotoRef } from './photo-list.ts';
import { isDamage, readPart, type FetchBytes, type ShownPart } from './read-part.ts';

/** Parts that are fetched and opened at the same time. */
const partsAtOnce = 8;

/** The collection's index, for its photos by id. */
export async function photoIndex(context: EngineContext, collection: string): Promise<PhotoIndex> {
  const { library, seal } = await context.vaultAtHand();
  return collection === library.feed ? library : new PhotoIndex(context.index, seal, collection);
}

/** The photos of a collection, as this browser knows them, kept in step from call to call. */
export async function galleryOf(context: EngineContext, collection: string): Promise<Gallery> {
  const known = context.galleries.get(collection);
  if (known) return known;
  const { seal } = await context.vaultAtHand();
  const index = await photoIndex(context, collection);
  const fresh = new Gallery(index, new GallerySnapshots(context.database, seal));
  context.galleries.set(collection, fresh);
  return fresh;
}

/** All photos of a collection, the newest first, with the person's notes on them. */
export async function photosOf(context: EngineContext, collection: string): Promise<readonly GalleryEntry[]> {
  const gallery = await galleryOf(context, collection);
  return withNotes(await gallery.entries(), await knownNotes(context));
}

/** Entries as they travel to the page. */
export function listed(collection: string, entries: readonly GalleryEntry[]): PhotoColumns {
  const columns = columnsOf(entries.map((entry) => ({ ...entry, collection })));
  return transfer(columns, buffersOf(columns));
}

/** @throws AppError `not-found` when this browser does not know this version of the photo */
export async function indexedPhoto(context: EngineContext, ref: PhotoRef): Promise<IndexedPhoto> {
  const found = await (await photoIndex(context, ref.collection)).get(ref.photo as PhotoId);
  if (!found || (found.version as string) !== ref.version) throw new AppError('not-found');
  return found;
}

/** Thumbnails and previews, and lists of a collection's photos. */
export function mediaEngine(context: EngineContext) {
  const store = new PartStore(context.database);
  const queue = new PartQueue(partsAtOnce);
  return {
    /**
     * A picture of a photo.
     * @param ticket - a number of the caller's own, to take the request back with
     * @throws AppError `damaged`: never another picture
     */
    part: async (ref: PhotoRef, label: ShownPart, ticket: number): Promise<Blob> =>
      await queue.run(ticket, async (signal) => {
        const photo = await indexedPhoto(context, ref);
        const fetchBytes: FetchBytes = (version, offset, length) =>
          context.online(async () => {
            const reader = objectReader(await context.account(), version, {
              signal,
              patience: shortPatience,
            });
            return await readAll(reader, offset, length);
          });
        const read = (vault: Vault) => readPart(vault, store, photo, label, fetchBytes);
        const atHand = await context.vaultAtHand();
        try {
          return await read(atHand);
        } catch (error) {
          // Who signed it may have come into the family after this browser's last visit.
          const vault = isDamage(error) ? await context.vault().catch(() => atHand) : atHand;
          if (vault === atHand) throw error;
          return await read(vault);
        }
      }),
    /** Takes a request back, for what scrolled away. */
    cancel: async (ticket: number): Promise<void> => queue.cancel(ticket),
    /** The photos of an album or a library, the newest first. */
    list: async (collection: string): Promise<PhotoColumns> =>
      listed(collection, await photosOf(context, collection)),
  };
}
