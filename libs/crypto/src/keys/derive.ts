import { domain } from '@heirloom/formats';
import { hkdf } from '@noble/hashes/hkdf.js';
import { hmac } from '@noble/hashes/hmac.js';
import { sha256 } from '@noble/hashes/sha2.js';

/** Every key of suite 1 that is derived from another. */
export type KeyLabel =
  | 'part'
  | 'plaintext-commitment'
  | 'wrap'
  | 'record'
  | 'epoch-check'
  | 'identity-pin'
  | 'invite/access-code'
  | 'invite/kem'
  | 'invite/sign'
  | 'recovery/access-code'
  | `unlock/${string}`;

const utf8 = (text: string) => new TextEncoder().encode(text);

/** HKDF-SHA-256 (RFC 5869) without salt, info = "heirloom/1/" label 0x00 context; 32 bytes. */
export function deriveKey(
  key: Uint8Array,
  label: KeyLabel,
  context: Uint8Array = new Uint8Array(),
): Uint8Array<ArrayBuffer> {
  if (key.length < 32) throw new RangeError('a key to derive from has at least 32 bytes');
  const prefix = utf8(`${domain}${label}\0`);
  const info = new Uint8Array(prefix.length + context.length);
  info.set(prefix);
  info.set(context, prefix.length);
  return new Uint8Array(hkdf(sha256, key, undefined, info, 32));
}

/** The key of one part: from the file key and the part's label. */
export const partKey = (fileKey: Uint8Array, label: string): Uint8Array<ArrayBuffer> =>
  deriveKey(fileKey, 'part', utf8(label));

/** HMAC-SHA-256 over the original's SHA-256: the manifest commits to the plaintext without telling which it is. */
export const plaintextCommitment = (
  fileKey: Uint8Array,
  sha256OfOriginal: Uint8Array,
): Uint8Array<ArrayBuffer> =>
  new Uint8Array(hmac(sha256, deriveKey(fileKey, 'plaintext-commitment'), sha256OfOriginal));

/** MAC of an identity's hash under an unlock's secret: proves to the secret's holder whose keyring it opens. */
export const identityPin = (unlockSecret: Uint8Array, hashOfIdentity: Uint8Array): Uint8Array<ArrayBuffer> =>
  new Uint8Array(hmac(sha256, deriveKey(unlockSecret, 'identity-pin'), hashOfIdentity));
