import { describe, expect, it } from '@jest/globals';
import { limits, newId, type AccountId, type DeviceId } from '@heirloom/contracts';
import { decodeProtectedHeader, importJWK, jwtVerify } from 'jose';
import { TokenSigner } from './token-signer.ts';

/** RFC 8032 §7.1, test 1. */
const seed = Buffer.from('9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60', 'hex');
const publicKey = Buffer.from('d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a', 'hex');
const accountId = newId<AccountId>();
const deviceId = newId<DeviceId>();

const verify = async (token: string, key: Uint8Array) =>
  jwtVerify(
    token,
    await importJWK({ kty: 'OKP', crv: 'Ed25519', x: Buffer.from(key).toString('base64url') }, 'EdDSA'),
    {
      issuer: 'heirloom-auth',
      audience: 'heirloom',
      algorithms: ['EdDSA'],
    },
  );

describe('the token signer', () => {
  it('publishes the key of its seed, named by its thumbprint', async () => {
    const { keys } = await TokenSigner.create(seed);
    expect(keys.map((key) => Buffer.from(key.publicKey).toString('hex'))).toEqual([
      publicKey.toString('hex'),
    ]);
    // RFC 8037 appendix A.3 gives the thumbprint of this very key.
    expect(keys[0]!.kid).toBe('kPrK_qmxVWaYVA9wwBF6Iuo3vVzz7TxHCTwXBygrS4k');
  });

  it('signs who is calling, for as long as the limits say', async () => {
    const signer = await TokenSigner.create(seed);
    const before = Math.floor(Date.now() / 1000);
    const { accessToken, accessExpiresAt } = await signer.sign(accountId, deviceId, 'person');
    expect(decodeProtectedHeader(accessToken)).toEqual({ alg: 'EdDSA', kid: signer.keys[0]!.kid });
    const { payload } = await verify(accessToken, publicKey);
    expect(Object.keys(payload).sort()).toEqual(['aud', 'dev', 'exp', 'iat', 'iss', 'sub']);
    expect(payload).toMatchObject({ sub: accountId, dev: deviceId });
    expect(payload.iat).toBeGreaterThanOrEqual(before);
    expect(payload.exp! - payload.iat!).toBe(limits.accessTokenMs / 1000);
    expect(accessExpiresAt.getTime()).toBe(payload.exp! * 1000);
  });

  it('names the role of an operator', async () => {
    const signer = await TokenSigner.create(seed);
    const { accessToken } = await signer.sign(accountId, deviceId, 'operator');
    const { payload } = await verify(accessToken, publicKey);
    expect(payload).toMatchObject({ sub: accountId, dev: deviceId, role: 'operator' });
  });

  it('signs with the first key and publishes the others', async () => {
    const other = Buffer.alloc(32, 7);
    const signer = await TokenSigner.create(other, seed);
    expect(signer.keys).toHaveLength(2);
    const { accessToken } = await signer.sign(accountId, deviceId, 'person');
    await verify(accessToken, signer.keys[0]!.publicKey);
    await expect(verify(accessToken, signer.keys[1]!.publicKey)).rejects.toThrow();
  });
});
