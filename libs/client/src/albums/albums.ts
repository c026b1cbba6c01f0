import { AppError, familyRoutes, limits, newId, type AlbumId, type Collection } from '@heirloom/contracts';
import { randomBytes, sealKey, sealText } from '@heirloom/crypto';
import type { KnownLogEvent } from '@heirloom/formats';
import type { Account } from '../account/account.ts';
import { albumNameBinding, grantBinding } from '../account/bindings.ts';
import type { FamilyLog } from '../family/family-log.ts';
import type { LocalSeal } from '../local/local-seal.ts';
import type { IndexRow, IndexStore } from '../local/ports.ts';
import { albumOf, collectionRecord, openCollection, type Album, type OpenCollection } from './album.ts';

const feed = 'collections';
const attempts = 5;

/** The albums of a person, on this device and at the server. */
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

  /** Brings the list of collections up to date. */
  async sync(): Promise<void> {
    for (let more = true; more;) {
      const { cursor } = await this.#store.position(feed);
      const page = await this.#account.http.call(familyRoutes.collections, {
        query: { limit: limits.feedItemsPerPage, ...(cursor === null ? {} : { cursor }) },
      });
      // A grant that is newer than this device's copy of the log.
      if (page.collections.some((row) => !this.#log.state.grants.has(row.grantIndex)))
        await this.#log.refresh();
      const open = new Map<string, OpenCollection | null>();
      for (const row of page.collections) open.set(row.collectionId, await this.#open(row, open));
      const put: IndexRow[] = [];
      for (const one of open.values()) if (one) put.push(await this.#rowOf(one));
      const remove = [...open].flatMap(([id, one]) => (one ? [] : [id]));
      await this.#store.apply(feed, { cursor: page.cursor, incarnation: null, reset: false, put, remove });
      more = page.more;
    }
  }

  async #open(
    row: Collection,
    fresh: ReadonlyMap<string, OpenCollection | null>,
  ): Promise<OpenCollection | null> {
    if (row.removed) return null;
    const known = fresh.get(row.collectionId) ?? (await this.#read(row.collectionId));
    return await openCollection(this.#account, this.#log.state, row, known);
  }

  async #read(id: string): Promise<OpenCollection | null> {
    const row = await this.#store.get(feed, id);
    return row && collectionRecord.decode(await this.#seal.open(id, row.sealed));
  }

  async #rowOf(one: OpenCollection): Promise<IndexRow> {
    const sealed = await this.#seal.seal(one.collection, collectionRecord.encode(one));
    return { id: one.collection, contentKey: null, sealed };
  }

  /** All albums that open, by name. */
  async list(): Promise<Album[]> {
    const rows = await this.#store.all(feed);
    const all = await Promise.all(
      rows.map(async (row) => albumOf(collectionRecord.decode(await this.#seal.open(row.id, row.sealed)))),
    );
    return all.filter((album) => album !== null).sort((a, b) => a.name.localeCompare(b.name));
  }

  /**
   * The one album of this name.
   * @throws AppError `not-found`, or `conflict` when several have it.
   */
  async named(name: string): Promise<Album> {
    const found = (await this.list()).filter((album) => album.name === name);
    const [first] = found;
    if (!first) throw new AppError('not-found', { detail: `There is no album "${name}".` });
    if (found.length > 1) {
      throw new AppError('conflict', {
        detail: `There are ${found.length} albums "${name}". Name it by its id.`,
      });
    }
    return first;
  }

  /** Creates an album. @throws AppError `bad-request` for a name that is empty or too long. */
  async create(typed: string): Promise<Album> {
    const name = typed.trim();
    const length = [...name].length;
    if (length === 0 || length > limits.nameCharacters || !name.isWellFormed()) {
      throw new AppError('bad-request', {
        detail: `The name of an album has 1 to ${limits.nameCharacters} characters.`,
      });
    }
    const albumId = newId<AlbumId>();
    const key = randomBytes(32);
    const { accountId } = this.#account.profile;
    const binding = grantBinding('album', albumId, 1, accountId);
    const sealedKey = await sealKey(this.#account.identity.kem.publicKey, binding, key);
    const sealedName = await sealText(key, albumNameBinding(albumId, 1), name);
    await this.#announce(albumId, sealedName, sealedKey);
    await this.sync();
    return { albumId, name, role: 'manager', keys: [{ epoch: 1, key }], rotationDue: false };
  }

  async #announce(albumId: AlbumId, sealedName: Uint8Array, sealedKey: Uint8Array): Promise<void> {
    const events = [
      { kind: 'album-created', album: albumId },
      {
        kind: 'granted',
        scope: 'album',
        collection: albumId,
        epoch: 1,
        grantee: this.#account.profile.accountId,
        granteeIdentity: this.#account.identityHash,
        role: 'manager',
        sealedKeyHash: await this.#account.ports.digest(sealedKey),
      },
    ] as KnownLogEvent[];
    for (let attempt = 1; ; attempt++) {
      const entries = await this.#log.write(events);
      try {
        const { checkpoint } = await this.#account.http.call(familyRoutes.createAlbum, {
          body: { albumId, sealedName, entries, sealedKey },
        });
        return await this.#log.accept(entries, checkpoint);
      } catch (error) {
        if (attempt === attempts || !(error instanceof AppError) || error.code !== 'log-conflict')
          throw error;
        await this.#log.refresh();
        if (this.#log.state.albums.has(albumId)) return;
      }
    }
  }
}
