import { createHash } from 'node:crypto';
import { AppError, type LibraryId } from '@heirloom/contracts';

/** What belongs to a change and stands in no entry: entries name sealed keys by hash only. */
export interface ChangeMaterial {
  sealedKeys?: readonly Uint8Array[];
  /** Of the album that the change makes. */
  sealedName?: Uint8Array;
  /** Of whoever founds or joins. */
  libraryId?: LibraryId;
  /** Of whoever joins, sealed under the newest key of the family. */
  memberName?: Uint8Array | undefined;
  /** SHA-256 of the access code of the invite that the change makes. */
  accessHash?: Uint8Array;
}

/** The sealed keys of a change, each of which must be named by an entry. */
export class SealedKeys {
  readonly #byHash = new Map<string, Uint8Array>();
  readonly #unused: Set<string>;

  constructor(keys: readonly Uint8Array[] = []) {
    for (const key of keys) this.#byHash.set(createHash('sha256').update(key).digest('hex'), key);
    this.#unused = new Set(this.#byHash.keys());
  }

  /** @throws AppError `bad-request` when the change does not bring it */
  take(sealedKeyHash: Uint8Array): Uint8Array<ArrayBuffer> {
    const hash = Buffer.from(sealedKeyHash).toString('hex');
    const key = this.#byHash.get(hash);
    if (!key) throw new AppError('bad-request', { detail: 'A sealed key is missing that an entry names.' });
    this.#unused.delete(hash);
    return new Uint8Array(key);
  }

  /** @throws AppError `bad-request` unless each was taken */
  mustBeUsed(): void {
    if (this.#unused.size > 0)
      throw new AppError('bad-request', { detail: 'A sealed key is named by none of the entries.' });
  }
}
