import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { run } from './engine.mjs';

/** What must be in no layer of an image, whatever it is called. */
const FORBIDDEN = [
  '-----BEGIN PRIVATE KEY',
  '-----BEGIN RSA PRIVATE KEY',
  '-----BEGIN EC PRIVATE KEY',
  '_authToken=',
];
/** Documentation and code that name such things hold no key: what follows the words there is no base64. */
const KEY_LINES = /-----BEGIN (?:RSA |EC )?PRIVATE KEY-----\s+[A-Za-z0-9+/=]{40}/;

/** Size, user and ports of an image, as a person reads them; throws unless it runs as an ordinary user. */
export function describeImage(env, tag) {
  const [{ Size, Config }] = JSON.parse(run('docker', ['image', 'inspect', tag], { env }));
  const ports = Object.keys(Config.ExposedPorts ?? {});
  if (!/^[1-9]\d*:[1-9]\d*$/.test(Config.User)) throw new Error(`${tag} runs as "${Config.User}"`);
  if (!Config.Healthcheck) throw new Error(`${tag} has no health check`);
  return `${tag}: ${(Size / 1024 ** 2).toFixed(0)} MiB, user ${Config.User}, open ports ${ports.join(', ') || 'none'}`;
}

/**
 * Searches all layers and the configuration of an image for texts that must not be in it, and what we put on top of the base
 * image for keys of any kind: the base itself brings libraries along that test themselves with published keys.
 *
 * @param {string[]} secrets
 */
export function searchImage(env, tag, base, folder, secrets) {
  const place = mkdtempSync(join(folder, 'layers-'));
  try {
    run('sh', ['-c', `docker save '${tag}' | tar -C '${place}' -x`], { env });
    const [{ Config, Layers }] = JSON.parse(readFileSync(join(place, 'manifest.json'), 'utf8'));
    const [{ RootFS }] = JSON.parse(run('docker', ['image', 'inspect', base], { env }));
    const own = Layers.slice(RootFS.Layers.length);
    if (own.length === 0) throw new Error(`${tag} has no layer of its own above ${base}`);
    for (const file of [Config, ...Layers]) {
      const bytes = readFileSync(join(place, file));
      const found = secrets.find((secret) => bytes.includes(secret)) ?? (own.includes(file) && keyIn(bytes));
      if (found) throw new Error(`${tag} holds a secret that begins with ${found.slice(0, 40)}`);
    }
  } finally {
    rmSync(place, { recursive: true });
  }
}

function keyIn(bytes) {
  for (const words of FORBIDDEN) {
    for (let at = bytes.indexOf(words); at >= 0; at = bytes.indexOf(words, at + 1)) {
      const around = bytes.subarray(at, at + 200).toString('latin1');
      if (!words.includes('PRIVATE') || KEY_LINES.test(around))
        return around.split('\n').slice(0, 2).join(' ');
    }
  }
  return undefined;
}
