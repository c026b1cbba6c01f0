import { execFileSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { secretMakers, secretManifests } from '@heirloom/setup';
import { containersOf, workloadsOf } from './pods.ts';
import { renderFolder, type Manifest } from './render.ts';

const root = join(import.meta.dirname, '../..');
const page = readFileSync(join(root, 'docs/operations/kubernetes.md'), 'utf8');
const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { version: string };
const blocks = (language: string): string[] =>
  [...page.matchAll(new RegExp(`^\`\`\`${language}\\n([\\s\\S]*?)^\`\`\``, 'gm'))].map(([, text]) => text!);
const commands = blocks('sh').join('\n');

/** docs/operations/kubernetes.md, followed word by word in a clean place as far as that goes without a cluster. */
describe('the page about Kubernetes', () => {
  let folder: string;
  let manifests: Manifest[];

  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'heirloom-page-'));
    cpSync(join(root, 'k8s'), join(folder, 'k8s'), { recursive: true });
    const shell = commands.split('\n').filter((line) => /^(mkdir|cp) .*k8s\//.test(line));
    execFileSync('sh', ['-euc', shell.join('\n')], { cwd: folder });
    for (const text of blocks('yaml')) {
      const [, path] = /^# (k8s\/\S+)$/m.exec(text)!;
      mkdirSync(dirname(join(folder, path!)), { recursive: true });
      writeFileSync(join(folder, path!), text);
    }
    manifests = renderFolder(join(folder, 'k8s/overlays/mine'));
  });
  afterAll(() => rmSync(folder, { recursive: true }));

  it('gives an overlay whose pods run the images that the page has pushed', () => {
    const images = workloadsOf(manifests).flatMap(({ pod }) => containersOf(pod).map(({ image }) => image));
    const [, pushed] = /^for app in (.*); do$/m.exec(commands)!;
    const ours = pushed!.split(' ').map((app) => `REGISTRY/heirloom/${app}:${version}`);
    expect(new Set(images.filter((image) => image.includes('heirloom/')))).toEqual(
      new Set(ours.filter((image) => !image.includes('/setup:'))),
    );
    for (const [image] of commands.matchAll(/\S*heirloom\/setup:\S+/g)) expect(ours).toContain(image);
  });

  it('has every secret made that a pod is given', () => {
    const values = Object.fromEntries(Object.entries(secretMakers()).map(([name, make]) => [name, make()]));
    const made = [
      ...secretManifests(values).map(({ metadata }) => metadata.name),
      ...[...commands.matchAll(/create secret (?:generic|tls) (\S+)/g)].map(([, name]) => name!),
      // By CloudNativePG.
      'postgres-ca',
    ];
    const text = JSON.stringify(manifests);
    const wanted = [
      ...text.matchAll(/"secret(?:Ref|KeyRef)":\{[^}]*"name":"([^"]+)"/g),
      ...text.matchAll(/"secretName":"([^"]+)"/g),
    ].map(([, name]) => name!);
    expect(wanted).toEqual(expect.arrayContaining(['auth', 'vault-s3', 'ingress-tls']));
    expect(wanted.filter((name) => !made.includes(name))).toEqual([]);
  });

  it('names the keys of S3 engines as locations.json does', () => {
    const { data } = manifests.find(({ metadata }) => metadata.name.startsWith('locations')) as unknown as {
      data: Record<string, string>;
    };
    const locations = JSON.parse(data['HEIRLOOM_LOCATIONS']!) as { credentials: string }[];
    const [keys] = blocks('json').map((text) => [...text.matchAll(/"(\w+)": \{/g)].map(([, name]) => name));
    expect(locations.map(({ credentials }) => credentials)).toEqual(keys);
  });

  it('names files that are there', () => {
    const files = [...commands.matchAll(/(?:-f |cp )((?:k8s|docker)\/\S+)/g)].map(([, file]) => file!);
    expect(files.length).toBeGreaterThanOrEqual(4);
    expect(files.filter((file) => !existsSync(join(root, file)))).toEqual([]);
  });
});
