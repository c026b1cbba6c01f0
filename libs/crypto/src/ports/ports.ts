import { sha256 } from '@noble/hashes/sha2.js';

/** AES-256-GCM under one key. Nonces have 12 bytes, tags 16. */
export interface AeadCipher {
  /** Writes ciphertext and tag to `out`, which is 16 bytes longer than the plaintext. */
  seal(nonce: Uint8Array, plaintext: Uint8Array, out: Uint8Array, aad?: Uint8Array): void | Promise<void>;
  /** Writes the plaintext to `out`, which is 16 bytes shorter than `sealed`. Throws or rejects when the tag is wrong. */
  open(nonce: Uint8Array, sealed: Uint8Array, out: Uint8Array, aad?: Uint8Array): void | Promise<void>;
}

export interface IncrementalHash {
  update(bytes: Uint8Array): void;
  digest(): Uint8Array;
}

/** The two bulk algorithms. Everything else is small and has one implementation. */
export interface CryptoPorts {
  aead(key: Uint8Array): AeadCipher | Promise<AeadCipher>;
  /** SHA-256 of bytes that come piece by piece. */
  sha256(): IncrementalHash;
  /** SHA-256 of bytes at hand. */
  digest(bytes: Uint8Array): Uint8Array | Promise<Uint8Array>;
}

const plain = (bytes: Uint8Array): Uint8Array<ArrayBuffer> =>
  bytes.buffer instanceof ArrayBuffer ? (bytes as Uint8Array<ArrayBuffer>) : new Uint8Array(bytes);

async function webAead(key: Uint8Array): Promise<AeadCipher> {
  const { subtle } = globalThis.crypto;
  const cryptoKey = await subtle.importKey('raw', plain(key), 'AES-GCM', false, ['encrypt', 'decrypt']);
  const parameters = (iv: Uint8Array, aad?: Uint8Array) => ({
    name: 'AES-GCM',
    iv: plain(iv),
    ...(aad ? { additionalData: plain(aad) } : {}),
  });
  return {
    async seal(nonce, plaintext, out, aad) {
      out.set(new Uint8Array(await subtle.encrypt(parameters(nonce, aad), cryptoKey, plain(plaintext))));
    },
    async open(nonce, sealed, out, aad) {
      out.set(new Uint8Array(await subtle.decrypt(parameters(nonce, aad), cryptoKey, plain(sealed))));
    },
  };
}

/** WebCrypto, in browsers and Node. WebCrypto has no incremental hash, so that one is @noble/hashes. */
export const webPorts: CryptoPorts = {
  aead: webAead,
  sha256() {
    const hash = sha256.create();
    return { update: (bytes) => void hash.update(bytes), digest: () => hash.digest() };
  },
  async digest(bytes) {
    return new Uint8Array(await globalThis.crypto.subtle.digest('SHA-256', plain(bytes)));
  },
};

export function randomBytes(length: number): Uint8Array<ArrayBuffer> {
  return globalThis.crypto.getRandomValues(new Uint8Array(length));
}
