import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { root, run } from './process.mjs';
import { say } from './say.mjs';

/** Installs exactly what package-lock.json lists, unless that is there already. */
export async function installDependencies({ node, env }) {
  if (isInstalled(root)) return;
  say('Installing the packages that Heirloom is made of. The first time, this takes about a minute.');
  await installInto(root, { node, env });
  say('Packages installed.');
}

/**
 * Compares the lock file with npm's own record of what it has put into node_modules, which it writes last. Optional
 * packages may be missing: they are for other machines.
 */
function isInstalled(folder) {
  const wanted = readPackages(join(folder, 'package-lock.json'));
  const present = readPackages(join(folder, 'node_modules/.package-lock.json'));
  return Object.entries(wanted).every(([path, { version, integrity, link, optional, devOptional }]) => {
    if (!path.startsWith('node_modules/')) return true; // the projects themselves
    const found = present[path];
    if (!found) return optional || devOptional;
    return link ? found.link : found.version === version && found.integrity === integrity;
  });
}

function readPackages(file) {
  return existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')).packages : {};
}

/** Runs `npm ci` in a folder. Throws with npm's own words when it fails. */
export async function installInto(folder, { node, env }) {
  const [command, ...args] = npmCommand(node);
  const options = ['ci', '--no-audit', '--no-fund', '--loglevel=error'];
  const { code, output } = await run(command, [...args, ...options], { cwd: folder, env, quiet: true });
  if (code !== 0) throw new Error(`npm could not install the packages in ${folder}:\n${output}`);
}

/** npm under the chosen Node: it leaves out optional packages that do not fit the Node that runs it. */
function npmCommand(node) {
  const candidates = [
    process.env.npm_execpath,
    join(dirname(process.execPath), '../lib/node_modules/npm/bin/npm-cli.js'),
    join(dirname(process.execPath), '../share/nodejs/npm/bin/npm-cli.js'),
  ];
  const cli = candidates.find((path) => path?.endsWith('npm-cli.js') && existsSync(path));
  return cli ? [node, cli] : ['npm'];
}
