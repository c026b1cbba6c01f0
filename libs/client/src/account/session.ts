import { AppError, authRoutes, limits, type Session as SessionAnswer } from '@heirloom/contracts';
import type { Http, TokenSource } from '../http/http.ts';

/** An access token is renewed so long before it ends, so that it does not end on its way. */
const marginMs = 30_000;

/** What keeps a device signed in. */
export interface Tokens {
  readonly access: string;
  /** Milliseconds since 1970 by this device's clock. */
  readonly accessUntil: number;
  readonly refresh: string;
}

/** The tokens of an answer, with their end by this device's clock: the server's may differ. */
export const tokensOf = (session: SessionAnswer, nowMs = Date.now()): Tokens => ({
  access: session.accessToken,
  accessUntil: nowMs + limits.accessTokenMs - marginMs,
  refresh: session.refreshToken,
});

/**
 * Keeps a device signed in. Renewal happens once, however many ask, and the new refresh token is saved before
 * anything is done with the new access token: the old one is of no use any more.
 */
export class Session<P extends { readonly tokens: Tokens }> implements TokenSource {
  readonly #http: Http;
  readonly #store: { save(profile: P): Promise<void> };
  #profile: P;
  #renewal: Promise<string> | null = null;

  /** @param http - without tokens: renewal needs none. */
  constructor(http: Http, store: { save(profile: P): Promise<void> }, profile: P) {
    this.#http = http;
    this.#store = store;
    this.#profile = profile;
  }

  async accessToken(): Promise<string> {
    const { access, accessUntil } = this.#profile.tokens;
    if (Date.now() < accessUntil) return access;
    this.#renewal ??= this.#renew().finally(() => (this.#renewal = null));
    return await this.#renewal;
  }

  expired(token: string): void {
    if (token !== this.#profile.tokens.access) return;
    this.#profile = { ...this.#profile, tokens: { ...this.#profile.tokens, accessUntil: 0 } };
  }

  async #renew(): Promise<string> {
    const { refresh } = this.#profile.tokens;
    const { session } = await this.#http
      .call(authRoutes.refresh, { body: { refreshToken: refresh } })
      .catch((error: unknown) => {
        throw signedOut(error);
      });
    const renewed = { ...this.#profile, tokens: tokensOf(session) };
    await this.#store.save(renewed);
    this.#profile = renewed;
    return renewed.tokens.access;
  }
}

/** A refused refresh token means that the device is signed out for good, whatever the code. */
function signedOut(error: unknown): unknown {
  if (!(error instanceof AppError) || error.status !== 401 || error.code === 'device-revoked') return error;
  return new AppError('device-revoked', { cause: error });
}
