import { createHash, randomBytes } from 'node:crypto';
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { run } from './engine.mjs';

const root = join(import.meta.dirname, '../..');

/**
 * The main job, as a family does it: sign up, back up, look at what is there, verify it, get it back from another device,
 * identical to the last byte. Throws at the first thing that is wrong.
 *
 * @param {string} server its address
 * @param {string} folder for photos and profiles; made here
 * @param {NodeJS.ProcessEnv} env on top of this one, for example the authority of the server's certificate
 */
export function doMainJob(server, folder, env = {}) {
  const photos = join(folder, 'photos');
  mkdirSync(photos, { recursive: true });
  // RAW files as far as anybody can tell: bytes that no program compresses or understands.
  for (let i = 0; i < 5; i += 1)
    writeFileSync(join(photos, `${i}.dng`), randomBytes(300_000 + i * 1_700_000));
  const device =
    (name) =>
    (...words) =>
      heirloom({ ...env, HEIRLOOM_HOME: join(folder, name) }, words);
  const laptop = device('laptop');
  laptop('signup', '--server', server, '--name', 'Ada', '--email', 'ada@example.org');
  laptop('backup', photos);
  laptop('verify', '--all');
  const phone = device('phone');
  phone('login', '--server', server, '--email', 'ada@example.org', '--device', 'phone');
  const restored = join(folder, 'restored');
  phone('get', '--all', '--to', restored);
  const [wanted, found] = [photos, restored].map(hashesBelow);
  if (JSON.stringify(wanted) !== JSON.stringify(found))
    throw new Error('what came back differs from what was sent');
  return `${wanted.length} photos went in, were verified, and came back on another device, identical to the last byte`;
}

/** The same photos again, later: what was acknowledged is still there. */
export function checkAgain(server, folder, env = {}) {
  heirloom({ ...env, HEIRLOOM_HOME: join(folder, 'phone') }, ['verify', '--all']);
}

function heirloom(env, words) {
  const cli = join(root, 'apps/cli/bin/heirloom.mjs');
  const all = { ...process.env, ...env, HEIRLOOM_PASSWORD: 'correct horse battery' };
  return run(process.execPath, [cli, ...words, '--json'], { env: all });
}

function hashesBelow(folder) {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map(({ parentPath, name }) =>
      createHash('sha256')
        .update(readFileSync(join(parentPath, name)))
        .digest('hex'),
    )
    .sort();
}
