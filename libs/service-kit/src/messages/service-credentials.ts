import { AppError, limits, serviceName, type ServiceName } from '@heirloom/contracts';
import { errors, jwtVerify, SignJWT } from 'jose';

/** The audience of work and broadcasts, which several services may hear. */
export const everyService = '*';
const tokenType = 'heirloom-service+jwt';

/**
 * How services show each other who they are: a short-lived JWT (RFC 7519, HS256) with the caller as `iss` and the
 * callee as `aud`, keyed with the secret that all services of an installation share. While that is changed, credentials
 * that are keyed with the one before are accepted as well.
 */
export class ServiceCredentials {
  readonly #minted = new Map<string, { token: string; renewAt: number }>();

  constructor(
    private readonly self: ServiceName,
    private readonly secret: Uint8Array,
    private readonly previousSecret?: Uint8Array,
  ) {}

  /** A credential that the callee accepts for at least half of limits.serviceTokenMs. */
  async present(callee: ServiceName | typeof everyService): Promise<string> {
    const now = Date.now();
    const known = this.#minted.get(callee);
    if (known && known.renewAt > now) return known.token;
    const token = await new SignJWT()
      .setProtectedHeader({ alg: 'HS256', typ: tokenType })
      .setIssuer(this.self)
      .setAudience(callee)
      .setIssuedAt(Math.floor(now / 1000))
      .setExpirationTime(Math.floor((now + limits.serviceTokenMs) / 1000))
      .sign(this.secret);
    this.#minted.set(callee, { token, renewAt: now + limits.serviceTokenMs / 2 });
    return token;
  }

  /**
   * Which service made the credential.
   *
   * @throws AppError `token-missing`, `token-expired` or `token-invalid`
   */
  async check(token: string | undefined, audience: ServiceName | typeof everyService): Promise<ServiceName> {
    if (!token) throw new AppError('token-missing', { detail: 'The message carries no service credential.' });
    try {
      return await this.#issuerOf(token, audience, this.secret).catch((error: unknown) => {
        const mayBeOld = this.previousSecret && error instanceof errors.JWSSignatureVerificationFailed;
        if (!mayBeOld) throw error;
        return this.#issuerOf(token, audience, this.previousSecret!);
      });
    } catch (error) {
      const code = error instanceof errors.JWTExpired ? 'token-expired' : 'token-invalid';
      throw new AppError(code, {
        detail: 'The service credential of the message is not valid.',
        cause: error,
      });
    }
  }

  async #issuerOf(token: string, audience: string, secret: Uint8Array): Promise<ServiceName> {
    const { payload } = await jwtVerify(token, secret, {
      algorithms: ['HS256'],
      typ: tokenType,
      audience,
      requiredClaims: ['iss', 'exp', 'iat'],
      maxTokenAge: limits.serviceTokenMs / 1000,
    });
    return serviceName.parse(payload.iss);
  }
}
