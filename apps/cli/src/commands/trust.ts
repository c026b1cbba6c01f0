import { once } from 'node:events';
import { isIP } from 'node:net';
import tls, { type DetailedPeerCertificate } from 'node:tls';
import { serverOrigin } from '@heirloom/client';
import { AppError } from '@heirloom/contracts';
import type { Context } from '../context.ts';
import type { CommandResult } from '../output/io.ts';
import { ensureProfileFolder, profileFolder } from '../profile/profile-folder.ts';
import { addTrusted } from '../profile/trusted.ts';

const connectMs = 15_000;

export interface TrustOptions {
  fingerprint: string;
}

/**
 * `heirloom trust <server> --fingerprint <sha-256>`: connections of this profile take certificates from the authority
 * with this fingerprint, which Heirloom printed when it started.
 */
export async function trustCommand(
  context: Context,
  typed: string,
  options: TrustOptions,
): Promise<CommandResult> {
  const server = new URL(serverOrigin(typed));
  if (server.protocol !== 'https:')
    throw new AppError('bad-request', {
      detail: `${server.origin} has no certificate. Its address must begin with https://.`,
    });
  const expected = hexOf(options.fingerprint);
  if (expected.length !== 64)
    throw new AppError('bad-request', {
      detail: 'A fingerprint is 64 hex digits, with or without colons, as Heirloom printed it at its start.',
    });
  const root = await authorityOf(server);
  if (hexOf(root.fingerprint256) !== expected) {
    throw new AppError('forbidden', {
      detail: `${server.origin} showed another fingerprint: ${root.fingerprint256}. Nothing is trusted. Either the fingerprint was typed wrong, or somebody stands between you and the server.`,
    });
  }
  const folder = profileFolder(context.env);
  await ensureProfileFolder(folder);
  await addTrusted(folder, pemOf(root.raw));
  return {
    document: { server: server.origin, fingerprint: root.fingerprint256 },
    lines: [`This profile trusts ${server.origin} from now on.`],
  };
}

/** The last certificate that the server shows. It is not believed before its fingerprint was compared. */
async function authorityOf(server: URL): Promise<DetailedPeerCertificate> {
  const host = server.hostname.replace(/^\[|\]$/g, '');
  const socket = tls.connect({
    host,
    port: Number(server.port || 443),
    ...(isIP(host) ? {} : { servername: host }),
    minVersion: 'TLSv1.3',
    rejectUnauthorized: false,
  });
  try {
    await once(socket, 'secureConnect', { signal: AbortSignal.timeout(connectMs) });
    let certificate = socket.getPeerCertificate(true);
    while (certificate.issuerCertificate && certificate.issuerCertificate !== certificate)
      certificate = certificate.issuerCertificate;
    return certificate;
  } catch (cause) {
    throw new AppError('unavailable', {
      detail: `${server.origin} cannot be reached by TLS 1.3. Check the address and that the server runs.`,
      cause,
    });
  } finally {
    socket.destroy();
  }
}

const hexOf = (fingerprint: string): string => fingerprint.replaceAll(/[:\s]/g, '').toLowerCase();

const pemOf = (der: Buffer): string =>
  `-----BEGIN CERTIFICATE-----\n${der
    .toString('base64')
    .replaceAll(/(.{64})/g, '$1\n')
    .trimEnd()}\n-----END CERTIFICATE-----\n`;
