import { createHash } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { root, run } from './process.mjs';
import { say } from './say.mjs';

/** Installs exactly what package-lock.json lists, unless that has been done already. */
export async function installDependencies({ node, env }) {
  const stamp = join(root, 'node_modules/.heirloom-installed');
  const wanted = createHash('sha256')
    .update(readFileSync(join(root, 'package-lock.json')))
    .update(`${process.platform}-${process.arch}`)
    .digest('hex');
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === wanted) return;
  say('Installing the packages that Heirloom is made of. The first time, this takes about a minute.');
  await installInto(root, { node, env });
  writeFileSync(stamp, wanted);
  say('Packages installed.');
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
