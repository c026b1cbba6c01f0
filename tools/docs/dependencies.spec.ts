import { describe, expect, it } from '@jest/globals';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { projects } from '../lint/projects.js';

const root = join(import.meta.dirname, '../..');

type Manifest = Partial<
  Record<'dependencies' | 'devDependencies' | 'optionalDependencies', Record<string, string>>
>;

const manifests = ['.', 'tools/node', ...projects().map(({ folder }) => folder)].map((folder) => {
  const file = join(folder, 'package.json');
  const { dependencies, devDependencies, optionalDependencies } = JSON.parse(
    readFileSync(join(root, file), 'utf8'),
  ) as Manifest;
  return { file, wanted: { ...dependencies, ...devDependencies, ...optionalDependencies } };
});

/** Packages from outside, with the versions that are asked for. */
const external = manifests.flatMap(({ file, wanted }) =>
  Object.entries(wanted)
    .filter(([name]) => !name.startsWith('@heirloom/'))
    .map(([name, version]) => ({ file, name, version })),
);

describe('dependencies', () => {
  it('stand in docs/DEPENDENCIES.md, each once, and nothing else does', () => {
    const text = readFileSync(join(root, 'docs/DEPENDENCIES.md'), 'utf8');
    const listed = [...text.matchAll(/^\| `([^`]+)` \|/gm)].map(([, name]) => name ?? '');
    expect(listed.toSorted()).toEqual([...new Set(external.map(({ name }) => name))].toSorted());
  });

  it('are asked for in one exact version throughout', () => {
    expect(
      external.filter(({ version }) => !/^(npm:[@\w./-]+@)?\d+\.\d+\.\d+(-[\w.]+)?$/.test(version)),
    ).toEqual([]);
    const versions = Map.groupBy(external, ({ name }) => name);
    const several = [...versions.values()].filter(
      (uses) => new Set(uses.map(({ version }) => version)).size > 1,
    );
    expect(several).toEqual([]);
  });

  it('are locked without the name of any host', () => {
    for (const folder of ['.', 'tools/node']) {
      expect(readFileSync(join(root, folder, 'package-lock.json'), 'utf8')).not.toContain(
        '"resolved": "http',
      );
    }
  });
});
