import { existsSync, readFileSync, realpathSync } from 'node:fs';
import { dirname, join } from 'node:path';

/**
 * What a package needs at run time: itself, its dependencies, theirs, and of its optional ones and its peers those
 * that are installed and must be. An optional peer is something that a project of ours would have named itself.
 *
 * @param {string} folder of a package; absolute
 * @returns {Map<string, string>} each package's place as it is found (a link, for projects of ours), and its true folder
 */
export function runtimeClosure(folder) {
  const found = new Map();
  const visit = (place) => {
    if (found.has(place)) return;
    const real = realpathSync(place);
    found.set(place, real);
    for (const [name, isNeeded] of wantedBy(readManifest(real))) {
      const next = resolvePackage(name, real);
      if (next) visit(next);
      else if (isNeeded) throw new Error(`${name}, which ${real} needs, is not installed`);
    }
  };
  visit(folder);
  return found;
}

function wantedBy(manifest) {
  const {
    dependencies = {},
    optionalDependencies = {},
    peerDependencies = {},
    peerDependenciesMeta = {},
  } = manifest;
  const peers = Object.keys(peerDependencies).filter((name) => !peerDependenciesMeta[name]?.optional);
  const needed = Object.keys(dependencies).filter((name) => !(name in optionalDependencies));
  return [
    ...[...needed, ...peers].map((name) => [name, true]),
    ...Object.keys(optionalDependencies).map((name) => [name, false]),
  ];
}

/** Node's way to find a package: the nearest node_modules folder above that holds it. */
function resolvePackage(name, from) {
  for (let folder = from; ; folder = dirname(folder)) {
    const place = join(folder, 'node_modules', name);
    if (existsSync(join(place, 'package.json'))) return place;
    if (folder === dirname(folder)) return undefined;
  }
}

export const readManifest = (folder) => JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
