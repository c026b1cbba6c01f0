import { AppError, type AccountId, type StoredKeyring, type Unlock } from '@heirloom/contracts';
import { signedMessage, suite, unlockStatement, verifyEd25519 } from '@heirloom/formats';
import { createHash } from 'node:crypto';
import type { Transaction } from '../database.ts';
import { stored } from '../stored-bytes.ts';

/**
 * Clients check this before they use an unlock; the server does so before it keeps one, so that no account begins
 * with a keyring that its owner could not open.
 *
 * @throws AppError `bad-request`
 */
export async function checkKeyring(
  accountId: AccountId,
  unlock: Unlock,
  keyring: StoredKeyring,
): Promise<void> {
  const keys = keyring.libraries.map(({ libraryId, epoch }) => `${libraryId} ${epoch}`);
  if (new Set(keys).size !== keys.length)
    throw new AppError('bad-request', { detail: 'The keyring holds two keys for one epoch of a library.' });
  await checkUnlock(accountId, unlock, keyring.identity.signPublicKey);
}

/** @throws AppError `bad-request` unless the identity signed the unlock */
export async function checkUnlock(
  accountId: AccountId,
  unlock: Unlock,
  signPublicKey: Uint8Array,
): Promise<void> {
  const payload = unlockStatement.encode({
    suite,
    account: accountId,
    unlock: unlock.unlockId,
    kind: unlock.kind,
    publicKey: unlock.publicKey,
    identityPin: unlock.identityPin,
    sealedMasterKeyHash: createHash('sha256').update(unlock.sealedMasterKey).digest(),
  });
  if (!(await verifyEd25519(signPublicKey, unlock.signature, signedMessage('unlock', payload))))
    throw new AppError('bad-request', { detail: 'The unlock is not signed by the identity of the keyring.' });
}

export async function createUnlock(
  tx: Transaction,
  accountId: AccountId,
  unlock: Unlock,
  accessHash?: Uint8Array,
) {
  return await tx.unlock.create({
    data: {
      id: unlock.unlockId,
      accountId,
      kind: unlock.kind,
      publicKey: stored(unlock.publicKey),
      identityPin: stored(unlock.identityPin),
      signature: stored(unlock.signature),
      sealedMasterKey: stored(unlock.sealedMasterKey),
      ...(accessHash ? { accessHash: stored(accessHash) } : {}),
    },
  });
}

export async function createKeyring(
  tx: Transaction,
  accountId: AccountId,
  unlock: Unlock,
  { identity, libraries }: StoredKeyring,
): Promise<void> {
  await createUnlock(tx, accountId, unlock);
  await tx.keyring.create({
    data: {
      accountId,
      signPublicKey: stored(identity.signPublicKey),
      kemPublicKey: stored(identity.kemPublicKey),
      wrappedSignSeed: stored(identity.wrappedSignSeed),
      wrappedKemSeed: stored(identity.wrappedKemSeed),
    },
  });
  await tx.libraryKey.createMany({
    data: libraries.map((library) => ({ accountId, ...library, wrappedKey: stored(library.wrappedKey) })),
  });
}

/** Everything that opens the account's keys: its unlocks, oldest first, and its keyring. */
export async function readKeyring(
  db: Transaction,
  accountId: AccountId,
): Promise<{ unlocks: Unlock[]; keyring: StoredKeyring }> {
  const account = await db.account.findUniqueOrThrow({
    where: { id: accountId },
    select: {
      unlocks: { orderBy: [{ createdAt: 'asc' }, { id: 'asc' }] },
      keyring: { include: { libraries: { orderBy: [{ libraryId: 'asc' }, { epoch: 'asc' }] } } },
    },
  });
  if (!account.keyring) throw new Error('an account has no keyring');
  const { libraries, wrappedKemSeed, wrappedSignSeed, kemPublicKey, signPublicKey } = account.keyring;
  return {
    unlocks: account.unlocks.map(
      ({ id, kind, publicKey, identityPin, signature, sealedMasterKey }) =>
        ({ unlockId: id, kind, publicKey, identityPin, signature, sealedMasterKey }) as Unlock,
    ),
    keyring: {
      identity: { signPublicKey, kemPublicKey, wrappedSignSeed, wrappedKemSeed },
      libraries: libraries.map(
        ({ libraryId, epoch, wrappedKey }) =>
          ({ libraryId, epoch, wrappedKey }) as StoredKeyring['libraries'][number],
      ),
    },
  };
}
