import type { LocalSeal } from './local-seal.ts';
import type { IndexStore } from './ports.ts';

const feed = 'notes';

/** What a device notes for itself, sealed, one record for each id. */
export class LocalNotes {
  readonly #store: IndexStore;
  readonly #seal: LocalSeal;

  constructor(store: IndexStore, seal: LocalSeal) {
    this.#store = store;
    this.#seal = seal;
  }

  /** @param id - a UUID: of the person whom the record is about, for example. */
  async put(id: string, record: Uint8Array): Promise<void> {
    await this.#store.put(feed, { id, contentKey: null, sealed: await this.#seal.seal(id, record) });
  }

  /** Null when there is none. @throws DamagedError */
  async get(id: string): Promise<Uint8Array | null> {
    const row = await this.#store.get(feed, id);
    return row && (await this.#seal.open(id, row.sealed));
  }
}
