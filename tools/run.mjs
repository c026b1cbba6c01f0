/**
 * The one way in: `npm start`, `npm test` and `npm run test:long` on a machine that has Node (20.19 or later) and npm,
 * and nothing else. It must therefore run on that Node, before anything is installed.
 */
import { installDependencies } from './run/install.mjs';
import { chooseNode } from './run/node-runtime.mjs';
import { baseEnvironment } from './run/process.mjs';
import { fail } from './run/say.mjs';

const COMMANDS = {
  start: async (context) => (await import('./run/start.mjs')).start(context),
  test: async (context) => (await import('./run/test.mjs')).test(context),
  'test-long': async (context) => (await import('./run/test.mjs')).testLong(context),
};

const name = process.argv[2] ?? '';
const command = COMMANDS[name];
if (!command) {
  fail(`Usage: node tools/run.mjs ${Object.keys(COMMANDS).join('|')}`);
  process.exit(2);
}
try {
  const node = await chooseNode();
  const env = baseEnvironment(node);
  await installDependencies({ node, env });
  process.exitCode = await command({ node, env });
} catch (error) {
  fail(error.message);
  process.exitCode = 1;
}
