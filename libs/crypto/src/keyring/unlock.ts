import type { AccountId, StoredKeyring, Unlock, UnlockId } from '@heirloom/contracts';
import {
  equalBytes,
  identityHash,
  signedMessage,
  suite,
  unlockStatement,
  verifyEd25519,
} from '@heirloom/formats';
import { sha256 } from '@noble/hashes/sha2.js';
import { DamagedError } from '../errors.ts';
import { deriveKey, identityPin } from '../keys/derive.ts';
import { kemKeyPair, openSealedKey, sealKey, type KemKeyPair } from '../keys/kem.ts';
import { openStoredKeyring, type Keyring } from './keyring.ts';

/**
 * An unlock's secret: at least 32 bytes of full entropy. For `password` it is OPAQUE's export key, for `passkey` the
 * PRF output, for `recovery` what the words encode. Never a password itself.
 */
export type UnlockSecret = Uint8Array;

/** The key pair that an unlock's secret gives. */
export const unlockKeyPair = (kind: Unlock['kind'], secret: UnlockSecret): Promise<KemKeyPair> =>
  kemKeyPair(deriveKey(secret, `unlock/${kind}`));

const masterKeyBinding = (account: AccountId, unlock: UnlockId) => ({
  purpose: 'master-key' as const,
  collection: account,
  epoch: 1,
  object: unlock,
});

type Signed = Omit<Unlock, 'signature'>;
const message = (account: AccountId, unlock: Signed) =>
  signedMessage(
    'unlock',
    unlockStatement.encode({
      suite,
      account,
      unlock: unlock.unlockId,
      kind: unlock.kind,
      publicKey: unlock.publicKey,
      identityPin: unlock.identityPin,
      sealedMasterKeyHash: sha256(unlock.sealedMasterKey),
    }),
  );

/** Makes a way to open the keyring: the master key sealed to a key pair that only the secret gives. */
export async function makeUnlock(
  keyring: Keyring,
  { unlockId, kind, secret }: { unlockId: UnlockId; kind: Unlock['kind']; secret: UnlockSecret },
): Promise<Unlock> {
  const { publicKey } = await unlockKeyPair(kind, secret);
  const pin = identityPin(secret, identityHash(keyring.identity.public));
  return signUnlock(keyring, { unlockId, kind, publicKey, identityPin: pin });
}

/** Seals the keyring's master key to an unlock that exists already, without its secret: for a new master key. */
export const resealUnlock = (keyring: Keyring, unlock: Unlock): Promise<Unlock> =>
  signUnlock(keyring, unlock);

async function signUnlock(
  keyring: Keyring,
  { unlockId, kind, publicKey, identityPin: pin }: Omit<Signed, 'sealedMasterKey'>,
): Promise<Unlock> {
  const binding = masterKeyBinding(keyring.account, unlockId);
  const sealedMasterKey = await sealKey(publicKey, binding, keyring.masterKey);
  const unsigned = { unlockId, kind, publicKey, identityPin: pin, sealedMasterKey };
  return { ...unsigned, signature: await keyring.identity.signer.sign(message(keyring.account, unsigned)) };
}

/**
 * Opens a keyring that a server handed out. Anyone can seal a master key to a public key, so it is trusted in this
 * order: the secret proves the identity (pin), the identity proves the sealed master key (signature), and the master
 * key proves the rest (AEAD).
 * @throws DamagedError `unlock`, `identity`, `signature`, `sealed-key` or `wrap`.
 */
export async function openKeyring(
  { accountId, unlock, keyring }: { accountId: AccountId; unlock: Unlock; keyring: StoredKeyring },
  secret: UnlockSecret,
): Promise<Keyring> {
  const pair = await unlockKeyPair(unlock.kind, secret);
  if (!equalBytes(pair.publicKey, unlock.publicKey)) {
    throw new DamagedError('unlock', 'This secret does not belong to this account.');
  }
  const { signPublicKey, kemPublicKey } = keyring.identity;
  const hash = identityHash({ suite, account: accountId, sign: signPublicKey, kem: kemPublicKey });
  if (!equalBytes(identityPin(secret, hash), unlock.identityPin)) {
    throw new DamagedError('identity', 'The server showed keys that are not those of this account.');
  }
  if (!(await verifyEd25519(signPublicKey, unlock.signature, message(accountId, unlock)))) {
    throw new DamagedError('signature', "The master key was not sealed by this account's owner.");
  }
  const binding = masterKeyBinding(accountId, unlock.unlockId);
  const masterKey = await openSealedKey(pair, binding, unlock.sealedMasterKey);
  return openStoredKeyring(accountId, keyring, masterKey);
}
