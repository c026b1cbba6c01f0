import { Secret, TOTP } from 'otpauth';

const period = 30;

/** The step of a moment: 30 seconds each, counted from 1970 (RFC 6238 §4). */
export const stepAt = (at: Date): number => Math.floor(at.getTime() / 1000 / period);

/**
 * To which step a code belongs: that of the moment, the one before or the one after, since clocks differ and people type slowly
 * (RFC 6238 §5.2). By HMAC-SHA-1 with six digits, which is what all authenticators know.
 *
 * @returns undefined for a wrong code
 */
export function stepOfCode(secret: Uint8Array, code: string, at: Date): number | undefined {
  const totp = new TOTP({
    secret: new Secret({ buffer: new Uint8Array(secret).buffer }),
    algorithm: 'SHA1',
    digits: 6,
    period,
  });
  const steps = totp.validate({ token: code, timestamp: at.getTime(), window: 1 });
  return steps === null ? undefined : stepAt(at) + steps;
}
