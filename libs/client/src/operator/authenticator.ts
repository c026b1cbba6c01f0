import { AppError, staffRoutes, type NewAuthenticator } from '@heirloom/contracts';
import { Secret, TOTP } from 'otpauth';
import type { SignedInOperator } from './operator.ts';

/** What an authenticator keeps: by it, it shows a code of six digits every 30 seconds (RFC 6238). */
export interface Authenticator {
  /** 160 random bits. */
  readonly secret: Uint8Array<ArrayBuffer>;
  /** The secret for typing: base32 (RFC 4648 §6), 32 characters. */
  readonly text: string;
  /** The `otpauth:` address that a QR code holds. */
  readonly uri: string;
}

const secretBytes = 20;

const totpOf = (secret: Secret, label: string) =>
  new TOTP({ issuer: 'Heirloom', label, secret, algorithm: 'SHA1', digits: 6, period: 30 });

const authenticatorOf = (secret: Secret, email: string): Authenticator => ({
  secret: new Uint8Array(secret.bytes),
  text: secret.base32,
  uri: totpOf(secret, email).toString(),
});

/** A new one, for the account with this address. */
export const newAuthenticator = (email: string): Authenticator =>
  authenticatorOf(new Secret({ size: secretBytes }), email);

/**
 * One that somebody has the text of; blanks and small letters do not matter.
 *
 * @throws AppError `bad-request`
 */
export function readAuthenticator(text: string, email: string): Authenticator {
  const plain = text.replaceAll(/\s/g, '').toUpperCase();
  if (!/^[A-Z2-7]{32}$/.test(plain))
    throw new AppError('bad-request', {
      detail: 'An authenticator’s secret has 32 characters: letters, and digits from 2 to 7.',
    });
  return authenticatorOf(Secret.fromBase32(plain), email);
}

/** The code that the authenticator shows at a moment. */
export const codeOf = ({ secret }: Pick<Authenticator, 'secret'>, at = new Date()): string =>
  totpOf(new Secret({ buffer: secret.buffer }), '').generate({ timestamp: at.getTime() });

/**
 * From now on sign-ins need codes of another authenticator.
 *
 * @param code - what the present one shows; it is good once
 * @throws AppError `bad-request` for a wrong code of the next one, `code-wrong` for one of the present one, `too-many-requests`
 */
export const replaceAuthenticator = (
  { http }: SignedInOperator,
  code: string,
  next: NewAuthenticator,
): Promise<void> => http.call(staffRoutes.changeAuthenticator, { body: { code, next } });
