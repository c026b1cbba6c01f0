import { AppError } from '@heirloom/contracts';
import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';

/** A new setup token: in hexadecimal, so that it is copied whole and is never taken for an option. */
export const createSetupToken = (): string => randomBytes(20).toString('hex');

/** Holds the hash of this installation's setup token, with which its first operator is made. */
export class SetupGate {
  readonly #tokenHash: Uint8Array<ArrayBuffer> | undefined;

  /** @param token undefined where no operator can be made */
  constructor(token: string | undefined) {
    this.#tokenHash = token === undefined ? undefined : hashOf(token);
  }

  /**
   * Compares hashes, in a time that tells nothing.
   *
   * @returns the hash of the token, by which its use is recorded
   * @throws AppError `setup-token-invalid`
   */
  admit(token: string): Uint8Array<ArrayBuffer> {
    const presented = hashOf(token);
    if (!this.#tokenHash || !timingSafeEqual(this.#tokenHash, presented))
      throw new AppError('setup-token-invalid');
    return presented;
  }
}

/** By its SHA-256 a token is known: it has 160 bits of entropy, so there is nothing to guess. */
export const hashOf = (token: string): Uint8Array<ArrayBuffer> =>
  new Uint8Array(createHash('sha256').update(token.trim()).digest());
