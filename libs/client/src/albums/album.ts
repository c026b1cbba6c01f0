import { epoch, familyRole, albumRole, limits, type AlbumId, type Collection } from '@heirloom/contracts';
import { openSealedKey, openText } from '@heirloom/crypto';
import { byteString, collectionField, equalBytes, recordFormat } from '@heirloom/formats';
import { z } from 'zod';
import type { Account } from '../account/account.ts';
import { albumNameBinding, grantBinding } from '../account/bindings.ts';
import type { FamilyState } from '../family/family-state.ts';

const schema = z.strictObject({
  collection: collectionField,
  kind: z.enum(['family', 'album']),
  role: z.union([familyRole, albumRole]),
  /** The newest epoch comes last. */
  keys: z.array(z.strictObject({ epoch, key: byteString(32) })),
  rotationDue: z.boolean(),
  name: z
    .string()
    .max(limits.nameCharacters * 4)
    .nullable(),
  /** Why it could not be opened. */
  problem: z.string().max(1000).nullable(),
});
export const collectionRecord = recordFormat(schema, { maxBytes: 64 * 1024, code: 'damaged' });

/** A family or an album of which this person holds keys. */
export type OpenCollection = z.output<typeof schema>;
export interface Album {
  albumId: AlbumId;
  name: string;
  role: OpenCollection['role'];
  keys: OpenCollection['keys'];
  rotationDue: boolean;
}

/** Null for what is no album, or has no name that opens. */
export function albumOf(collection: OpenCollection): Album | null {
  if (collection.kind !== 'album' || collection.name === null || collection.problem !== null) return null;
  const { role, keys, rotationDue, name } = collection;
  return { albumId: collection.collection as string as AlbumId, name, role, keys, rotationDue };
}

/**
 * Opens what the collections feed says of one epoch, if the family log says the same.
 * @throws AppError `damaged` when the key does not open.
 */
export async function openCollection(
  account: Account,
  family: FamilyState,
  row: Collection,
  known: OpenCollection | null,
): Promise<OpenCollection> {
  const base = { collection: row.collectionId, kind: row.kind, role: row.role, rotationDue: row.rotationDue };
  const problem = await distrustOf(account, family, row);
  if (problem) return { ...base, keys: known?.keys ?? [], name: known?.name ?? null, problem };
  const { accountId } = account.profile;
  const binding = grantBinding(row.kind, row.collectionId, row.epoch, accountId);
  const key = await openSealedKey(account.identity.kem, binding, row.sealedKey);
  const others = known?.keys.filter((one) => one.epoch !== row.epoch) ?? [];
  const keys = [...others, { epoch: row.epoch, key }].sort((a, b) => a.epoch - b.epoch);
  const albumId = row.collectionId as string as AlbumId;
  const name = row.kind === 'album' && row.sealedName ? await openName(albumId, keys, row.sealedName) : null;
  return { ...base, keys, name, problem: null };
}

/** A sealed key counts only with the signed entry that grants exactly it to exactly this person. */
async function distrustOf(account: Account, family: FamilyState, row: Collection): Promise<string | null> {
  const entry = family.grants.get(row.grantIndex)?.grant;
  const granted =
    entry?.scope === row.kind &&
    String(entry.collection) === row.collectionId &&
    entry.epoch === row.epoch &&
    entry.role === row.role &&
    entry.grantee === account.profile.accountId &&
    equalBytes(entry.granteeIdentity, account.identityHash) &&
    equalBytes(entry.sealedKeyHash, await account.ports.digest(row.sealedKey));
  return granted ? null : 'The server offers a key that nobody in the family log has granted.';
}

async function openName(
  albumId: AlbumId,
  keys: OpenCollection['keys'],
  sealed: Uint8Array,
): Promise<string | null> {
  for (const { epoch: of, key } of keys.toReversed()) {
    const name = await openText(key, albumNameBinding(albumId, of), sealed).catch(() => null);
    if (name !== null) return name;
  }
  return null;
}
