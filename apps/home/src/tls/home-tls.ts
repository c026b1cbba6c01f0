import type { FastifyInstance } from 'fastify';
import {
  ConfigError,
  readConfig,
  type Environment,
  type Running,
  type TlsCertificate,
} from '@heirloom/service-kit';
import { homeSettings } from '../settings.ts';
import { fingerprintOf, keepOwnCertificate, networkAddresses, ownNames } from './own-certificate.ts';

/** Where people get the certificate of home's own authority. */
export const authorityPath = '/certificate.crt';

/** What home shows to those who connect. */
export interface HomeTls {
  certificate: TlsCertificate;
  /** Of home's own authority, where there is one. PEM. */
  authority?: string;
}

/**
 * The certificate that the settings name, or the one that home makes; undefined where people connect by plain HTTP. To be
 * asked again now and then: files of certificates are renewed by others, and our own ends too.
 *
 * @throws ConfigError
 */
export async function readTls(env: Environment, secrets: string): Promise<HomeTls | undefined> {
  const settings = readConfig(homeSettings, env);
  const { HEIRLOOM_TLS: mode, HEIRLOOM_TLS_CERT: cert, HEIRLOOM_TLS_KEY: key } = settings;
  if (cert && key) return { certificate: { cert, key, isPublic: true } };
  if (mode === 'off') return undefined;
  const publicHost = env['HEIRLOOM_PUBLIC_URL'] ? [new URL(env['HEIRLOOM_PUBLIC_URL']).hostname] : [];
  const own = await keepOwnCertificate(secrets, ownNames([...publicHost, ...settings.HEIRLOOM_TLS_NAMES]));
  return { certificate: own, authority: own.authority };
}

/** Offers the authority's certificate, which is no secret, as devices take it. */
export function serveAuthority(fastify: FastifyInstance, { authority }: HomeTls): void {
  if (authority === undefined) return;
  fastify.get(authorityPath, (_request, reply) =>
    reply
      .header('content-disposition', 'attachment; filename="heirloom.crt"')
      .type('application/x-x509-ca-cert')
      .send(authority),
  );
}

/** What the operator reads at the start. */
export function introduceTls({ authority }: HomeTls, { url, port }: Pick<Running, 'url' | 'port'>): string[] {
  if (authority === undefined) return [];
  const isOpen = !['127.0.0.1', '[::1]', 'localhost'].includes(new URL(url).hostname);
  const address = isOpen ? networkAddresses().find((one) => !one.includes(':')) : undefined;
  return [
    `This server's own authority has the SHA-256 fingerprint\n  ${fingerprintOf(authority)}`,
    ...(address === undefined
      ? []
      : [
          `Phones on this network open https://${address}:${port}${authorityPath}, compare the fingerprint and trust it; then https://${address}:${port}`,
        ]),
  ];
}

/** @throws ConfigError when certificate and key are none or do not belong together */
export function requireUsable(
  { certificate }: HomeTls,
  check: (certificate: TlsCertificate) => unknown,
): void {
  try {
    check(certificate);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new ConfigError([`HEIRLOOM_TLS_CERT and HEIRLOOM_TLS_KEY cannot be used together (${reason}).`]);
  }
}
