import type { Vault } from '@heirloom/client';
import { toHex } from '@heirloom/formats';

/** What is sent for a request: first the head, then the body as it is wanted; null when there is none. */
export interface MediaAnswer {
  status: number;
  headers: Record<string, string>;
  body: AsyncGenerator<Uint8Array> | null;
}

/** What the original needs to be read. */
export type Reader = Pick<Vault, 'account' | 'log'>;

/** What is read by an address. */
export interface Served {
  /**
   * @param range - the `Range` header
   * @param signal - ends the reading
   */
  answer: (vault: Reader, range: string | null, signal: AbortSignal) => MediaAnswer;
  /** Hears why it could not be read. */
  onFault: (error: unknown) => void;
}

const idleMs = 12 * 3600_000;

interface Known extends Served {
  usedAt: number;
}

/**
 * Addresses under which this tab, and nobody else, answers with decrypted bytes. They cannot be guessed, live in memory only,
 * and are gone with the tab, with a lock, when what needed them is closed, or when nobody has used them for half a day.
 */
export class MediaTokens {
  readonly #now: () => number;
  readonly #known = new Map<string, Known>();

  constructor(now: () => number = Date.now) {
    this.#now = now;
  }

  /** @returns 256 random bits in hexadecimal */
  issue(served: Served): string {
    this.#sweep();
    const token = toHex(crypto.getRandomValues(new Uint8Array(32)));
    this.#known.set(token, { ...served, usedAt: this.#now() });
    return token;
  }

  /** Null when it was never given out, or is gone. */
  find(token: string): Served | null {
    this.#sweep();
    const known = this.#known.get(token);
    if (!known) return null;
    known.usedAt = this.#now();
    return known;
  }

  revoke(token: string): void {
    this.#known.delete(token);
  }

  clear(): void {
    this.#known.clear();
  }

  #sweep(): void {
    const oldest = this.#now() - idleMs;
    for (const [token, { usedAt }] of this.#known) if (usedAt < oldest) this.#known.delete(token);
  }
}
