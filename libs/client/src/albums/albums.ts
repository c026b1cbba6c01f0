import {
  AppError,
  familyRoutes,
  limits,
  newId,
  type AlbumId,
  type Collection,
  type CollectionId,
} from '@heirloom/contracts';
import type { EpochKey, KeyOf } from '@heirloom/crypto';
import { headOf, LogError } from '@heirloom/formats';
import type { Account } from '../account/account.ts';
import type { FamilyLog } from '../family/family-log.ts';
import { sleep } from '../http/retry.ts';
import type { LocalSeal } from '../local/local-seal.ts';
import type { IndexRow, IndexStore } from '../local/ports.ts';
import {
  albumOf,
  checkAlbumName,
  keptKeysRecord,
  openCollection,
  vaultName,
  withEarlier,
  type Album,
  type KeptKeys,
} from './album.ts';

const feed = 'collection-keys';
/** A feed may lag behind the log by the transactions that are under way. */
const lagMs = 3_000;
const lookAgainMs = 200;

/** The albums of a person and the keys of all that they have, on this device and at the server. */
export class Albums {
  readonly #account: Account;
  readonly #log: FamilyLog;
  readonly #store: IndexStore;
  readonly #seal: LocalSeal;

  constructor(account: Account, log: FamilyLog, store: IndexStore, seal: LocalSeal) {
    this.#account = account;
    this.#log = log;
    this.#store = store;
    this.#seal = seal;
  }

  /**
   * Brings the keys up to date. The log says which there must be; a server that shows others is refused.
   * @throws LogError for a key that nobody granted to this person, that was taken back, or that was swapped
   */
  async sync(): Promise<void> {
    const until = performance.now() + lagMs;
    for (;;) {
      const fault = await this.#pages();
      const waits = fault ?? (await this.#missesKeys());
      if (!waits) return;
      if (performance.now() > until) {
        if (fault) throw fault;
        return;
      }
      await sleep(lookAgainMs);
      await this.#log.refresh();
    }
  }

  /** @returns what is wrong with a row; what came before its page is kept, and the page will be read again. */
  async #pages(): Promise<LogError | null> {
    for (let more = true; more;) {
      const { cursor } = await this.#store.position(feed);
      const page = await this.#account.http.call(familyRoutes.collections, {
        query: { limit: limits.feedItemsPerPage, ...(cursor === null ? {} : { cursor }) },
      });
      // A grant that is newer than this device's copy of the log.
      const { size } = headOf(this.#log.state);
      if (page.collections.some(({ grantIndex }) => grantIndex >= size)) await this.#log.refresh();
      const open = new Map<string, KeptKeys>();
      try {
        for (const row of page.collections) await this.#open(row, open);
      } catch (error) {
        if (error instanceof LogError) return error;
        throw error;
      }
      const put = await Promise.all([...open.values()].map((one) => this.#rowOf(one)));
      const position = { cursor: page.cursor, incarnation: null };
      await this.#store.apply(feed, { ...position, reset: false, put, remove: [] });
      more = page.more;
    }
    return null;
  }

  /** What was removed stays here: the log says that it is not this person's any more. */
  async #open(row: Collection, open: Map<string, KeptKeys>): Promise<void> {
    if (row.removed) return;
    const known = open.get(row.collectionId) ?? (await this.#read(row.collectionId));
    open.set(row.collectionId, await openCollection(this.#account, this.#log.state, row, known));
  }

  async #missesKeys(): Promise<boolean> {
    const { accountId } = this.#account.profile;
    for (const [id, { holders, epoch }] of this.#log.state.collections) {
      if (!holders.has(accountId)) continue;
      if ((await this.#read(id))?.keys.at(-1)?.epoch !== epoch) return true;
    }
    return false;
  }

  async #read(id: string): Promise<KeptKeys | null> {
    const row = await this.#store.get(feed, id);
    return row && keptKeysRecord.decode(await this.#seal.open(id, row.sealed));
  }

  async #rowOf(one: KeptKeys): Promise<IndexRow> {
    const sealed = await this.#seal.seal(one.collection, keptKeysRecord.encode(one));
    return { id: one.collection, contentKey: null, sealed };
  }

  /** Keeps keys that this device made or opened by itself. */
  async learn(keys: readonly EpochKey[], name: string | null = null): Promise<void> {
    for (const one of keys) {
      const collection = one.collection as CollectionId;
      const known = await this.#read(collection);
      const all = await withEarlier(this.#log.state, one, known?.keys ?? []);
      const kept = { collection, keys: all, name: name ?? known?.name ?? null };
      await this.#store.put(feed, await this.#rowOf(kept));
    }
  }

  /** The key of one epoch of a family or an album, or of the newest that this device has. */
  async keyOf(collection: CollectionId, epoch?: number): Promise<EpochKey | null> {
    const keys = (await this.#read(collection))?.keys;
    const found = epoch === undefined ? keys?.at(-1) : keys?.find((one) => one.epoch === epoch);
    return found ? { collection, epoch: found.epoch, key: found.key } : null;
  }

  /** The newest keys of all that this person has. */
  async newestKeys(): Promise<KeyOf> {
    const keys = new Map<string, EpochKey>();
    for (const id of this.#log.state.collections.keys()) {
      const key = await this.keyOf(id);
      if (key) keys.set(id, key);
    }
    return (collection) => {
      const key = keys.get(collection);
      if (!key)
        throw new AppError('damaged', {
          detail: 'This device does not have the key of an album or of the family.',
        });
      return key;
    };
  }

  /** All albums of this person, by name. Those that cannot be used say why. */
  async list(): Promise<Album[]> {
    const all: Album[] = [];
    for (const id of this.#log.state.collections.keys()) {
      const album = await this.byId(id);
      if (album) all.push(album);
    }
    return all.sort((a, b) => a.name.localeCompare(b.name));
  }

  /** Null when this person does not have it. */
  async byId(id: string): Promise<Album | null> {
    const collection = id as CollectionId;
    return albumOf(this.#log.state, this.#account.profile.accountId, collection, await this.#read(id));
  }

  /**
   * The one album of this name, or with this id.
   * @throws AppError `not-found`, `conflict` when several have the name, or `damaged` when it cannot be used.
   */
  async named(name: string): Promise<Album> {
    const all = await this.list();
    const found = all.filter((album) => album.name === name || album.albumId === name);
    const [first] = found;
    if (!first) throw new AppError('not-found', { detail: `There is no album "${name}".` });
    if (found.length > 1) {
      throw new AppError('conflict', {
        detail: `There are ${found.length} albums "${name}". Name it by its id.`,
      });
    }
    if (first.problem !== null) throw new AppError('damaged', { detail: first.problem });
    return first;
  }

  /** Creates an album. @throws AppError `bad-request` for a name that is empty or too long. */
  async create(typed: string): Promise<Album> {
    return await this.#create(newId<AlbumId>(), checkAlbumName(typed), false);
  }

  /** Makes an album with an id that was chosen before, unless it is there already. */
  async restore(albumId: AlbumId, name: string): Promise<void> {
    if (this.#log.state.collections.has(albumId as string as CollectionId)) return;
    await this.#create(albumId, name, false);
  }

  /** Creates the album that every member of the family has. */
  async createVault(): Promise<Album> {
    return await this.#create(newId<AlbumId>(), vaultName, true);
  }

  async #create(albumId: AlbumId, name: string, isVault: boolean): Promise<Album> {
    const { createAlbum } = await import('./create-album.ts');
    const parts = { account: this.#account, log: this.#log };
    const { key } = await createAlbum(parts, { albumId, name, isVault });
    await this.learn([key], name);
    return await this.named(albumId);
  }
}
