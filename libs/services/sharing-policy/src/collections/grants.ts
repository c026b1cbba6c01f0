import { createHash } from 'node:crypto';
import type { AccountId, AlbumRole, FamilyRole } from '@heirloom/contracts';
import { equalBytes, identityHash, type Identity, type LogEntry } from '@heirloom/formats';
import type { Transaction } from '../database.ts';
import { eventOf, mustAgree } from '../log/entries.ts';

export interface ExpectedGrant {
  scope: 'family' | 'album';
  collection: string;
  epoch: number;
  role: FamilyRole | AlbumRole;
  /** Who gets it: clients seal to the identity that the entry names. */
  grantee: Identity;
  /** HPKE ciphertext of the epoch's key, 1168 bytes. */
  sealedKey: Uint8Array;
}

/**
 * Writes the grant that a log entry gives.
 * @throws AppError `bad-request` unless the entry gives exactly the expected one.
 */
export async function applyGrant(
  tx: Transaction,
  entry: LogEntry | undefined,
  expected: ExpectedGrant,
): Promise<void> {
  const event = eventOf('granted', entry);
  const { scope, collection, epoch, role, grantee, sealedKey } = expected;
  mustAgree(
    event.scope === scope && event.collection === collection && event.epoch === epoch && event.role === role,
    'A grant is not the one that belongs to this request.',
  );
  mustAgree(
    event.grantee === grantee.account && equalBytes(event.granteeIdentity, identityHash(grantee)),
    'A grant is not for the person whom it belongs to.',
  );
  mustAgree(
    equalBytes(event.sealedKeyHash, createHash('sha256').update(sealedKey).digest()),
    'A grant is for another sealed key.',
  );
  await tx.grant.create({
    data: {
      collectionId: collection,
      accountId: grantee.account satisfies AccountId,
      epoch,
      role,
      grantIndex: entry!.index,
      sealedKey: new Uint8Array(sealedKey),
    },
  });
}
