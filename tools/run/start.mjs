import { join } from 'node:path';
import { build } from './build.mjs';
import { root, run } from './process.mjs';
import { fail, say } from './say.mjs';

const PARENT_POLL_MS = 500;

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
  stopWithParent();
  const { code } = await run(node, ['--enable-source-maps', home], { env });
  return code;
}

/** Home must not stay behind when the npm that started it is killed, and nobody sees it any more. */
function stopWithParent() {
  const parent = process.ppid;
  setInterval(() => {
    if (process.ppid !== parent) process.kill(process.pid, 'SIGTERM');
  }, PARENT_POLL_MS).unref();
}
