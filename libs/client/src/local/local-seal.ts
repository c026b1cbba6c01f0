import type { AccountId } from '@heirloom/contracts';
import { deriveKey, openRecord, sealRecord } from '@heirloom/crypto';
import { encodeCanonical } from '@heirloom/formats';
import { localBinding } from '../account/bindings.ts';

/** Seals what a device keeps for itself, so that its index and its journal tell nothing without its keys. */
export class LocalSeal {
  readonly #key: Uint8Array;
  readonly #account: AccountId;

  constructor({ localKey, accountId }: { localKey: Uint8Array; accountId: AccountId }) {
    this.#key = localKey;
    this.#account = accountId;
  }

  /** @param id - the UUID of what the record is about. */
  seal(id: string, record: Uint8Array): Promise<Uint8Array> {
    return sealRecord(this.#key, localBinding(this.#account, id), record);
  }

  open(id: string, sealed: Uint8Array): Promise<Uint8Array> {
    return openRecord(this.#key, localBinding(this.#account, id), sealed);
  }

  /** A name for something that is to be found again but not to be read: 32 bytes, another for each kind. */
  lookup(kind: 'content' | 'path', bytes: Uint8Array): Uint8Array {
    return deriveKey(this.#key, 'record', encodeCanonical(['lookup', kind, bytes]));
  }
}
