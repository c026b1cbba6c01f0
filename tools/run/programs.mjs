import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';
import { run, SERVER_FOLDERS } from './process.mjs';
import { fail, say } from './say.mjs';

/** What the tests run besides npm packages: the program's names, and Debian's package of it. */
export const PROGRAMS = [
  { names: ['nats-server'], debianPackage: 'nats-server' },
  { names: ['redis-server'], debianPackage: 'redis-server' },
  { names: ['openssl'], debianPackage: 'openssl' },
  { names: ['nginx'], debianPackage: 'nginx-light' },
  { names: ['chromium', 'chromium-browser', 'google-chrome'], debianPackage: 'chromium' },
];

/** The same for the long tests: a Ceph cluster of one of each, with its S3 gateway. */
export const LONG_PROGRAMS = [
  ...PROGRAMS,
  { names: ['ceph-mon'], debianPackage: 'ceph-mon' },
  { names: ['ceph-osd'], debianPackage: 'ceph-osd' },
  { names: ['radosgw'], debianPackage: 'radosgw' },
  { names: ['ceph'], debianPackage: 'ceph-common' },
];

/**
 * Installs missing programs from the system's packages where that needs no password, else says how to.
 *
 * @returns {Promise<boolean>} whether all of them are there
 */
export async function ensurePrograms(env, programs = PROGRAMS) {
  const missing = missingPackages(programs);
  if (missing.length === 0) return true;
  const install = ['install', '-y', '--no-install-recommends', ...missing];
  const prefix = await privilege(env);
  if (prefix) {
    say(`Installing ${missing.join(', ')} from the system's packages, for the tests.`);
    const [command, ...args] = [...prefix, 'env', 'DEBIAN_FRONTEND=noninteractive', 'apt-get'];
    await run(command, [...args, 'update'], { env, quiet: true });
    const { code, output } = await run(command, [...args, ...install], { env, quiet: true });
    if (code === 0 && missingPackages(programs).length === 0) return true;
    console.error(output);
  }
  fail(`The tests need ${missing.join(', ')}. Please run this, then try again:`);
  console.error(`  sudo apt-get update && sudo apt-get ${install.join(' ')}`);
  return false;
}

function missingPackages(programs) {
  return programs.filter(({ names }) => !names.some(isInstalled)).map(({ debianPackage }) => debianPackage);
}

function isInstalled(name) {
  const folders = [...(process.env.PATH ?? '').split(delimiter), ...SERVER_FOLDERS];
  return folders.some((folder) => {
    try {
      accessSync(join(folder, name), constants.X_OK);
      return true;
    } catch {
      return false;
    }
  });
}

/** @returns what goes before apt-get, undefined where it cannot be run without asking a person. */
async function privilege(env) {
  if (!isInstalled('apt-get')) return undefined;
  if (process.getuid?.() === 0) return [];
  if (!isInstalled('sudo')) return undefined;
  const { code } = await run('sudo', ['-n', 'true'], { env, quiet: true });
  return code === 0 ? ['sudo', '-n'] : undefined;
}
