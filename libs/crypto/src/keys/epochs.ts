import { equalBytes, wrapContext, type Binding } from '@heirloom/formats';
import { DamagedError } from '../errors.ts';
import { randomBytes } from '../ports/ports.ts';
import { deriveKey } from './derive.ts';
import { unwrapKey, wrapKey } from './wrap.ts';

/** The key of one epoch of a library, an album or a family. */
export interface EpochKey {
  collection: string;
  epoch: number;
  /** 32 bytes. */
  key: Uint8Array;
}

/** A new epoch as its signed statement carries it. */
export interface MintedEpoch {
  epoch: number;
  /** The key before, wrapped under the new key: 60 bytes. */
  previousKey: Uint8Array;
  keyCheck: Uint8Array;
}

const binding = (collection: string, epoch: number): Binding => ({
  purpose: 'previous-epoch-key',
  collection,
  epoch,
  object: collection,
});

/** HKDF of an epoch's key with its place: who was given a key compares it with the signed statement. */
export const epochKeyCheck = ({ collection, epoch, key }: EpochKey): Uint8Array<ArrayBuffer> =>
  deriveKey(key, 'epoch-check', wrapContext(binding(collection, epoch)));

/** Makes a fresh key for the next epoch, with the current one sealed inside. */
export async function mintEpoch(current: EpochKey): Promise<{ next: EpochKey; minted: MintedEpoch }> {
  const { collection } = current;
  const epoch = current.epoch + 1;
  const next = { collection, epoch, key: randomBytes(32) };
  const previousKey = await wrapKey(next.key, binding(collection, epoch), current.key);
  return { next, minted: { epoch, previousKey, keyCheck: epochKeyCheck(next) } };
}

/**
 * From an epoch's key to the key of the epoch before, by the statement that minted the later one.
 * @throws DamagedError `wrap` when the key is not the one that the statement is about.
 */
export async function openPreviousEpoch(current: EpochKey, minted: MintedEpoch): Promise<EpochKey> {
  const { collection, epoch, key } = current;
  if (epoch !== minted.epoch || !equalBytes(epochKeyCheck(current), minted.keyCheck)) {
    throw new DamagedError('wrap', 'The key of an album is not the one that was announced.');
  }
  return {
    collection,
    epoch: epoch - 1,
    key: await unwrapKey(key, binding(collection, epoch), minted.previousKey),
  };
}
