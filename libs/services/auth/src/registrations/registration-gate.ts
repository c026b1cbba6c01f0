import { AppError } from '@heirloom/contracts';
import type { z } from 'zod';
import type { registrationMode } from '@heirloom/contracts';
import { createHash, timingSafeEqual } from 'node:crypto';

/** Who may sign up on this installation. */
export class RegistrationGate {
  readonly #codeHashes: readonly Uint8Array<ArrayBuffer>[];

  constructor(
    readonly mode: z.infer<typeof registrationMode>,
    codes: readonly string[],
  ) {
    this.#codeHashes = codes.map(hashOf);
  }

  /**
   * Lets a sign-up pass as far as the settings decide.
   *
   * @returns the hash of the invitation code that the account will use up, where one is needed
   * @throws AppError `registration-closed` or `invitation-needed`
   */
  admit(invitation: string | undefined): Uint8Array<ArrayBuffer> | undefined {
    if (this.mode === 'closed') throw new AppError('registration-closed');
    if (this.mode === 'open') return undefined;
    const presented = hashOf((invitation ?? '').trim());
    // Hashes of equal length, compared to the last one whatever matched: the time tells nothing.
    const matches = this.#codeHashes.filter((hash) => timingSafeEqual(hash, presented));
    if (matches.length === 0) throw new AppError('invitation-needed');
    return presented;
  }
}

const hashOf = (code: string): Uint8Array<ArrayBuffer> =>
  new Uint8Array(createHash('sha256').update(code).digest());
