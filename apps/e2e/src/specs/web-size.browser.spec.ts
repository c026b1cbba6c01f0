import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { gzipSync } from 'node:zlib';
import { describe, expect, it } from '@jest/globals';
import { repository } from '../system/processes.ts';

const site = path.join(repository, 'apps/web/dist/site');
const KiB = 1024;
const budgetBytes = 250 * KiB;
/** What the first screen of a signed-in person is made of, besides the page itself. */
const firstScreen = ['src/timeline/timeline-page.tsx', 'src/i18n/catalogue-en.ts'];

/** The engine's worker, and what it loads at once. */
const engineParts = [/^engine\.worker-[\w-]+\.js$/, /^start-engine-[\w-]+\.js$/];

interface Chunk {
  file: string;
  imports?: string[];
}

/** A chunk and all that it cannot run without. */
function withImports(manifest: Record<string, Chunk>, name: string, files: Set<string>): void {
  const chunk = manifest[name];
  if (!chunk) throw new Error(`the build has no ${name}`);
  if (files.has(chunk.file)) return;
  files.add(chunk.file);
  for (const one of chunk.imports ?? []) withImports(manifest, one, files);
}

/** Workers are built apart and stand in no manifest: their imports are read from the code. */
async function withCodeImports(file: string, files: Set<string>): Promise<void> {
  if (files.has(file)) return;
  files.add(file);
  const code = await readFile(path.join(site, file), 'utf8');
  for (const [, name] of code.matchAll(/(?:\bfrom|\bimport)\s*["']\.\/([\w.-]+\.js)["']/g))
    await withCodeImports(`assets/${name}`, files);
}

describe('the first screen', () => {
  it('needs less than 250 KiB of JavaScript, compressed', async () => {
    const manifest = JSON.parse(await readFile(path.join(site, 'build-manifest.json'), 'utf8')) as Record<
      string,
      Chunk
    >;
    const files = new Set<string>();
    for (const name of ['index.html', ...firstScreen]) withImports(manifest, name, files);
    const assets = await readdir(path.join(site, 'assets'));
    for (const part of engineParts) {
      const name = assets.find((one) => part.test(one));
      if (!name) throw new Error(`the build has no ${part.source}`);
      await withCodeImports(`assets/${name}`, files);
    }
    const sizes = await Promise.all(
      [...files].map(async (file) => ({
        file,
        bytes: gzipSync(await readFile(path.join(site, file)), { level: 9 }).length,
      })),
    );
    const sum = sizes.reduce((all, { bytes }) => all + bytes, 0);
    const parts = sizes.map(({ file, bytes }) => `${(bytes / KiB).toFixed(0)} ${path.basename(file)}`);
    process.stdout.write(`first screen: ${(sum / KiB).toFixed(0)} KiB gzip (${parts.join(', ')})\n`);
    expect(sizes.length).toBeGreaterThanOrEqual(4);
    expect(sum).toBeLessThan(budgetBytes);
  });

  it('and every other page do without schemas, which belong to the engine', async () => {
    const manifest = JSON.parse(await readFile(path.join(site, 'build-manifest.json'), 'utf8')) as Record<
      string,
      Chunk
    >;
    const scripts = Object.values(manifest).filter(({ file }) => file.endsWith('.js'));
    expect(scripts.length).toBeGreaterThan(10);
    for (const { file } of scripts)
      expect([file, /\bZodObject\b/.test(await readFile(path.join(site, file), 'utf8'))]).toEqual([
        file,
        false,
      ]);
  });
});
