import type { DeviceDatabase } from '../engine/device-database.ts';

const MiB = 1024 * 1024;
const dayMs = 24 * 3600_000;

/** A share of what the browser allows, and never more than that. */
const shareOfQuota = 0.25;
const mostBytes = 300 * MiB;
/** When there is too much, so much of it stays. */
const keptShare = 0.9;

/** What this browser may keep of parts, in bytes. */
export async function partBudget(): Promise<number> {
  const { quota } = await navigator.storage.estimate();
  return Math.min(mostBytes, Math.floor((quota ?? mostBytes) * shareOfQuota));
}

/**
 * Ciphertext of thumbnails and previews, kept so that they need not be fetched again; what was not used for longest goes
 * first. Nothing depends on it: the browser may clear it at any time.
 */
export class PartStore {
  readonly #db: DeviceDatabase;
  readonly #budgetBytes: () => Promise<number>;
  /** Of all tabs, as far as this one knows. */
  #bytes: Promise<number> | null = null;

  constructor(database: DeviceDatabase, budgetBytes: () => Promise<number> = partBudget) {
    this.#db = database;
    this.#budgetBytes = budgetBytes;
  }

  async get(key: string): Promise<Uint8Array | null> {
    const found = await this.#db.get('parts', key);
    if (!found) return null;
    // Once a day is enough to know what is used, and a read stays a read.
    if (Date.now() - found.usedAt > dayMs) void this.#db.put('parts', { ...found, usedAt: Date.now() });
    return found.bytes;
  }

  /** Keeps a part if there is room; a browser that refuses is no error. */
  async put(key: string, bytes: Uint8Array): Promise<void> {
    try {
      const before = await (this.#bytes ??= this.#count());
      await this.#db.put('parts', { key, bytes, size: bytes.length, usedAt: Date.now() });
      this.#bytes = Promise.resolve(before + bytes.length);
      if (before + bytes.length > (await this.#budgetBytes())) await this.#evict();
    } catch (error) {
      if (!(error instanceof DOMException)) throw error;
      if (error.name === 'QuotaExceededError') await this.#evict();
    }
  }

  async delete(key: string): Promise<void> {
    await this.#db.delete('parts', key);
  }

  /** Adds up the sizes from the index alone, without reading a part. */
  async #count(): Promise<number> {
    let sum = 0;
    const { store } = this.#db.transaction('parts');
    for (let at = await store.index('used').openKeyCursor(); at; at = await at.continue()) sum += at.key[1];
    return sum;
  }

  async #evict(): Promise<void> {
    const goal = (await this.#budgetBytes()) * keptShare;
    const transaction = this.#db.transaction('parts', 'readwrite');
    const sizes: { key: string; size: number }[] = [];
    const used = transaction.store.index('used');
    for (let at = await used.openKeyCursor(); at; at = await at.continue())
      sizes.push({ key: at.primaryKey, size: at.key[1] });
    let sum = sizes.reduce((all, { size }) => all + size, 0);
    for (const { key, size } of sizes) {
      if (sum <= goal) break;
      sum -= size;
      await transaction.store.delete(key);
    }
    await transaction.done;
    this.#bytes = Promise.resolve(sum);
  }
}
