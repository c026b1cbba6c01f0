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

/** Where a signed-in device keeps its tokens. Several programs, or tabs of a browser, may share one. */
export interface TokenStore<P> {
  load(): Promise<P | null>;
  save(profile: P): Promise<void>;
  /** Runs the work while nobody else who shares the store is in theirs. Left out where nobody else can be. */
  exclusive?<T>(work: () => Promise<T>): Promise<T>;
}

/** Whose tokens they are. */
interface SignedIn {
  readonly deviceId: string;
  readonly tokens: Tokens;
}

/**
 * Keeps a device signed in. Renewal happens once, however many ask, and the new refresh token is saved before
 * anything is done with the new access token: the old one is of no use any more. Who shares the store takes turns, and
 * takes what another one has renewed: to renew with a token that was used already would sign the device out.
 */
export class Session<P extends SignedIn> implements TokenSource {
  readonly #http: Http;
  readonly #store: TokenStore<P>;
  #profile: P;
  #renewal: Promise<string> | null = null;

  /** @param http - without tokens: renewal needs none. */
  constructor(http: Http, store: TokenStore<P>, profile: P) {
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
    const work = () => this.#renewAlone();
    return await (this.#store.exclusive ? this.#store.exclusive(work) : work());
  }

  async #renewAlone(): Promise<string> {
    const kept = await this.#store.load();
    if (kept?.deviceId !== this.#profile.deviceId) throw new AppError('device-revoked');
    if (kept.tokens.refresh !== this.#profile.tokens.refresh) {
      this.#profile = kept;
      if (Date.now() < kept.tokens.accessUntil) return kept.tokens.access;
    }
    const { session } = await this.#http
      .call(authRoutes.refresh, { body: { refreshToken: kept.tokens.refresh } })
      .catch((error: unknown) => {
        throw signedOut(error);
      });
    // Only the tokens: another one may have changed the rest.
    const renewed = { ...kept, tokens: tokensOf(session) };
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
