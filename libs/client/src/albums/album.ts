import {
  AppError,
  limits,
  type AccountId,
  type AlbumId,
  type AlbumRole,
  type Collection,
} from '@heirloom/contracts';
import { DamagedError, openGrant, openPreviousEpoch, openText, type EpochKey } from '@heirloom/crypto';
import { byteString, collectionField, recordFormat, type FamilyState } from '@heirloom/formats';
import { epoch } from '@heirloom/contracts';
import { z } from 'zod';
import type { Account } from '../account/account.ts';
import { albumNameBinding } from '../account/bindings.ts';

const schema = z.strictObject({
  collection: collectionField,
  /** The newest epoch comes last. */
  keys: z.array(z.strictObject({ epoch, key: byteString(32) })),
  name: z
    .string()
    .max(limits.nameCharacters * 4)
    .nullable(),
});
export const keptKeysRecord = recordFormat(schema, { maxBytes: 512 * 1024, code: 'damaged' });

/** The keys of a family or an album that this device has opened. Who has what role the family log says. */
export type KeptKeys = z.output<typeof schema>;

/** An album that this person has. */
export interface Album {
  albumId: AlbumId;
  name: string;
  role: AlbumRole;
  /** Who made it. */
  owner: AccountId;
  /** The album that every member of the family has. */
  isVault: boolean;
  /** How many people have it. */
  people: number;
  /** The newest epoch comes last. */
  keys: KeptKeys['keys'];
  rotationDue: boolean;
  /** Why it cannot be used. */
  problem: string | null;
}

export const vaultName = 'Family vault';

/** The name as it is kept. @throws AppError `bad-request` when it is empty or too long */
export function checkAlbumName(typed: string): string {
  const name = typed.trim();
  const length = [...name].length;
  if (length > 0 && length <= limits.nameCharacters && name.isWellFormed()) return name;
  throw new AppError('bad-request', {
    detail: `The name of an album has 1 to ${limits.nameCharacters} characters.`,
  });
}

/** Null for what is no album of this person. */
export function albumOf(
  state: FamilyState,
  account: AccountId,
  id: KeptKeys['collection'],
  kept: KeptKeys | null,
): Album | null {
  const collection = state.collections.get(id);
  const holding = collection?.holders.get(account);
  if (!collection || !holding || collection.scope !== 'album') return null;
  const { vault: isVault, createdBy: owner, rotationDue } = collection;
  const keys = kept?.keys ?? [];
  const name = isVault ? vaultName : (kept?.name ?? null);
  return {
    albumId: id as string as AlbumId,
    name: name ?? '(no name)',
    role: holding.role as AlbumRole,
    owner,
    isVault,
    people: collection.holders.size,
    keys,
    rotationDue,
    problem: problemOf(keys.at(-1)?.epoch === collection.epoch, name !== null),
  };
}

function problemOf(hasNewest: boolean, hasName: boolean): string | null {
  if (!hasNewest) return 'The family log gives you the key of this album, but the server holds it back.';
  return hasName ? null : 'The name of this album does not open with its key.';
}

/**
 * Opens what the collections feed shows of one epoch, with the keys of all epochs before it.
 * @throws LogError unless the family's log gives exactly this key to this person, DamagedError when it does not open
 */
export async function openCollection(
  account: Account,
  state: FamilyState,
  row: Collection,
  known: KeptKeys | null,
): Promise<KeptKeys> {
  const { collectionId: collection, epoch: of, sealedKey, grantIndex } = row;
  const me = { id: account.profile.accountId, kem: account.identity.kem };
  const opened = await openGrant(state, me, { collectionId: collection, epoch: of, sealedKey, grantIndex });
  const keys = await withEarlier(state, opened, known?.keys ?? []);
  const name =
    row.kind === 'album' && row.sealedName
      ? await openName(collection as string as AlbumId, keys, row.sealedName)
      : null;
  return { collection, keys, name: name ?? known?.name ?? null };
}

/** The known keys with this one and all before it: each key has the one before sealed inside its statement. */
export async function withEarlier(
  state: FamilyState,
  newest: EpochKey,
  known: KeptKeys['keys'],
): Promise<KeptKeys['keys']> {
  const byEpoch = new Map(known.map((one) => [one.epoch as number, one]));
  const minted = state.collections.get(newest.collection as KeptKeys['collection'])?.minted;
  for (let current = newest; ;) {
    const { epoch: of, key } = current;
    byEpoch.set(of, { epoch: of, key: new Uint8Array(key) });
    if (of === 1 || byEpoch.has(of - 1)) break;
    const statement = minted?.get(of);
    if (!statement) break;
    const { previousKey, keyCheck } = statement;
    current = await openPreviousEpoch(current, { epoch: of, previousKey, keyCheck });
  }
  return [...byEpoch.values()].sort((a, b) => a.epoch - b.epoch);
}

/** The name of an album; null when none of these keys opens it. */
export async function openName(
  albumId: AlbumId,
  keys: KeptKeys['keys'],
  sealed: Uint8Array,
): Promise<string | null> {
  for (const { epoch: of, key } of keys.toReversed()) {
    try {
      return await openText(key, albumNameBinding(albumId, of), sealed);
    } catch (error) {
      if (!(error instanceof DamagedError)) throw error;
    }
  }
  return null;
}
