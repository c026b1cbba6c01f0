import { transfer } from 'comlink';
import type { EngineContext } from '../engine/engine-context.ts';
import { photosOf } from '../media/media-engine.ts';
import { newestFirst, type GalleryEntry } from '../media/gallery-entry.ts';
import { buffersOf, columnsOf, type PhotoColumns } from '../media/photo-list.ts';
import { matches } from './match-photo.ts';
import { normalise, type SearchFilter } from './search-filter.ts';

interface Collected {
  collection: string;
  /** Null for the library. */
  name: string | null;
  entries: readonly GalleryEntry[];
}

/** Searches what this browser knows. Nothing of a search leaves the device. */
export function searchEngine(context: EngineContext) {
  const collect = async (): Promise<Collected[]> => {
    const vault = await context.vaultAtHand();
    const albums = (await vault.albums.list()).filter(({ problem }) => problem === null);
    const all = [
      { collection: vault.libraryId as string, name: null },
      ...albums.map(({ albumId, name }) => ({ collection: albumId as string, name: normalise(name) })),
    ];
    return await Promise.all(
      all.map(async (one) => ({
        ...one,
        entries: await photosOf(context, one.collection),
      })),
    );
  };
  return {
    /** Photos of the library and of all albums, each once, the newest first. */
    find: async (filter: SearchFilter): Promise<PhotoColumns> => {
      const all = await collect();
      const inAlbums = new Map(
        filter.words.map((word) => {
          const named = all.filter(({ name }) => name?.includes(word));
          return [word, new Set(named.flatMap(({ entries }) => entries.map(({ photo }) => photo)))] as const;
        }),
      );
      const found = new Map<string, { collection: string; entry: GalleryEntry }>();
      for (const { collection, entries } of all)
        for (const entry of entries)
          if (!found.has(entry.photo) && matches(entry, filter, inAlbums))
            found.set(entry.photo, { collection, entry });
      const sorted = [...found.values()].sort((a, b) => newestFirst(a.entry, b.entry));
      const columns = columnsOf(sorted.map(({ collection, entry }) => ({ ...entry, collection })));
      return transfer(columns, buffersOf(columns));
    },
  };
}
