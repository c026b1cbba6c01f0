import type { AccountId, LibraryId, StoredKeyring } from '@heirloom/contracts';
import { equalBytes, suite, type Identity } from '@heirloom/formats';
import { DamagedError } from '../errors.ts';
import { kemKeyPair, type KemKeyPair } from '../keys/kem.ts';
import { signerFromSeed, type Ed25519Signer } from '../keys/signer.ts';
import { unwrapKey, wrapKey } from '../keys/wrap.ts';
import { randomBytes } from '../ports/ports.ts';

/** The key of one epoch of a library. */
export interface LibraryKey {
  library: LibraryId;
  epoch: number;
  /** 32 bytes. */
  key: Uint8Array;
}

/** All of a person's keys, open. It exists on the person's own devices only. */
export interface Keyring {
  readonly account: AccountId;
  /** 32 bytes. */
  readonly masterKey: Uint8Array;
  readonly identity: OpenIdentity;
  /** At least one; a library's later epochs come after its earlier ones. */
  readonly libraries: readonly LibraryKey[];
}

export interface OpenIdentity {
  /** The public half: account id and both public keys. */
  readonly public: Identity;
  readonly signer: Ed25519Signer;
  readonly kem: KemKeyPair;
  readonly signSeed: Uint8Array;
  readonly kemSeed: Uint8Array;
}

const seedBinding = (purpose: 'identity-sign-seed' | 'identity-kem-seed', account: AccountId) => ({
  purpose,
  collection: account,
  epoch: 1,
  object: account,
});
const libraryBinding = (account: AccountId, library: LibraryId, epoch: number) => ({
  purpose: 'library-key' as const,
  collection: account,
  epoch,
  object: library,
});

async function openIdentity(
  account: AccountId,
  signSeed: Uint8Array,
  kemSeed: Uint8Array,
): Promise<OpenIdentity> {
  const signer = await signerFromSeed(signSeed);
  const kem = await kemKeyPair(kemSeed);
  return {
    public: { suite, account, sign: signer.publicKey, kem: kem.publicKey },
    signer,
    kem,
    signSeed,
    kemSeed,
  };
}

/** Makes a new person's keys, with one library of epoch 1. Everything is random. */
export async function createKeyring(account: AccountId, library: LibraryId): Promise<Keyring> {
  return {
    account,
    masterKey: randomBytes(32),
    identity: await openIdentity(account, randomBytes(32), randomBytes(32)),
    libraries: [{ library, epoch: 1, key: randomBytes(32) }],
  };
}

/** What the server keeps: public keys, and everything else wrapped under the master key. */
export async function storeKeyring({
  account,
  masterKey,
  identity,
  libraries,
}: Keyring): Promise<StoredKeyring> {
  return {
    identity: {
      signPublicKey: identity.signer.publicKey,
      kemPublicKey: identity.kem.publicKey,
      wrappedSignSeed: await wrapKey(
        masterKey,
        seedBinding('identity-sign-seed', account),
        identity.signSeed,
      ),
      wrappedKemSeed: await wrapKey(masterKey, seedBinding('identity-kem-seed', account), identity.kemSeed),
    },
    libraries: await Promise.all(
      libraries.map(async ({ library, epoch, key }) => ({
        libraryId: library,
        epoch,
        wrappedKey: await wrapKey(masterKey, libraryBinding(account, library, epoch), key),
      })),
    ),
  };
}

/**
 * Opens a stored keyring with its master key.
 * @throws DamagedError `wrap` when a wrap does not open, `identity` when the public keys are not the seeds' own.
 */
export async function openStoredKeyring(
  account: AccountId,
  stored: StoredKeyring,
  masterKey: Uint8Array,
): Promise<Keyring> {
  const { wrappedSignSeed, wrappedKemSeed, signPublicKey, kemPublicKey } = stored.identity;
  const identity = await openIdentity(
    account,
    await unwrapKey(masterKey, seedBinding('identity-sign-seed', account), wrappedSignSeed),
    await unwrapKey(masterKey, seedBinding('identity-kem-seed', account), wrappedKemSeed),
  );
  if (
    !equalBytes(identity.signer.publicKey, signPublicKey) ||
    !equalBytes(identity.kem.publicKey, kemPublicKey)
  ) {
    throw new DamagedError('identity', 'The public keys of this account are not its own.');
  }
  const libraries = await Promise.all(
    stored.libraries.map(async ({ libraryId, epoch, wrappedKey }) => ({
      library: libraryId,
      epoch,
      key: await unwrapKey(masterKey, libraryBinding(account, libraryId, epoch), wrappedKey),
    })),
  );
  return { account, masterKey, identity, libraries };
}

/**
 * The key of a library, of one epoch or the newest.
 * @throws DamagedError `wrap` when the keyring does not hold it.
 */
export function libraryKey(keyring: Keyring, library: LibraryId, epoch?: number): LibraryKey {
  const own = keyring.libraries.filter((one) => one.library === library);
  const found =
    epoch === undefined
      ? own.reduce<LibraryKey | undefined>(
          (best, one) => (best && best.epoch > one.epoch ? best : one),
          undefined,
        )
      : own.find((one) => one.epoch === epoch);
  if (!found) throw new DamagedError('wrap', 'The key of this library is not on this keyring.');
  return found;
}
