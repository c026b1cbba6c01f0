import { AppError, type LibraryId } from '@heirloom/contracts';
import { kemKeyPair, signerFromSeed, webPorts, type CryptoPorts, type OpenIdentity } from '@heirloom/crypto';
import { identityHash, suite, type Identity } from '@heirloom/formats';
import { Http } from '../http/http.ts';
import type { Profile, ProfileStore } from './profile.ts';
import { Session } from './session.ts';

export interface AccountOptions {
  /** AEAD and hashes; WebCrypto unless something faster is handed in. */
  ports?: CryptoPorts;
  /** See UploadSettings. */
  streamingBodies?: boolean;
  fetch?: typeof fetch;
}

/** A signed-in person on this device: who they are, their keys, and a way to speak to their server. */
export interface Account {
  readonly profile: Profile;
  readonly http: Http;
  readonly identity: OpenIdentity;
  readonly identityHash: Uint8Array;
  readonly ports: CryptoPorts;
  readonly streamingBodies: boolean;
}

/** @throws AppError `token-missing` when this profile is not signed in. */
export async function openAccount(store: ProfileStore, options: AccountOptions = {}): Promise<Account> {
  const profile = await store.load();
  if (!profile)
    throw new AppError('token-missing', { detail: 'You are not signed in. Sign in or sign up first.' });
  const plain = new Http(profile.server, null, options.fetch ?? fetch);
  const signer = await signerFromSeed(profile.identity.signSeed);
  const kem = await kemKeyPair(profile.identity.kemSeed);
  const own: Identity = { suite, account: profile.accountId, sign: signer.publicKey, kem: kem.publicKey };
  return {
    profile,
    http: plain.withTokens(new Session(plain, store, profile)),
    identity: { public: own, signer, kem, ...profile.identity },
    identityHash: identityHash(own),
    ports: options.ports ?? webPorts,
    streamingBodies: options.streamingBodies ?? false,
  };
}

/** The person's own library: the one that their keyring names first. */
export function ownLibrary({ profile }: Pick<Account, 'profile'>): {
  libraryId: LibraryId;
  epoch: number;
  key: Uint8Array;
} {
  const [first] = profile.libraries;
  if (!first) throw new Error('a profile has a library');
  return profile.libraries
    .filter((one) => one.libraryId === first.libraryId)
    .reduce((newest, one) => (one.epoch > newest.epoch ? one : newest));
}

/** @throws AppError `damaged` when this device does not have the key. */
export function libraryKeyOf({ profile }: Account, library: string, epoch: number): Uint8Array {
  const found = profile.libraries.find((one) => one.libraryId === library && one.epoch === epoch);
  if (!found) throw new AppError('damaged', { detail: 'This device does not have the key of this library.' });
  return found.key;
}
