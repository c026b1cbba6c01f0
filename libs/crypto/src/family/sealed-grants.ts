import type { AccountId, CollectionId, InviteId } from '@heirloom/contracts';
import { equalBytes, LogError, type Binding, type FamilyState, type GivenKey } from '@heirloom/formats';
import { sha256 } from '@noble/hashes/sha2.js';
import { DamagedError } from '../errors.ts';
import { epochKeyCheck, type EpochKey } from '../keys/epochs.ts';
import { openSealedKey, sealKey, type KemKeyPair } from '../keys/kem.ts';

/** What a sealed key of a family's or an album's epoch is bound to: its place, and for whom it is. */
export const grantedKeyBinding = (
  scope: 'family' | 'album',
  collection: string,
  epoch: number,
  grantee: AccountId | InviteId,
): Binding => ({ purpose: `${scope}-key`, collection, epoch, object: grantee });

export interface SealedGrant {
  /** HPKE ciphertext, 1168 bytes. */
  sealedKey: Uint8Array<ArrayBuffer>;
  /** What the log entry names. */
  sealedKeyHash: Uint8Array<ArrayBuffer>;
}

/** Seals the key of an epoch to a person or an invite. */
export async function sealGrant(
  { collection, epoch, key }: EpochKey,
  scope: 'family' | 'album',
  to: { id: AccountId | InviteId; kem: Uint8Array },
): Promise<SealedGrant> {
  const sealedKey = await sealKey(to.kem, grantedKeyBinding(scope, collection, epoch, to.id), key);
  return { sealedKey, sealedKeyHash: new Uint8Array(sha256(sealedKey)) };
}

/** A sealed key as a server shows it. */
export interface ShownGrant {
  collectionId: CollectionId;
  epoch: number;
  sealedKey: Uint8Array;
  /** Position of the entry in the log that gives it, where the server says so. */
  grantIndex?: number;
}

/**
 * Opens a key that a server shows to a member or to whoever has an invite. HPKE says nothing about the sender, so it
 * counts only when the family's log gives exactly this key to exactly this person, now.
 * @throws LogError when the log does not, DamagedError when it does not open or is not the key that was announced
 */
export async function openGrant(
  state: FamilyState,
  to: { id: AccountId | InviteId; kem: KemKeyPair },
  shown: ShownGrant,
): Promise<EpochKey> {
  const { collectionId, epoch, sealedKey } = shown;
  const collection = state.collections.get(collectionId);
  const holding = collection?.holders.get(to.id as AccountId) ?? collection?.invited.get(to.id as InviteId);
  if (!collection || !holding) {
    throw new LogError(
      'unknown',
      'The server shows a key of an album that the family log does not give: it was never given, or was taken back.',
    );
  }
  mustBeGiven(holding.keys.get(epoch), shown);
  const binding = grantedKeyBinding(collection.scope, collectionId, epoch, to.id);
  const opened = { collection: collectionId, epoch, key: await openSealedKey(to.kem, binding, sealedKey) };
  const minted = collection.minted.get(epoch);
  if (minted && !equalBytes(epochKeyCheck(opened), minted.keyCheck)) {
    throw new DamagedError('wrap', 'The key of an album is not the one that was announced.');
  }
  return opened;
}

function mustBeGiven(given: GivenKey | undefined, { grantIndex, sealedKey }: ShownGrant): void {
  if (!given || (grantIndex !== undefined && grantIndex !== given.index)) {
    throw new LogError(
      'stale',
      'The server shows a key of an album that stands elsewhere in the family log, or nowhere.',
    );
  }
  if (!equalBytes(given.sealedKeyHash, sha256(sealedKey))) {
    throw new LogError(
      'swapped-key',
      'The server shows another key of an album than the one that was signed for.',
    );
  }
}
