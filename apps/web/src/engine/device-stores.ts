import type {
  FamilyLogStore,
  FeedChange,
  FeedPosition,
  IndexRow,
  IndexStore,
  Journal,
  JournalRow,
  KeptHead,
  KeptLog,
} from '@heirloom/client';
import { newId, type Cursor, type FamilyId, type VersionId } from '@heirloom/contracts';
import type { DeviceDatabase, DeviceSchema } from './device-database.ts';

const strict = { durability: 'strict' } as const;
/** Bytes as a key; what comes over a wire may lie in a larger buffer. */
const key = (bytes: Uint8Array) => new Uint8Array(bytes);
const everything = (feed: string) => IDBKeyRange.bound([feed], [feed, []]);

const fromStored = ({ id, contentKey, sealed }: DeviceSchema['rows']['value']): IndexRow => ({
  id,
  contentKey,
  sealed,
});

/** Stands in `changes` for all rows of a feed. */
export const allRows = '*';

/**
 * The device's index in IndexedDB. With each row that changes it notes, in the same transaction, that the feed's snapshot
 * does not have it yet.
 */
export class BrowserIndex implements IndexStore {
  readonly #db: DeviceDatabase;
  readonly #onChange: (feed: string) => void;

  /** @param onChange - hears which feed has other rows now */
  constructor(database: DeviceDatabase, onChange: (feed: string) => void = () => undefined) {
    this.#db = database;
    this.#onChange = onChange;
  }

  async position(feed: string): Promise<FeedPosition> {
    const found = await this.#db.get('positions', feed);
    return { cursor: (found?.cursor ?? null) as Cursor | null, incarnation: found?.incarnation ?? null };
  }

  async apply(feed: string, change: FeedChange): Promise<void> {
    const transaction = this.#db.transaction(['rows', 'positions', 'changes'], 'readwrite', strict);
    const rows = transaction.objectStore('rows');
    const changes = transaction.objectStore('changes');
    const stamp = newId();
    const work: Promise<unknown>[] = [];
    const note = (id: string) => work.push(changes.put({ feed, id, stamp }));
    if (change.reset) {
      work.push(rows.delete(everything(feed)));
      note(allRows);
    }
    for (const id of change.remove) {
      work.push(rows.delete([feed, id]));
      note(id);
    }
    for (const { id, contentKey, sealed } of change.put) {
      work.push(rows.put({ feed, id, contentKey: contentKey && key(contentKey), sealed }));
      note(id);
    }
    const { cursor, incarnation } = change;
    work.push(transaction.objectStore('positions').put({ cursor, incarnation }, feed), transaction.done);
    await Promise.all(work);
    if (change.reset || change.remove.length + change.put.length > 0) this.#onChange(feed);
  }

  async put(feed: string, { id, contentKey, sealed }: IndexRow): Promise<void> {
    const transaction = this.#db.transaction(['rows', 'changes'], 'readwrite');
    await Promise.all([
      transaction.objectStore('rows').put({ feed, id, contentKey: contentKey && key(contentKey), sealed }),
      transaction.objectStore('changes').put({ feed, id, stamp: newId() }),
      transaction.done,
    ]);
    this.#onChange(feed);
  }

  async get(feed: string, id: string): Promise<IndexRow | null> {
    const found = await this.#db.get('rows', [feed, id]);
    return found ? fromStored(found) : null;
  }

  async byContent(feed: string, contentKey: Uint8Array): Promise<IndexRow | null> {
    const found = await this.#db.getFromIndex('rows', 'content', [feed, key(contentKey)]);
    return found ? fromStored(found) : null;
  }

  /** In order of id, which counts up with time. */
  async all(feed: string): Promise<IndexRow[]> {
    return (await this.#db.getAll('rows', everything(feed))).map(fromStored);
  }
}

/** Uploads that were begun, in IndexedDB. */
export class BrowserJournal implements Journal {
  readonly #db: DeviceDatabase;

  constructor(database: DeviceDatabase) {
    this.#db = database;
  }

  async byContent(contentKey: Uint8Array): Promise<JournalRow | null> {
    const found = await this.#db.getFromIndex('journal', 'content', key(contentKey));
    return found ?? null;
  }

  async put(row: JournalRow): Promise<void> {
    const transaction = this.#db.transaction('journal', 'readwrite', strict);
    await Promise.all([transaction.store.put({ ...row, contentKey: key(row.contentKey) }), transaction.done]);
  }

  async remove(versionId: VersionId): Promise<void> {
    await this.#db.delete('journal', versionId);
  }

  async sweep(beforeMs: number): Promise<void> {
    const transaction = this.#db.transaction('journal', 'readwrite');
    for await (const cursor of transaction.store) if (cursor.value.beganAt < beforeMs) await cursor.delete();
    await transaction.done;
  }
}

/** The family's log as this browser knows it, in IndexedDB. */
export class BrowserLog implements FamilyLogStore {
  readonly #db: DeviceDatabase;

  constructor(database: DeviceDatabase) {
    this.#db = database;
  }

  async load(): Promise<KeptLog | null> {
    const transaction = this.#db.transaction(['log', 'logHead']);
    const [head, entries] = await Promise.all([
      transaction.objectStore('logHead').get('head'),
      transaction.objectStore('log').getAll(),
    ]);
    return head ? { ...head, entries } : null;
  }

  async append(
    family: FamilyId,
    from: number,
    entries: readonly Uint8Array[],
    head: KeptHead,
  ): Promise<void> {
    const transaction = this.#db.transaction(['log', 'logHead'], 'readwrite', strict);
    const log = transaction.objectStore('log');
    const work: Promise<unknown>[] = from === 0 ? [log.clear()] : [];
    entries.forEach((entry, i) => work.push(log.put(entry, from + i)));
    work.push(transaction.objectStore('logHead').put({ ...head, family }, 'head'), transaction.done);
    await Promise.all(work);
  }
}
