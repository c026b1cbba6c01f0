import type { LocalSeal } from '@heirloom/client';
import { AppError, newId } from '@heirloom/contracts';
import type { DeviceDatabase } from '../engine/device-database.ts';
import type { GalleryEntry } from './gallery-entry.ts';

/** Says what the bytes are; another number makes older ones unreadable, and they are made anew. */
const format = 'heirloom/gallery/1';

interface Plain {
  format: string;
  entries: readonly GalleryEntry[];
}

const everything = (feed: string) => IDBKeyRange.bound([feed], [feed, []]);

/** Which rows of a feed changed, each with the stamp of its last change. */
export type ChangedRows = ReadonlyMap<string, string>;

/**
 * Galleries as one sealed piece each. Opening fifty thousand rows one by one takes many seconds, opening one piece takes a
 * moment. The rows stay the truth: `changes` says which of them a snapshot does not have.
 */
export class GallerySnapshots {
  readonly #db: DeviceDatabase;
  readonly #seal: LocalSeal;

  constructor(database: DeviceDatabase, seal: LocalSeal) {
    this.#db = database;
    this.#seal = seal;
  }

  /** Whether this is still the snapshot that the feed has; null asks whether there is none. */
  async isCurrent(feed: string, id: string | null): Promise<boolean> {
    if (id === null) return (await this.#db.count('snapshots', feed)) === 0;
    return (await this.#db.getKeyFromIndex('snapshots', 'id', id)) === feed;
  }

  /** Null when there is none, or none that opens. */
  async load(feed: string): Promise<{ id: string; entries: readonly GalleryEntry[] } | null> {
    const found = await this.#db.get('snapshots', feed);
    if (!found) return null;
    try {
      const bytes = await this.#seal.open(feed, found.sealed);
      const plain = JSON.parse(new TextDecoder().decode(bytes)) as Plain;
      if (plain.format === format) return { id: found.id, entries: plain.entries };
    } catch (error) {
      if (!(error instanceof AppError) && !(error instanceof SyntaxError)) throw error;
    }
    await this.#db.delete('snapshots', feed);
    return null;
  }

  async changes(feed: string): Promise<ChangedRows> {
    const rows = await this.#db.getAll('changes', everything(feed));
    return new Map(rows.map(({ id, stamp }) => [id, stamp]));
  }

  /**
   * Puts a snapshot in the place of the one that it was made from, and forgets the changes that it has.
   * @param from - null when there was none
   * @returns its id; null when another tab was faster
   */
  async save(
    feed: string,
    from: string | null,
    entries: readonly GalleryEntry[],
    covered: ChangedRows,
  ): Promise<string | null> {
    const plain: Plain = { format, entries };
    const sealed = await this.#seal.seal(feed, new TextEncoder().encode(JSON.stringify(plain)));
    const id = newId();
    const transaction = this.#db.transaction(['snapshots', 'changes'], 'readwrite');
    const snapshots = transaction.objectStore('snapshots');
    const changes = transaction.objectStore('changes');
    const isBase =
      from === null
        ? (await snapshots.getKey(feed)) === undefined
        : (await snapshots.index('id').getKey(from)) === feed;
    if (!isBase) {
      await transaction.done;
      return null;
    }
    await snapshots.put({ feed, id, sealed });
    for (const one of await changes.getAll(everything(feed)))
      if (covered.get(one.id) === one.stamp) await changes.delete([feed, one.id]);
    await transaction.done;
    return id;
  }
}
