import { limits, type AccountId, type DeviceId } from '@heirloom/contracts';
import { calculateJwkThumbprint, SignJWT } from 'jose';
import { createPrivateKey, createPublicKey, type KeyObject } from 'node:crypto';
import type { AccountKind } from '../generated/client.ts';

interface TokenKey {
  /** RFC 7638 thumbprint of the public key. */
  readonly kid: string;
  /** Ed25519, 32 bytes. */
  readonly publicKey: Uint8Array<ArrayBuffer>;
}

/** PKCS #8 (RFC 8410 §7) up to the seed. */
const ed25519Prefix = Buffer.from('302e020100300506032b657004220420', 'hex');

/** Signs access tokens: JWTs (RFC 7519) by EdDSA, with the first of its keys. */
export class TokenSigner {
  /** All keys that tokens may be signed with, the signing one first. */
  readonly keys: readonly TokenKey[];
  readonly #privateKey: KeyObject;

  private constructor(privateKey: KeyObject, keys: readonly TokenKey[]) {
    this.#privateKey = privateKey;
    this.keys = keys;
  }

  /** @param seeds Ed25519 seeds, 32 bytes each; the first signs, the others only verify. */
  static async create(...seeds: [Uint8Array, ...Uint8Array[]]): Promise<TokenSigner> {
    const [signing] = seeds;
    return new TokenSigner(privateKeyOf(signing), await Promise.all(seeds.map(tokenKeyOf)));
  }

  /** The token of an operator or of support names the role; a person's names none. */
  async sign(
    accountId: AccountId,
    deviceId: DeviceId,
    kind: AccountKind,
  ): Promise<{ accessToken: string; accessExpiresAt: Date }> {
    const issuedAt = Math.floor(Date.now() / 1000);
    const expiresAt = issuedAt + limits.accessTokenMs / 1000;
    const accessToken = await new SignJWT({ dev: deviceId, ...(kind === 'person' ? {} : { role: kind }) })
      .setProtectedHeader({ alg: 'EdDSA', kid: this.keys[0]!.kid })
      .setSubject(accountId)
      .setIssuer('heirloom-auth')
      .setAudience('heirloom')
      .setIssuedAt(issuedAt)
      .setExpirationTime(expiresAt)
      .sign(this.#privateKey);
    return { accessToken, accessExpiresAt: new Date(expiresAt * 1000) };
  }
}

const privateKeyOf = (seed: Uint8Array): KeyObject =>
  createPrivateKey({ key: Buffer.concat([ed25519Prefix, seed]), format: 'der', type: 'pkcs8' });

async function tokenKeyOf(seed: Uint8Array): Promise<TokenKey> {
  const { x } = createPublicKey(privateKeyOf(seed)).export({ format: 'jwk' });
  if (x === undefined) throw new Error('an Ed25519 key has no x');
  return {
    kid: await calculateJwkThumbprint({ kty: 'OKP', crv: 'Ed25519', x }),
    publicKey: new Uint8Array(Buffer.from(x, 'base64url')),
  };
}
