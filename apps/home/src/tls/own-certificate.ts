import { X509Certificate } from 'node:crypto';
import os from 'node:os';
import { isIP } from 'node:net';
import path from 'node:path';
import type { TlsCertificate } from '@heirloom/service-kit';
import { z } from 'zod';
import { keepSecret, replaceSecret } from '../secrets.ts';
import { issueAuthority, issueServer, lifetimes, type Identity } from './issue.ts';

const stored = z.object({ certificate: z.string(), key: z.string() });
const dayMs = 24 * 3600_000;

export interface OwnCertificate extends TlsCertificate {
  /** The certificate of home's own authority, which people's devices are told to trust. PEM. */
  readonly authority: string;
}

/**
 * The certificate that home makes for itself, and its authority, both kept in the folder of secrets. Whatever is about
 * to end, or lacks one of the names, is made anew; the authority stays for ten years, so trusting it once is enough.
 */
export async function keepOwnCertificate(
  secrets: string,
  names: readonly string[],
  now = new Date(),
): Promise<OwnCertificate> {
  const authority = await keep(
    secrets,
    'tls-authority',
    () => issueAuthority(`Heirloom at ${os.hostname()}`, now),
    (found) => lasts(found, lifetimes.authority.leastDays, now),
  );
  const server = await keep(
    secrets,
    'tls-certificate',
    () => issueServer(authority, names, now),
    (found) =>
      lasts(found, lifetimes.server.leastDays, now) &&
      names.every((name) => covers(found, name)) &&
      found.certificate.trim().endsWith(authority.certificate.trim()),
  );
  return { cert: server.certificate, key: server.key, isPublic: false, authority: authority.certificate };
}

/** What a certificate of this machine should be good for. */
export function ownNames(more: readonly string[] = []): string[] {
  const host = os.hostname().toLowerCase();
  const hosts = /^[a-z0-9.-]+$/.test(host) ? [host, ...(host.includes('.') ? [] : [`${host}.local`])] : [];
  return [...new Set(['localhost', ...more, ...hosts, '127.0.0.1', '::1', ...networkAddresses()])];
}

/** Where other devices of the network find this machine. */
export const networkAddresses = (): string[] =>
  Object.values(os.networkInterfaces())
    .flat()
    .flatMap((one) => (one && !one.internal && !one.address.startsWith('fe80:') ? [one.address] : []));

/** SHA-256 of a certificate as people compare it: AB:CD:... */
export const fingerprintOf = (pem: string): string => new X509Certificate(pem).fingerprint256;

async function keep(
  folder: string,
  name: string,
  make: () => Promise<Identity>,
  isGood: (found: Identity) => boolean,
): Promise<Identity> {
  let made: Identity | undefined;
  const write = (identity: Identity) => JSON.stringify((made = identity));
  const text = await keepSecret(folder, name, async () => write(await make()));
  if (made) return made;
  const found = stored.safeParse(parsed(text));
  if (found.success && isGood(found.data)) return found.data;
  const identity = await make();
  await replaceSecret(path.join(folder, name), JSON.stringify(identity));
  return identity;
}

const lasts = ({ certificate }: Identity, leastDays: number, now: Date): boolean =>
  new X509Certificate(certificate).validToDate.getTime() - now.getTime() > leastDays * dayMs;

function covers({ certificate }: Identity, name: string): boolean {
  const leaf = new X509Certificate(certificate);
  return (isIP(name) ? leaf.checkIP(name) : leaf.checkHost(name)) !== undefined;
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
