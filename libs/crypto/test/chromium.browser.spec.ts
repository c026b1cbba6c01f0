import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { build } from 'esbuild';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { chromium, type BrowserContext } from 'playwright-core';
import { webPorts } from '../src/index.ts';
import type { BrowserResult } from './browser-entry.ts';
import { suite } from './suite.ts';
import { vectorFiles } from './vector-files.ts';

const files = vectorFiles();
const names = suite({ ...files, ports: webPorts }).map(({ name }) => name);
const flags = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

async function bundle(): Promise<string> {
  const result = await build({
    entryPoints: [fileURLToPath(new URL('browser-entry.ts', import.meta.url))],
    bundle: true,
    write: false,
    format: 'esm',
    platform: 'browser',
    target: 'es2023',
    conditions: ['@heirloom/source'],
    logLevel: 'silent',
  });
  return result.outputFiles[0]!.text;
}

/** Serves the suite on localhost: WebCrypto exists in secure contexts only. */
async function serve(script: string): Promise<Server> {
  const server = createServer((request, response) => {
    const isScript = request.url === '/suite.js';
    response.setHeader('content-type', isScript ? 'text/javascript' : 'text/html; charset=utf-8');
    response.end(
      isScript
        ? script
        : '<!doctype html><title>suite</title><script type="module" src="/suite.js"></script>',
    );
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return server;
}

describe('libs/crypto in Chromium', () => {
  let server: Server | undefined;
  let context: BrowserContext | undefined;
  let profile: string | undefined;
  let results: BrowserResult[] = [];

  beforeAll(async () => {
    server = await serve(await bundle());
    profile = await mkdtemp(join(tmpdir(), 'heirloom-chromium-'));
    context = await chromium.launchPersistentContext(profile, {
      executablePath: process.env.CHROMIUM_PATH ?? '/usr/bin/chromium',
      headless: true,
      args: flags,
    });
    const page = await context.newPage();
    await page.goto(`http://127.0.0.1:${(server.address() as AddressInfo).port}/`);
    await page.waitForFunction('typeof runSuite === "function"');
    results = (await page.evaluate(
      (input) => (globalThis as unknown as { runSuite(input: unknown): unknown }).runSuite(input),
      files,
    )) as BrowserResult[];
  }, 240_000);

  afterAll(async () => {
    await context?.close();
    server?.close();
    if (profile) await rm(profile, { recursive: true, force: true });
  });

  it('runs every check', () => {
    expect(results.map(({ name }) => name)).toEqual(names);
  });

  it.each(names)('%s', (name) => {
    const result = results.find((one) => one.name === name);
    expect(result).toEqual({ name });
  });
});
