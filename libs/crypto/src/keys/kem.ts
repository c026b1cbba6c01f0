import { domain, sealContext, type Binding } from '@heirloom/formats';
import type { CipherSuite, KeyPair } from 'hpke';
import { DamagedError } from '../errors.ts';

const encBytes = 1120;
const keyBytes = 32;
/** HPKE `enc` (1120), ciphertext (32), tag (16). */
export const sealedKeyBytes = encBytes + keyBytes + 16;

const info = new TextEncoder().encode(`${domain}sealed-key`);
let suite: Promise<CipherSuite> | undefined;
/**
 * HPKE base mode: MLKEM768-X25519 (0x647a), HKDF-SHA256 (0x0001), AES-256-GCM (0x0002). Loaded with the first use, so that
 * a page is not heavier for it.
 */
const hpke = () => (suite ??= loadHpke());

async function loadHpke(): Promise<CipherSuite> {
  const [kem, { AEAD_AES_256_GCM, CipherSuite, KDF_HKDF_SHA256 }] = await Promise.all([
    import('@panva/hpke-noble'),
    import('hpke'),
  ]);
  return new CipherSuite(kem.KEM_MLKEM768_X25519, KDF_HKDF_SHA256, AEAD_AES_256_GCM);
}

export interface KemKeyPair {
  /** 1216 bytes: ML-KEM-768 encapsulation key, X25519 public key. */
  readonly publicKey: Uint8Array<ArrayBuffer>;
  readonly privateKey: KeyPair;
}

/** HPKE DeriveKeyPair of a 32-byte seed. */
export async function kemKeyPair(seed: Uint8Array): Promise<KemKeyPair> {
  if (seed.length !== keyBytes) throw new RangeError('a KEM seed has 32 bytes');
  const hybrid = await hpke();
  const privateKey = await hybrid.DeriveKeyPair(seed);
  return { privateKey, publicKey: new Uint8Array(await hybrid.SerializePublicKey(privateKey.publicKey)) };
}

/**
 * Seals a 32-byte key to a public key for one purpose and place. It says nothing about who sealed it.
 * @throws DamagedError `identity` when the public key is none.
 */
export async function sealKey(
  publicKey: Uint8Array,
  binding: Binding,
  key: Uint8Array,
): Promise<Uint8Array<ArrayBuffer>> {
  if (key.length !== keyBytes) throw new RangeError('a sealed key has 32 bytes');
  const options = { info, aad: sealContext(binding) };
  const out = new Uint8Array(sealedKeyBytes);
  const hybrid = await hpke();
  try {
    const recipient = await hybrid.DeserializePublicKey(publicKey);
    const { encapsulatedSecret, ciphertext } = await hybrid.Seal(recipient, key, options);
    out.set(encapsulatedSecret);
    out.set(ciphertext, encBytes);
  } catch (cause) {
    throw new DamagedError('identity', 'A public key is malformed.', cause);
  }
  return out;
}

/** @throws DamagedError `sealed-key` when it is damaged or was sealed to another key or for another purpose or place. */
export async function openSealedKey(
  recipient: KemKeyPair,
  binding: Binding,
  sealed: Uint8Array,
): Promise<Uint8Array<ArrayBuffer>> {
  const hybrid = await hpke();
  try {
    if (sealed.length !== sealedKeyBytes) throw new RangeError('a sealed key has 1168 bytes');
    const options = { info, aad: sealContext(binding) };
    const { privateKey } = recipient;
    return new Uint8Array(
      await hybrid.Open(privateKey, sealed.slice(0, encBytes), sealed.slice(encBytes), options),
    );
  } catch (cause) {
    throw new DamagedError(
      'sealed-key',
      'A sealed key does not open with this key, or belongs elsewhere.',
      cause,
    );
  }
}
