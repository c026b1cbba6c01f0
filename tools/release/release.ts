/**
 * Makes a release of what is committed: `node tools/release/release.ts VERSION`, after `npm test` and a build.
 *
 * It refuses a version that is not the next one (the first release takes the version that is there), a tree with changes, and contracts that contradict the last release; moves
 * the changelog's entries under the version; sets the version in every manifest, compose file and kustomization; keeps what
 * the contracts speak; and writes the SHA-256 of every file that runs on people's devices to release/SHA256SUMS.
 * Committing, tagging and pushing are left to a person, who has looked at the result.
 */
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, globSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { allMessages, allRoutes } from '@heirloom/contracts';
import { isNext, releaseNotes, withVersion } from './notes.ts';
import { contradictions } from './compare.ts';
import { wireOf, type Wire } from './wire.ts';

const root = join(import.meta.dirname, '../..');
const read = (path: string) => readFileSync(join(root, path), 'utf8');
const write = (path: string, text: string) => writeFileSync(join(root, path), text);

const version = process.argv[2] ?? '';
const { version: before } = JSON.parse(read('package.json')) as { version: string };
const isFirst = globSync('libs/contracts/released/*.json', { cwd: root }).length === 0;
if (!/^\d+\.\d+\.\d+$/.test(version)) throw new Error('Usage: node tools/release/release.ts VERSION');
if (!isNext(before, version) && !(isFirst && version === before))
  throw new Error(`${version} does not follow ${before}: versions are taken one after the other.`);
const git = (...args: string[]) => execFileSync('git', args, { cwd: root, encoding: 'utf8' }).trim();
if (git('status', '--porcelain') !== '') throw new Error('Commit or remove what is changed first.');

const wire = wireOf(allRoutes, allMessages);
for (const file of globSync('libs/contracts/released/*.json', { cwd: root })) {
  const problems = contradictions(JSON.parse(read(file)) as Wire, wire);
  if (problems.length > 0)
    throw new Error(`${file} and this version contradict each other:\n${problems.join('\n')}`);
}

write('CHANGELOG.md', releaseNotes(read('CHANGELOG.md'), version, new Date().toISOString().slice(0, 10)));
const versioned = [
  'package.json',
  'package-lock.json',
  ...globSync(['apps/*/package.json', 'libs/*/package.json', 'libs/services/*/package.json'], { cwd: root }),
  ...globSync(['docker/Dockerfile', 'docker/*.yaml', 'k8s/base/kustomization.yaml', 'docs/operations/*.md'], {
    cwd: root,
  }),
];
for (const file of versioned) write(file, withVersion(read(file), before, version));
write(`libs/contracts/released/${version}.json`, `${JSON.stringify(wire, null, 1)}\n`);

const bundles = [
  'apps/web/dist/site',
  'apps/admin-dashboard/dist/site',
  'apps/cli/dist',
  'libs/client/dist',
  'libs/crypto/dist',
];
const missing = bundles.filter((folder) => !existsSync(join(root, folder)));
if (missing.length > 0) throw new Error(`Build first: ${missing.join(', ')} is not there.`);
const files = globSync(
  bundles.map((folder) => `${folder}/**/*.{js,css,html,json,mjs,wasm,webmanifest,svg}`),
  { cwd: root },
);
const sums = files.sort().map((file) => {
  const hash = createHash('sha256')
    .update(readFileSync(join(root, file)))
    .digest('hex');
  return `${hash}  ${file}`;
});
mkdirSync(join(root, 'release'), { recursive: true });
write('release/SHA256SUMS', `${sums.join('\n')}\n`);
console.log(
  `Version ${version} is ready to be looked at, committed and tagged; ${files.length} files are in release/SHA256SUMS.`,
);
