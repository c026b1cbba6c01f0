import { Injectable } from '@nestjs/common';
import { accountId, AppError, authMessages, deviceId, limits, staffRoles } from '@heirloom/contracts';
import { errors, importJWK, jwtVerify, type CryptoKey } from 'jose';
import { z } from 'zod';
import { Bus } from '../messages/bus.ts';
import type { Person } from './person.ts';

/** The claims of an access token: a JWT (RFC 7519) that auth signs with Ed25519 (`alg` EdDSA, RFC 8037). Times are in seconds. */
export const accessClaims = z.object({
  sub: accountId,
  dev: deviceId,
  /** Only in the token of an operator or of support. */
  role: z.enum(staffRoles).optional(),
  iat: z.int(),
  exp: z.int(),
  iss: z.literal('heirloom-auth'),
  aud: z.literal('heirloom'),
});
export type AccessClaims = z.infer<typeof accessClaims>;
export const accessTokenIssuer = 'heirloom-auth';
export const accessTokenAudience = 'heirloom';

/** Unknown key ids make us ask auth for its keys; strangers could send them as fast as they like. */
const pullAtMostEveryMs = 1_000;
/** Then it is asked which keys there are, so that one that auth has given up is given up everywhere. */
const keysLiveMs = limits.accessTokenMs;
const maxTokenCharacters = 4096;
/** How far the clocks of two machines may lie apart. */
const clockToleranceSeconds = 2;

/** Verifies access tokens on the spot, with public keys that auth answers once. */
@Injectable()
export class AccessTokens {
  #keys = new Map<string, CryptoKey>();
  #pulledAt = Number.NEGATIVE_INFINITY;
  #pulling: Promise<void> | undefined;

  constructor(private readonly bus: Bus) {}

  /**
   * Whose token it is. Says nothing about revocation.
   *
   * @throws AppError `token-expired`, `token-invalid`, or `unavailable` and `timeout` when auth's keys cannot be had
   */
  async verify(token: string): Promise<Person> {
    if (token.length > maxTokenCharacters) throw new AppError('token-invalid');
    try {
      const { payload } = await jwtVerify(token, (header) => this.#key(header.kid), {
        algorithms: ['EdDSA'],
        issuer: accessTokenIssuer,
        audience: accessTokenAudience,
        requiredClaims: ['sub', 'dev', 'iat', 'exp'],
        maxTokenAge: limits.accessTokenMs / 1000,
        clockTolerance: clockToleranceSeconds,
      });
      const claims = accessClaims.safeParse(payload);
      if (!claims.success) throw new AppError('token-invalid', { cause: claims.error });
      const { sub, dev, role } = claims.data;
      return { accountId: sub, deviceId: dev, ...(role ? { role } : {}) };
    } catch (error) {
      if (error instanceof AppError) throw error;
      if (error instanceof errors.JWTExpired) throw new AppError('token-expired', { cause: error });
      throw new AppError('token-invalid', { cause: error });
    }
  }

  async #key(kid: string | undefined): Promise<CryptoKey> {
    if (kid === undefined || kid.length > 64) throw new AppError('token-invalid');
    const areOld = performance.now() - this.#pulledAt > keysLiveMs;
    if (areOld || !this.#keys.has(kid)) await this.#pull();
    const key = this.#keys.get(kid);
    if (!key) throw new AppError('token-invalid');
    return key;
  }

  /** Asks once for all who wait, and not again right after an answer. */
  async #pull(): Promise<void> {
    if (!this.#pulling) {
      if (performance.now() - this.#pulledAt < pullAtMostEveryMs) return;
      this.#pulling = this.#askForKeys().finally(() => {
        this.#pulling = undefined;
      });
    }
    await this.#pulling;
  }

  async #askForKeys(): Promise<void> {
    const { keys } = await this.bus.ask(authMessages.tokenKeys, {});
    const imported = keys.map(async ({ kid, publicKey }) => {
      const key = await importJWK(
        { kty: 'OKP', crv: 'Ed25519', x: Buffer.from(publicKey).toString('base64url') },
        'EdDSA',
      );
      return [kid, key as CryptoKey] as const;
    });
    this.#keys = new Map(await Promise.all(imported));
    this.#pulledAt = performance.now();
  }
}
