import path from 'node:path';
import tls from 'node:tls';
import { readPrivateFile, writePrivateFile } from './private-file.ts';

const fileIn = (folder: string): string => path.join(folder, 'trusted.pem');

/** Authorities that this profile trusts besides those of the system, as PEM. */
export const readTrusted = async (folder: string): Promise<string[]> =>
  (await readPrivateFile(fileIn(folder)))?.match(
    /-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/g,
  ) ?? [];

export async function addTrusted(folder: string, pem: string): Promise<void> {
  const known = await readTrusted(folder);
  if (known.includes(pem.trim())) return;
  await writePrivateFile(fileIn(folder), `${[...known, pem.trim()].join('\n')}\n`);
}

/** Makes all connections of this process take them too. */
export async function applyTrusted(folder: string): Promise<void> {
  const trusted = await readTrusted(folder);
  if (trusted.length > 0) tls.setDefaultCACertificates([...tls.getCACertificates('default'), ...trusted]);
}
