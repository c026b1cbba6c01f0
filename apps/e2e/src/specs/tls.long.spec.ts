import { execFile } from 'node:child_process';
import { X509Certificate } from 'node:crypto';
import { once } from 'node:events';
import { copyFile, mkdir, readFile, writeFile } from 'node:fs/promises';
import https from 'node:https';
import type { IncomingMessage } from 'node:http';
import path from 'node:path';
import tls from 'node:tls';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { CliDevice } from '../cli/cli.ts';
import { contentsOf, makeJpeg } from '../samples/samples.ts';
import { boot, type Scene } from '../system/boot.ts';
import { eventually } from '../system/processes.ts';

const execute = promisify(execFile);
const minute = 60_000;

describe('HTTPS of home, with a certificate of its own', () => {
  let scene: Scene;
  let fingerprint: string;
  let authority: string;
  let port: number;

  beforeAll(async () => {
    scene = await boot('home', { env: { HEIRLOOM_TLS: 'own', HEIRLOOM_TLS_NAMES: 'photos.lan' } });
    port = Number(new URL(scene.system.address).port);
    const log = await readFile(path.join(scene.folder, 'home.log'), 'utf8');
    fingerprint = /([0-9A-F]{2}:){31}[0-9A-F]{2}/.exec(log)![0];
    authority = (await get('/certificate.crt', { rejectUnauthorized: false })).body;
  }, 2 * minute);
  afterAll(async () => scene?.[Symbol.asyncDispose](), minute);

  async function get(at: string, options: https.RequestOptions = {}) {
    const request = https.get({ host: '127.0.0.1', port, path: at, ca: authority, ...options });
    const [response] = (await once(request, 'response')) as [IncomingMessage];
    const body = Buffer.concat(await response.toArray()).toString();
    return { status: response.statusCode, headers: response.headers, body };
  }

  /** What openssl's own client gets to see. */
  async function sClient(...args: string[]): Promise<{ ok: boolean; text: string }> {
    const command = ['s_client', '-connect', `127.0.0.1:${port}`, '-servername', 'localhost', ...args];
    const running = execute('openssl', command, { timeout: 20_000 });
    running.child.stdin!.end();
    return running.then(
      ({ stdout, stderr }) => ({ ok: true, text: stdout + stderr }),
      (error: { stdout: string; stderr: string }) => ({ ok: false, text: error.stdout + error.stderr }),
    );
  }

  it('speaks TLS 1.3 and nothing older', async () => {
    const file = path.join(scene.folder, 'authority.pem');
    await writeFile(file, authority);
    const newest = await sClient(
      '-tls1_3',
      '-CAfile',
      file,
      '-verify_return_error',
      '-verify_hostname',
      'localhost',
    );
    expect(newest.text).toMatch(/Verify return code: 0 \(ok\)/);
    expect(newest.text).toMatch(/TLSv1\.3, Cipher is TLS_AES/);
    for (const old of ['-tls1_2', '-tls1_1', '-tls1']) {
      const refused = await sClient(old);
      expect(refused.text).not.toMatch(/Cipher is (TLS|ECDHE|AES)/);
      expect(refused.ok).toBe(false);
    }
  });

  it('takes the hybrid key exchange where the other side has it', async () => {
    const groups = ['X25519MLKEM768', 'X25519'];
    for (const group of groups) {
      const socket = tls.connect({ host: '127.0.0.1', port, ca: authority, ecdhCurve: group });
      await once(socket, 'secureConnect');
      expect(socket.getProtocol()).toBe('TLSv1.3');
      socket.destroy();
    }
    const socket = tls.connect({ host: '127.0.0.1', port, ca: authority, ecdhCurve: 'P-521' });
    await expect(once(socket, 'secureConnect')).rejects.toThrow();
  });

  it('is trusted by its fingerprint and good for its names', async () => {
    expect(new X509Certificate(authority).fingerprint256).toBe(fingerprint);
    expect((await get('/health/ready')).status).toBe(200);
    expect((await get('/health/ready', { servername: 'photos.lan' })).status).toBe(200);
    await expect(get('/health/ready', { servername: 'example.org' })).rejects.toThrow(
      /does not match|altnames/i,
    );
  });

  it('sends its security headers, and no promise that only a public certificate can keep', async () => {
    for (const at of ['/', '/api/auth/info', '/no/such/page']) {
      const { headers } = await get(at);
      expect(headers['content-security-policy']).toMatch(/default-src 'none'/);
      expect(headers['x-content-type-options']).toBe('nosniff');
      expect(headers['referrer-policy']).toBe('no-referrer');
      expect(headers['strict-transport-security']).toBeUndefined();
    }
  });

  it('is used by the command line once it is trusted, and not before', async () => {
    const address = `https://localhost:${port}`;
    const ada = new CliDevice(path.join(scene.folder, 'ada/profile'), address, 'password of ada');
    await mkdir(path.dirname(ada.home), { recursive: true });
    const signUp = ['signup', '--server', address, '--name', 'Ada', '--email', 'ada@example.org'];
    const stranger = await ada.run(...signUp);
    expect(stranger.code).toBe(1);
    expect(stranger.stderr).toMatch(/certificate that this machine does not know.*heirloom trust/s);
    const wrong = await ada.run('trust', address, '--fingerprint', fingerprint.replace(/^../, '00'));
    expect(wrong.code).toBe(1);
    expect(wrong.stderr).toMatch(/another fingerprint/);
    expect((await ada.run(...signUp)).code).toBe(1);
    await ada.ok('trust', address, '--fingerprint', fingerprint);
    await ada.ok(...signUp);
    const photos = path.join(scene.folder, 'photos');
    await mkdir(photos);
    await makeJpeg(path.join(photos, 'one.jpg'), 1);
    await ada.ok('backup', photos);
    await ada.ok('get', '--all', '--to', path.join(scene.folder, 'back'));
    expect(await contentsOf(path.join(scene.folder, 'back'))).toEqual(await contentsOf(photos));
  });
});

describe('HTTPS of home, with a certificate that it is given', () => {
  it(
    'promises to stay with it, and refuses a key that does not fit',
    async () => {
      await using scene = await boot('home');
      const { start } = scene.system;
      expect((await fetch(scene.system.address)).headers.get('strict-transport-security')).toBeNull();
      const make = async (name: string) => {
        const [key, cert] = [path.join(scene.folder, `${name}.key`), path.join(scene.folder, `${name}.crt`)];
        const subject = ['-subj', '/CN=localhost', '-addext', 'subjectAltName=DNS:localhost'];
        const ec = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes'];
        await execute('openssl', [
          'req',
          '-x509',
          ...ec,
          '-keyout',
          key,
          '-out',
          cert,
          '-days',
          '30',
          ...subject,
        ]);
        return { HEIRLOOM_TLS_CERT_FILE: cert, HEIRLOOM_TLS_KEY_FILE: key };
      };
      const [first, second] = [await make('first'), await make('second')];
      await scene.system.crash('vault');
      await expect(
        start({ ...first, HEIRLOOM_TLS_KEY_FILE: second.HEIRLOOM_TLS_KEY_FILE }),
      ).rejects.toThrow();
      expect(await readFile(path.join(scene.folder, 'home.log'), 'utf8')).toMatch(
        /HEIRLOOM_TLS_CERT and HEIRLOOM_TLS_KEY cannot be used/,
      );
      await start(first);
      const request = https.get(scene.system.address, { rejectUnauthorized: false });
      const [response] = (await once(request, 'response')) as [IncomingMessage];
      expect(response.headers['strict-transport-security']).toBe('max-age=31536000');
      response.resume();
      // Renewed by others while it runs: new connections see it, and one that is open stays.
      const port = Number(new URL(scene.system.address).port);
      const open = await connectTo(port);
      const before = open.getPeerX509Certificate()!.fingerprint256;
      await copyFile(second.HEIRLOOM_TLS_CERT_FILE, first.HEIRLOOM_TLS_CERT_FILE);
      await copyFile(second.HEIRLOOM_TLS_KEY_FILE, first.HEIRLOOM_TLS_KEY_FILE);
      const wanted = new X509Certificate(await readFile(second.HEIRLOOM_TLS_CERT_FILE)).fingerprint256;
      await eventually('the renewed certificate', async () => (await shownBy(port)) === wanted);
      expect(before).not.toBe(wanted);
      open.write('GET /health/ready HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\n\r\n');
      expect(String(await open.take(1).toArray())).toContain('200 OK');
    },
    3 * minute,
  );
});

async function connectTo(port: number): Promise<tls.TLSSocket> {
  const socket = tls.connect({ host: '127.0.0.1', port, rejectUnauthorized: false });
  await once(socket, 'secureConnect');
  return socket;
}

/** The fingerprint of the certificate that a new connection is shown. */
async function shownBy(port: number): Promise<string> {
  const socket = await connectTo(port);
  const { fingerprint256 } = socket.getPeerX509Certificate()!;
  socket.destroy();
  return fingerprint256;
}
