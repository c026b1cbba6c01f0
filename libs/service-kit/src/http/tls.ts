import { createSecureContext, type SecureContextOptions, type TlsOptions } from 'node:tls';

/** What a listener shows to those who connect by TLS, as PEM. */
export interface TlsCertificate {
  /** The certificate, and those between it and its authority. */
  readonly cert: string;
  readonly key: string;
  /**
   * Whether browsers are told to come by TLS from now on (HSTS). Not for a certificate that only some devices know: they
   * would not find back to plain http on the same name.
   */
  readonly isPublic: boolean;
}

/** The first one that both sides know is taken; the hybrid keeps recordings closed to a quantum computer. */
const groups = ['X25519MLKEM768:X25519:P-256', 'X25519:P-256'];
const handshakeMs = 20_000;

/** @throws Error when certificate and key are none, or do not belong together */
export function secureContext({ cert, key }: TlsCertificate): SecureContextOptions {
  const options = { cert, key, minVersion: 'TLSv1.3', maxVersion: 'TLSv1.3' } as const;
  createSecureContext(options);
  return { ...options, ecdhCurve: groups.find(isKnown) ?? 'auto' };
}

export const tlsServerOptions = (certificate: TlsCertificate): TlsOptions => ({
  ...secureContext(certificate),
  handshakeTimeout: handshakeMs,
  ALPNProtocols: ['http/1.1'],
});

/** Whether this Node's OpenSSL has all of them. */
function isKnown(ecdhCurve: string): boolean {
  try {
    createSecureContext({ ecdhCurve });
    return true;
  } catch {
    return false;
  }
}
