import { createHash } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { release } from '@heirloom/contracts';
import type { Browser } from 'playwright-core';
import { launchChromium } from '../browser/chromium.ts';
import { NextRelease } from '../browser/next-release.ts';
import { Visitor } from '../browser/visitor.ts';
import { boot, topologies, type Scene } from '../system/boot.ts';
import { eventually } from '../system/processes.ts';

/** How the web pages reach a browser, in both topologies. */
describe.each(topologies)('web pages, %s', (topology) => {
  let scene: Scene;
  let browser: Browser;
  beforeAll(async () => {
    scene = await boot(topology);
    browser = await launchChromium();
  }, 120_000);
  afterAll(async () => {
    await browser?.close();
    await scene?.[Symbol.asyncDispose]();
  }, 60_000);

  it('show the welcome page without a complaint, and ask nobody else', async () => {
    await using visitor = await Visitor.arrive(browser, scene.system.address);
    await visitor.open('/');
    await visitor.page.getByRole('link', { name: 'Make your vault' }).waitFor();
    expect(await visitor.page.title()).toBe('Heirloom');
    visitor.mustBeClean();
  });

  // The pages are the same either way.
  if (topology === 'home')
    it('tell of a newer release, which takes over when the person says so', async () => {
      await using server = await NextRelease.start(scene.system.address);
      await using visitor = await Visitor.arrive(browser, server.address);
      const { page } = visitor;
      await visitor.open('/');
      await page.getByRole('link', { name: 'Make your vault' }).waitFor();
      await page.waitForFunction(() => navigator.serviceWorker.controller !== null);
      const kept = () => page.evaluate(async () => (await caches.keys()).toString());
      const before = await kept();
      server.release();
      // Pages look for one by themselves when somebody comes back to them after an hour.
      await page.evaluate(async () => void (await (await navigator.serviceWorker.ready).update()));
      const toast = page.getByRole('alertdialog').filter({ hasText: 'A new version is ready.' });
      await toast.waitFor();
      expect(await visitor.accessibilityFaults()).toEqual([]);
      await visitor.screenshot('release');
      // It waits, for other tabs may still load parts of the one before.
      expect((await kept()).split(',')).toContain(before);
      await Promise.all([page.waitForEvent('load'), toast.getByRole('button', { name: 'Reload' }).click()]);
      await page.getByRole('link', { name: 'Make your vault' }).waitFor();
      await eventually('only the newer one is kept', async () => (await kept()) === server.cacheName);
      expect(await toast.count()).toBe(0);
      visitor.mustBeClean();
    });

  it('come with strict headers', async () => {
    for (const path of ['/', '/albums', '/service-worker.js', '/manifest.webmanifest']) {
      const { headers } = await fetch(new URL(path, scene.system.address));
      const policy = headers.get('content-security-policy') ?? '';
      expect(policy).toContain("default-src 'none'");
      expect(policy).toContain("script-src 'self' 'wasm-unsafe-eval';");
      expect(policy).toContain("require-trusted-types-for 'script'");
      expect(policy).not.toContain('unsafe-inline');
      expect(headers.get('x-content-type-options')).toBe('nosniff');
    }
  });

  it('are what /api/release says', async () => {
    const answer = release.parse(await (await fetch(new URL('/api/release', scene.system.address))).json());
    expect(answer.files.map(({ path }) => path)).toContain('/index.html');
    for (const { path, sha256, bytes } of answer.files) {
      const served = Buffer.from(await (await fetch(new URL(path, scene.system.address))).arrayBuffer());
      expect([path, served.length]).toEqual([path, bytes]);
      expect([path, createHash('sha256').update(served).digest('hex')]).toEqual([path, sha256]);
    }
  });

  it('miss what is not there', async () => {
    for (const path of ['/assets/none.js', '/none.png', '/api/none', '/../package.json'])
      expect([path, (await fetch(new URL(path, scene.system.address))).status]).toEqual([path, 404]);
  });
});
