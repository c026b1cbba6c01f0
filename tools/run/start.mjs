import { join } from 'node:path';
import { build } from './build.mjs';
import { root, run } from './process.mjs';
import { fail, say } from './say.mjs';

/** Builds home and the command line, then runs home until it is told to stop. Returns home's exit code. */
export async function start({ node, env }) {
  say('Building what has changed.');
  const built = await build({ node, env }, ['@heirloom/home', '@heirloom/cli']);
  if (built.code !== 0) {
    console.error(built.output);
    fail('The build failed; what it said is above.');
    return 1;
  }
  say('Starting Heirloom. Ctrl-C stops it.');
  const home = join(root, 'apps/home/dist/main.js');
  // In a group of its own, so that a Ctrl-C reaches it once (from us) and not twice.
  const { code } = await run(node, ['--enable-source-maps', home], { env, ownGroup: true });
  return code;
}
