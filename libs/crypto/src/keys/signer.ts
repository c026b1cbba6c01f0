import type { Signer } from '@heirloom/formats';

/** The DER of a PKCS #8 Ed25519 key (RFC 8410) up to its 32-byte seed. */
const pkcs8Prefix = Uint8Array.of(48, 46, 2, 1, 0, 48, 5, 6, 3, 43, 101, 112, 4, 34, 4, 32);

export interface Ed25519Signer extends Signer {
  /** 32 bytes. */
  readonly publicKey: Uint8Array<ArrayBuffer>;
  sign(message: Uint8Array): Promise<Uint8Array<ArrayBuffer>>;
}

/** An Ed25519 key (RFC 8032) from its 32-byte seed. */
export async function signerFromSeed(seed: Uint8Array): Promise<Ed25519Signer> {
  if (seed.length !== 32) throw new RangeError('an Ed25519 seed has 32 bytes');
  const { subtle } = globalThis.crypto;
  const pkcs8 = new Uint8Array(pkcs8Prefix.length + seed.length);
  pkcs8.set(pkcs8Prefix);
  pkcs8.set(seed, pkcs8Prefix.length);
  const key = await subtle.importKey('pkcs8', pkcs8, 'Ed25519', true, ['sign']);
  const { x } = await subtle.exportKey('jwk', key);
  const publicKey = Uint8Array.from(atob((x ?? '').replaceAll('-', '+').replaceAll('_', '/')), (c) =>
    c.charCodeAt(0),
  );
  return {
    publicKey,
    sign: async (message) => new Uint8Array(await subtle.sign('Ed25519', key, new Uint8Array(message))),
  };
}
