import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { installInto } from './install.mjs';
import { root, run } from './process.mjs';
import { say } from './say.mjs';

/** The first Node that has node:sqlite ready to use, disposable stacks, and runs our TypeScript tools as they are. */
const MINIMUM = [24, 0];

/** @returns {Promise<string>} the path of a Node that is new enough: this one, or one fetched for this folder alone. */
export async function chooseNode() {
  if (isNewEnough(process.versions.node)) return process.execPath;
  const folder = join(root, 'tools/node');
  const node = join(folder, `node_modules/node-${process.platform}-${process.arch}/bin/node`);
  if (!existsSync(node)) {
    say(`This machine's Node is ${process.versions.node}; Heirloom wants ${MINIMUM.join('.')} or later.`);
    say('Fetching Node 24 for this folder alone. Nothing on the machine changes.');
    await installInto(folder, { node: process.execPath, env: process.env });
  }
  const check = existsSync(node) ? await run(node, ['--version'], { quiet: true }) : undefined;
  if (check?.code !== 0) {
    throw new Error(
      `Node 24 for ${process.platform} on ${process.arch} could not be fetched. ` +
        `Please install Node ${MINIMUM.join('.')} or later, then try again.`,
    );
  }
  return node;
}

function isNewEnough(version) {
  const [major = 0, minor = 0] = version.split('.').map(Number);
  return major > MINIMUM[0] || (major === MINIMUM[0] && minor >= MINIMUM[1]);
}
