import type { StaffRole } from '@heirloom/contracts';
import { calculateJwkThumbprint, exportJWK, importPKCS8, SignJWT } from 'jose';
import { createPrivateKey, createPublicKey } from 'node:crypto';

/** PKCS #8 (RFC 8410 §7) up to the seed. */
const ed25519Prefix = Buffer.from('302e020100300506032b657004220420', 'hex');

export interface TokenWishes {
  accountId: string;
  deviceId: string;
  /** Seconds from now; negative for a token that has expired. */
  expiresIn?: number;
  /** Only for staff. */
  role?: StaffRole;
}

/** Makes access tokens with a seed, as auth does: good ones with auth's own, forged ones with any other. */
export async function mintToken(seed: string, wishes: TokenWishes): Promise<string> {
  const key = createPrivateKey({
    key: Buffer.concat([ed25519Prefix, Buffer.from(seed, 'base64url')]),
    format: 'der',
    type: 'pkcs8',
  });
  const kid = await calculateJwkThumbprint(await exportJWK(createPublicKey(key)));
  const expiresAt = Math.floor(Date.now() / 1000) + (wishes.expiresIn ?? 240);
  return new SignJWT({ dev: wishes.deviceId, ...(wishes.role ? { role: wishes.role } : {}) })
    .setProtectedHeader({ alg: 'EdDSA', kid })
    .setSubject(wishes.accountId)
    .setIssuer('heirloom-auth')
    .setAudience('heirloom')
    .setIssuedAt(expiresAt - 300)
    .setExpirationTime(expiresAt)
    .sign(await importPKCS8(key.export({ format: 'pem', type: 'pkcs8' }) as string, 'EdDSA'));
}
