import type { PhotoId } from '@heirloom/contracts';
import { equalBytes } from '@heirloom/formats';
import type { LocalSeal } from '../local/local-seal.ts';
import type { IndexRow, IndexStore } from '../local/ports.ts';
import { decodePhoto, encodePhoto, type IndexedPhoto } from './photo.ts';

/** The photos of one collection as this device knows them. */
export class PhotoIndex {
  readonly feed: string;
  readonly store: IndexStore;
  readonly #seal: LocalSeal;

  constructor(store: IndexStore, seal: LocalSeal, collection: string) {
    this.store = store;
    this.#seal = seal;
    this.feed = collection;
  }

  async rowOf(photo: IndexedPhoto): Promise<IndexRow> {
    return {
      id: photo.photo,
      contentKey: photo.metadata && this.contentKey(photo.metadata.sha256),
      sealed: await this.#seal.seal(photo.photo, encodePhoto(photo)),
    };
  }

  async put(photo: IndexedPhoto): Promise<void> {
    await this.store.put(this.feed, await this.rowOf(photo));
  }

  async get(photo: PhotoId): Promise<IndexedPhoto | null> {
    return await this.#open(await this.store.get(this.feed, photo));
  }

  /** What finds a photo by its original's SHA-256, without telling which it is. */
  contentKey(sha256: Uint8Array): Uint8Array {
    return this.#seal.lookup('content', sha256);
  }

  async byContentKey(contentKey: Uint8Array): Promise<IndexedPhoto | null> {
    return await this.#open(await this.store.byContent(this.feed, contentKey));
  }

  /** The photo with this original, if there is one, also in the trash. */
  async byContent(sha256: Uint8Array): Promise<IndexedPhoto | null> {
    const found = await this.byContentKey(this.contentKey(sha256));
    return found?.metadata && equalBytes(found.metadata.sha256, sha256) ? found : null;
  }

  /** All photos but those in the trash, in the order in which they were added. */
  async all(): Promise<IndexedPhoto[]> {
    return (await this.#everything()).filter(({ trashedAt }) => trashedAt === undefined);
  }

  /** The photos in the trash, the newest there first. */
  async trashed(): Promise<IndexedPhoto[]> {
    const inTrash = (await this.#everything()).filter(({ trashedAt }) => trashedAt !== undefined);
    return inTrash.sort((a, b) => (b.trashedAt ?? 0) - (a.trashedAt ?? 0));
  }

  /** Drops photos that are gone. */
  async forget(photos: readonly PhotoId[]): Promise<void> {
    const position = await this.store.position(this.feed);
    await this.store.apply(this.feed, { ...position, reset: false, put: [], remove: photos });
  }

  async #everything(): Promise<IndexedPhoto[]> {
    const rows = await this.store.all(this.feed);
    return await Promise.all(rows.map(async (row) => decodePhoto(await this.#seal.open(row.id, row.sealed))));
  }

  async #open(row: IndexRow | null): Promise<IndexedPhoto | null> {
    return row && decodePhoto(await this.#seal.open(row.id, row.sealed));
  }
}
