import { X509Certificate } from 'node:crypto';
import { mkdtemp, readFile, rm, stat } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { secureContext } from '@heirloom/service-kit';
import { fingerprintOf, keepOwnCertificate, ownNames } from './own-certificate.ts';

const names = ['localhost', 'photos.lan', '127.0.0.1', '192.168.7.9', '::1'];
const days = (count: number) => new Date(Date.now() + count * 24 * 3600_000);

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(path.join(os.tmpdir(), 'heirloom-tls-spec-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const leafOf = (cert: string) => new X509Certificate(cert);

describe("home's own certificate", () => {
  it('is good for its names and addresses, and for no other', async () => {
    const { cert, authority, isPublic } = await keepOwnCertificate(folder, names);
    const leaf = leafOf(cert);
    for (const name of ['localhost', 'photos.lan']) expect(leaf.checkHost(name)).toBe(name);
    for (const ip of ['127.0.0.1', '192.168.7.9', '::1']) expect(leaf.checkIP(ip)).toBe(ip);
    expect(leaf.checkHost('example.org')).toBeUndefined();
    expect(leaf.checkIP('192.168.7.10')).toBeUndefined();
    expect(leaf.ca).toBe(false);
    const issuer = new X509Certificate(authority);
    expect(issuer.ca).toBe(true);
    expect(leaf.verify(issuer.publicKey)).toBe(true);
    expect(leaf.checkIssued(issuer)).toBe(true);
    expect(isPublic).toBe(false);
    expect(cert.match(/BEGIN CERTIFICATE/g)).toHaveLength(2);
    expect(leaf.validToDate.getTime()).toBeLessThan(days(398).getTime());
  });

  it('is kept, for its owner alone', async () => {
    const first = await keepOwnCertificate(folder, names);
    expect(await keepOwnCertificate(folder, names)).toEqual(first);
    expect((await stat(path.join(folder, 'tls-certificate'))).mode & 0o777).toBe(0o600);
    expect((await stat(path.join(folder, 'tls-authority'))).mode & 0o777).toBe(0o600);
    expect(() => secureContext(first)).not.toThrow();
  });

  it('is made anew before its end and for a new name, by the same authority', async () => {
    const first = await keepOwnCertificate(folder, names);
    const later = await keepOwnCertificate(folder, names, days(397 - 44));
    const renamed = await keepOwnCertificate(folder, [...names, 'other.lan'], days(397 - 44));
    expect(new Set([first, later, renamed].map(({ cert }) => cert)).size).toBe(3);
    for (const { authority } of [later, renamed]) expect(authority).toBe(first.authority);
    expect(leafOf(renamed.cert).checkHost('other.lan')).toBe('other.lan');
    expect(await keepOwnCertificate(folder, names, days(400))).toEqual(renamed);
  });

  it('gets a new authority before the old one ends', async () => {
    const first = await keepOwnCertificate(folder, names);
    const later = await keepOwnCertificate(folder, names, days(3650 - 419));
    expect(fingerprintOf(later.authority)).not.toBe(fingerprintOf(first.authority));
    expect(leafOf(later.cert).verify(new X509Certificate(later.authority).publicKey)).toBe(true);
  });

  it('is made again when its file cannot be read', async () => {
    const first = await keepOwnCertificate(folder, names);
    const file = path.join(folder, 'tls-certificate');
    await rm(file);
    const again = await keepOwnCertificate(folder, names);
    expect(again.cert).not.toBe(first.cert);
    expect(again.authority).toBe(first.authority);
    expect(JSON.parse(await readFile(file, 'utf8'))).toHaveProperty('certificate', again.cert);
  });

  it('names this machine', () => {
    expect(ownNames(['photos.lan'])).toEqual(
      expect.arrayContaining(['localhost', 'photos.lan', '127.0.0.1', '::1']),
    );
    expect(ownNames().filter((name) => name.startsWith('fe80'))).toEqual([]);
  });
});
