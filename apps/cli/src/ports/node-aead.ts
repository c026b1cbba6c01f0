import type { AeadCipher } from '@heirloom/crypto';
import { createCipheriv, createDecipheriv, createSecretKey } from 'node:crypto';

const algorithm = 'aes-256-gcm';
const tagBytes = 16;

/** AES-256-GCM by node:crypto, on the spot: for chunks of 16 KiB several times as fast as WebCrypto's promises. */
export function nodeAead(key: Uint8Array): AeadCipher {
  const secret = createSecretKey(key);
  return {
    seal(nonce, plaintext, out, aad) {
      const cipher = createCipheriv(algorithm, secret, nonce, { authTagLength: tagBytes });
      if (aad) cipher.setAAD(aad);
      out.set(cipher.update(plaintext));
      cipher.final();
      out.set(cipher.getAuthTag(), plaintext.length);
    },
    open(nonce, sealed, out, aad) {
      const end = sealed.length - tagBytes;
      if (end < 0) throw new RangeError('too short to hold a tag');
      const decipher = createDecipheriv(algorithm, secret, nonce, { authTagLength: tagBytes });
      if (aad) decipher.setAAD(aad);
      decipher.setAuthTag(sealed.subarray(end));
      const plaintext = decipher.update(sealed.subarray(0, end));
      // Throws when the tag is wrong: nothing is written before it is known to be right.
      decipher.final();
      out.set(plaintext);
    },
  };
}
