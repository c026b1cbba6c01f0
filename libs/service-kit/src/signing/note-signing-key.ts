import { encodeVerifierKey, type NoteSigner } from '@heirloom/formats';
import { createPrivateKey, createPublicKey, sign, type KeyObject } from 'node:crypto';

/** DER of a PKCS #8 Ed25519 private key up to its 32 bytes of seed (RFC 8410 §7). */
const pkcs8Prefix = Buffer.from('302e020100300506032b657004220420', 'hex');

/** An Ed25519 key that signs notes (c2sp.org/signed-note) under a name. */
export class NoteSigningKey implements NoteSigner {
  readonly publicKey: Uint8Array;
  readonly #key: KeyObject;

  /** @param seed of an Ed25519 key (RFC 8032), 32 bytes */
  constructor(
    readonly name: string,
    seed: Uint8Array,
  ) {
    this.#key = createPrivateKey({ key: Buffer.concat([pkcs8Prefix, seed]), format: 'der', type: 'pkcs8' });
    const { x } = createPublicKey(this.#key).export({ format: 'jwk' });
    this.publicKey = new Uint8Array(Buffer.from(x!, 'base64url'));
  }

  /** The C2SP verifier key: what others check signatures with. */
  get verifierKey(): string {
    return encodeVerifierKey(this);
  }

  async sign(message: Uint8Array): Promise<Uint8Array> {
    return new Uint8Array(sign(null, message, this.#key));
  }
}
