import { existsSync, globSync, readFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';

const root = join(import.meta.dirname, '../..');

/**
 * The workspace's projects with their tags, read from their package.json as Nx does.
 *
 * @returns {{ name: string, folder: string, tags: string[] }[]}
 */
export function projects() {
  const { workspaces } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
  return globSync(workspaces, { cwd: root })
    .map((folder) => join(root, folder, 'package.json'))
    .filter((file) => existsSync(file))
    .map((file) => {
      const { name, nx } = JSON.parse(readFileSync(file, 'utf8'));
      return { name, folder: relative(root, dirname(file)), tags: nx?.tags ?? [] };
    });
}

/** @returns {string[]} patterns of the TypeScript files of all projects that have the tag */
export function filesOf(tag) {
  return projects()
    .filter(({ tags }) => tags.includes(tag))
    .map(({ folder }) => `${folder}/**/*.ts`);
}
