import { join } from 'node:path';
import { root, run } from './process.mjs';

/**
 * Builds projects and what they need, where something has changed.
 *
 * @param {{ node: string, env: NodeJS.ProcessEnv }} context
 * @param {string[]} projects names; all of them when empty
 */
export function build({ node, env }, projects) {
  const nx = join(root, 'node_modules/nx/dist/bin/nx.js');
  const only = projects.length > 0 ? [`--projects=${projects.join(',')}`] : [];
  const args = ['run-many', '--targets=build', ...only, '--parallel=2', '--outputStyle=static'];
  return run(node, [nx, ...args], { env, quiet: true });
}
