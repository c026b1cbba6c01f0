import path from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { keptKeysRecord, LocalSeal, type Profile } from '@heirloom/client';
import { DamagedError, grantedKeyBinding, kemKeyPair, openSealedKey, type EpochKey } from '@heirloom/crypto';
import { profileOf } from '../proxy/insiders.ts';
import type { SealedKeyRow } from './stolen-records.ts';

/** Every symmetric key that somebody has: of libraries, albums and families, of every epoch. */
export type Keys = readonly EpochKey[];

/** All keys that lie in a profile folder. */
export async function keysIn(home: string): Promise<EpochKey[]> {
  const profile = await profileOf({ home });
  const seal = new LocalSeal(profile);
  using db = new DatabaseSync(path.join(home, 'profile.db'), { readOnly: true });
  const rows = db.prepare("SELECT id, sealed FROM feed_rows WHERE feed = 'collection-keys'").all();
  const kept = await Promise.all(
    rows.map(async ({ id, sealed }) =>
      keptKeysRecord.decode(await seal.open(id as string, new Uint8Array(sealed as Uint8Array))),
    ),
  );
  return [
    ...profile.libraries.map(({ libraryId, epoch, key }) => ({ collection: libraryId, epoch, key })),
    ...kept.flatMap(({ collection, keys }) => keys.map(({ epoch, key }) => ({ collection, epoch, key }))),
  ];
}

/** Those of the sealed keys that a person's own secret opens, whomever they are said to be for. */
export async function keysSealedTo(profile: Profile, sealed: readonly SealedKeyRow[]): Promise<EpochKey[]> {
  const kem = await kemKeyPair(profile.identity.kemSeed);
  const opened: EpochKey[] = [];
  for (const { collection, scope, epoch, holder, sealedKey } of sealed) {
    for (const grantee of new Set([holder, profile.accountId])) {
      try {
        const binding = grantedKeyBinding(scope, collection, epoch, grantee as Profile['accountId']);
        opened.push({ collection, epoch, key: await openSealedKey(kem, binding, sealedKey) });
      } catch (error) {
        if (!(error instanceof DamagedError)) throw error;
      }
    }
  }
  return opened;
}
