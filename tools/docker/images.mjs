import { createHash } from 'node:crypto';
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
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
 * Searches all layers and the configuration of an image.
 *
 * @param {string[]} secrets texts that must not be in it
 * @returns how many bytes were searched
 */
export function searchImage(env, tag, folder, secrets) {
  const place = mkdtempSync(join(folder, 'layers-'));
  try {
    run('sh', ['-c', `docker save '${tag}' | tar -C '${place}' -x`], { env });
    let searched = 0;
    for (const file of readdirSync(place, { recursive: true }).map((name) => join(place, name))) {
      if (!statSync(file).isFile()) continue;
      const bytes = readFileSync(file);
      searched += bytes.length;
      const found = secrets.find((secret) => bytes.includes(secret)) ?? keyIn(bytes);
      if (found)
        throw new Error(
          `${tag} holds ${createHash('sha256').update(found).digest('hex').slice(0, 8)}: ${found.slice(0, 12)}…`,
        );
    }
    return searched;
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
