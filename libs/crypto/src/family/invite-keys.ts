import type { Signer } from '@heirloom/formats';
import { sha256 } from '@noble/hashes/sha2.js';
import { deriveKey } from '../keys/derive.ts';
import { kemKeyPair, type KemKeyPair } from '../keys/kem.ts';
import { signerFromSeed } from '../keys/signer.ts';

/** All that an invite's secret gives: 32 random bytes that only the link carries. */
export interface InviteKeys {
  /** Shows in the log that whoever joins has the secret. */
  readonly signer: Signer;
  /** Opens the keys that the invite gives. */
  readonly kem: KemKeyPair;
  /** Shows the server the same, 32 bytes. It tells nothing of the keys. */
  readonly accessCode: Uint8Array<ArrayBuffer>;
  /** SHA-256 of the access code: what the server keeps. */
  readonly accessHash: Uint8Array<ArrayBuffer>;
}

export async function inviteKeys(secret: Uint8Array): Promise<InviteKeys> {
  const accessCode = deriveKey(secret, 'invite/access-code');
  return {
    signer: await signerFromSeed(deriveKey(secret, 'invite/sign')),
    kem: await kemKeyPair(deriveKey(secret, 'invite/kem')),
    accessCode,
    accessHash: new Uint8Array(sha256(accessCode)),
  };
}
