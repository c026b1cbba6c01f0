import type {
  AccountId,
  AlbumId,
  DeviceId,
  FamilyId,
  LibraryId,
  PhotoId,
  UnlockId,
  VersionId,
} from '@heirloom/contracts';
import { createPrivateKey, createPublicKey, sign } from 'node:crypto';
import type { Signer } from '../src/index.ts';

/** Fixed ids, so that encodings can be frozen. */
const id = <T extends string>(n: number) =>
  `01890000-0000-7000-8000-${n.toString(16).padStart(12, '0')}` as T;
export const ids = {
  account: id<AccountId>(1),
  device: id<DeviceId>(2),
  library: id<LibraryId>(3),
  photo: id<PhotoId>(4),
  version: id<VersionId>(5),
  album: id<AlbumId>(6),
  family: id<FamilyId>(7),
  unlock: id<UnlockId>(8),
};
export const createdAt = 1_790_000_000_000;

/** Bytes that count up from `first`. */
export const counting = (length: number, first = 0): Uint8Array<ArrayBuffer> =>
  Uint8Array.from({ length }, (_, i) => (first + i) & 255);

export const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex');
export const unhex = (text: string): Uint8Array<ArrayBuffer> => new Uint8Array(Buffer.from(text, 'hex'));

/** A signer by node:crypto: not the code under test. */
export function nodeSigner(seed: Uint8Array): Signer {
  const der = Buffer.concat([Buffer.from('302e020100300506032b657004220420', 'hex'), seed]);
  const key = createPrivateKey({ key: der, format: 'der', type: 'pkcs8' });
  const publicKey = createPublicKey(key).export({ format: 'der', type: 'spki' }).subarray(-32);
  return {
    publicKey: new Uint8Array(publicKey),
    sign: (message) => Promise.resolve(new Uint8Array(sign(null, message, key))),
  };
}
