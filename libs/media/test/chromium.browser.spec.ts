import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { build, type BuildOptions } from 'esbuild';
import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { chromium, type Browser } from 'playwright-core';
import { canvasDecoder } from '../src/browser/index.ts';
import { mediaSamples } from '../src/samples/index.ts';
import type { BrowserResult } from './browser-entry.ts';
import { suite } from './suite.ts';

const samples = await mediaSamples();
const unused = async () => ({ width: 0, height: 0, rgba: new Uint8ClampedArray() });
const names = suite({ decoder: canvasDecoder, samples, unpack: unused, hasPosters: true }).map(
  ({ name }) => name,
);
const flags = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];
const policy =
  "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; worker-src 'self'; report-uri /violation";

const bundling: BuildOptions & { write: false } = {
  bundle: true,
  splitting: true,
  minify: true,
  write: false,
  outdir: '/',
  format: 'esm',
  platform: 'browser',
  target: 'es2023',
  conditions: ['@heirloom/source'],
  logLevel: 'silent',
};

/** Bundled in pieces, as the web app's builder does it: what is imported when needed is a file of its own. */
async function bundle(): Promise<Map<string, Uint8Array>> {
  const { outputFiles } = await build({
    ...bundling,
    entryPoints: ['browser-page.ts', 'browser-entry.ts'].map((name) => join(import.meta.dirname, name)),
  });
  return new Map(outputFiles.map(({ path, contents }) => [path, contents]));
}

describe('libs/media in a worker of Chromium, under a strict policy', () => {
  let server: Server | undefined;
  let browser: Browser | undefined;
  let files = new Map<string, Uint8Array>();
  let results: BrowserResult[] = [];
  const violations: string[] = [];

  beforeAll(async () => {
    files = await bundle();
    server = createServer((request, response) => {
      const script = files.get(request.url ?? '');
      if (request.url === '/violation')
        request.on('data', (chunk: Buffer) => violations.push(chunk.toString()));
      response.setHeader('content-security-policy', policy);
      response.setHeader('content-type', script ? 'text/javascript' : 'text/html; charset=utf-8');
      response.end(
        script ?? '<!doctype html><title>media</title><script type="module" src="/browser-page.js"></script>',
      );
    });
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    browser = await chromium.launch({
      executablePath: process.env.CHROMIUM_PATH ?? '/usr/bin/chromium',
      headless: true,
      args: flags,
    });
    const page = await browser.newPage();
    await page.goto(`http://127.0.0.1:${(server.address() as AddressInfo).port}/`);
    await page.waitForFunction(() => 'runInWorker' in globalThis);
    const encoded = Object.fromEntries(
      Object.entries(samples).map(([name, bytes]) => [name, Buffer.from(bytes).toString('base64')]),
    );
    const answer = (await page.evaluate(
      (input) => (globalThis as unknown as { runInWorker(input: unknown): unknown }).runInWorker(input),
      encoded,
    )) as { results: BrowserResult[]; violations: string[] };
    results = answer.results;
    violations.push(...answer.violations);
  }, 240_000);

  afterAll(async () => {
    await browser?.close();
    server?.close();
  });

  it('runs every check', () => {
    expect(results.map(({ name }) => name)).toEqual(names);
  });

  it.each(names)('%s', (name) => {
    expect(results.find((one) => one.name === name)).toEqual({ name });
  });

  it('keeps within the policy', () => {
    expect(violations).toEqual([]);
  });

  it('is small until a file needs more', async () => {
    const { outputFiles } = await build({
      ...bundling,
      stdin: {
        contents: "export * from '@heirloom/media'; export * from '@heirloom/media/browser';",
        resolveDir: import.meta.dirname,
      },
    });
    const sizes = outputFiles.map(({ path, contents }) => ({ path, bytes: contents.length }));
    const first = sizes.filter(({ path }) => path.endsWith('stdin.js'));
    expect(first).toHaveLength(1);
    expect(first[0]!.bytes).toBeLessThan(40_000);
    expect(sizes.filter(({ bytes }) => bytes > 60_000).length).toBeGreaterThanOrEqual(3);
  });
});
