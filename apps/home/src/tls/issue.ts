import 'reflect-metadata';
import { randomBytes, webcrypto } from 'node:crypto';
import { isIP } from 'node:net';
import {
  BasicConstraintsExtension,
  ExtendedKeyUsage,
  ExtendedKeyUsageExtension,
  KeyUsageFlags,
  KeyUsagesExtension,
  PemConverter,
  SubjectAlternativeNameExtension,
  X509Certificate,
  X509CertificateGenerator,
  type X509CertificateCreateSelfSignedParams,
} from '@peculiar/x509';

/** A certificate and its key, as PEM. */
export interface Identity {
  certificate: string;
  key: string;
}

const algorithm = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' };
const dayMs = 24 * 3600_000;
/** Clocks of phones differ. */
const backdateMs = dayMs;

/** Days that certificates last, and how many of them must be left or a new one is made. */
export const lifetimes = {
  authority: { days: 3650, leastDays: 420 },
  /** Apple's devices take 825 days at most, and some browsers 398. */
  server: { days: 397, leastDays: 45 },
} as const;

/** An authority of one home: it vouches for that home's own certificates and for nothing else. */
export async function issueAuthority(name: string, now = new Date()): Promise<Identity> {
  const keys = await makeKeys();
  const certificate = await X509CertificateGenerator.createSelfSigned({
    serialNumber: serial(),
    name: `CN=${plain(name)}, O=Heirloom`,
    ...validity(lifetimes.authority.days, now),
    keys,
    signingAlgorithm: algorithm,
    extensions: [
      new BasicConstraintsExtension(true, 0, true),
      new KeyUsagesExtension(KeyUsageFlags.keyCertSign | KeyUsageFlags.cRLSign, true),
    ],
  });
  return { certificate: certificate.toString('pem'), key: await pemOf(keys.privateKey) };
}

/** A certificate for these names and addresses. `certificate` holds the authority's after its own. */
export async function issueServer(
  authority: Identity,
  names: readonly string[],
  now = new Date(),
): Promise<Identity> {
  const issuer = new X509Certificate(authority.certificate);
  const keys = await makeKeys();
  const certificate = await X509CertificateGenerator.create({
    serialNumber: serial(),
    subject: `CN=${plain(names[0] ?? 'localhost')}, O=Heirloom`,
    issuer: issuer.subject,
    ...validity(lifetimes.server.days, now),
    publicKey: keys.publicKey,
    signingKey: await readKey(authority.key),
    signingAlgorithm: algorithm,
    extensions: [
      new BasicConstraintsExtension(false, undefined, true),
      new KeyUsagesExtension(KeyUsageFlags.digitalSignature, true),
      new ExtendedKeyUsageExtension([ExtendedKeyUsage.serverAuth]),
      new SubjectAlternativeNameExtension(
        names.map((value) => ({ type: isIP(value) ? ('ip' as const) : ('dns' as const), value })),
      ),
    ],
  });
  return {
    certificate: `${certificate.toString('pem')}\n${authority.certificate}`,
    key: await pemOf(keys.privateKey),
  };
}

/** The library knows the browser's types of keys, which are Node's with fewer uses. */
type Keys = X509CertificateCreateSelfSignedParams['keys'];

const makeKeys = async (): Promise<Keys> =>
  (await webcrypto.subtle.generateKey(algorithm, true, ['sign', 'verify'])) as unknown as Keys;

const pemOf = async (key: Keys['privateKey']): Promise<string> =>
  PemConverter.encode(await webcrypto.subtle.exportKey('pkcs8', key), 'PRIVATE KEY');

const readKey = async (pem: string): Promise<Keys['privateKey']> =>
  (await webcrypto.subtle.importKey('pkcs8', PemConverter.decodeFirst(pem), algorithm, false, [
    'sign',
  ])) as unknown as Keys['privateKey'];

/** A positive number of 16 bytes (RFC 5280 §4.1.2.2). */
function serial(): string {
  const bytes = randomBytes(16);
  bytes[0] = (bytes[0]! & 0x7f) | 0x40;
  return bytes.toString('hex');
}

const validity = (days: number, now: Date) => ({
  notBefore: new Date(now.getTime() - backdateMs),
  notAfter: new Date(now.getTime() + days * dayMs),
});

/** What a distinguished name takes without quoting. */
const plain = (text: string): string => text.replaceAll(/[^A-Za-z0-9 .:-]/g, ' ').slice(0, 60);
