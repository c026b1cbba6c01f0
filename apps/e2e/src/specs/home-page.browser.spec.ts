import { mkdir } from 'node:fs/promises';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type Browser } from 'playwright-core';
import { launchChromium } from '../browser/chromium.ts';
import { boot, type Scene } from '../system/boot.ts';
import { repository } from '../system/processes.ts';

/** The page that says that Heirloom runs, in a real Chromium. Screenshots land in test-output/screenshots. */
describe('the first page', () => {
  let scene: Scene;
  let browser: Browser;
  const screenshots = path.join(repository, 'test-output/screenshots');

  beforeAll(async () => {
    scene = await boot('home');
    browser = await launchChromium();
    await mkdir(screenshots, { recursive: true });
  }, 120_000);
  afterAll(async () => {
    await browser?.close();
    await scene?.[Symbol.asyncDispose]();
  }, 60_000);

  const sizes = [360, 768, 1440].flatMap((width) =>
    (['light', 'dark'] as const).map((scheme) => ({ width, scheme })),
  );

  it.each(sizes)('fits $width px, $scheme', async ({ width, scheme }) => {
    await using context = await browser.newContext({ viewport: { width, height: 900 }, colorScheme: scheme });
    const page = await context.newPage();
    const complaints: string[] = [];
    const asked: string[] = [];
    page.on('console', (message) => complaints.push(message.text()));
    page.on('pageerror', (error) => complaints.push(error.message));
    page.on('request', (request) => asked.push(new URL(request.url()).origin));
    await page.goto(scene.system.address);
    expect(await page.title()).toBe('Heirloom is running');
    expect(await page.getByText(`--server ${scene.system.address}`).count()).toBeGreaterThan(0);
    expect(await page.evaluate('document.documentElement.scrollWidth')).toBeLessThanOrEqual(width);
    expect(complaints).toEqual([]);
    expect([...new Set(asked)]).toEqual([scene.system.address]);
    await page.screenshot({
      path: path.join(screenshots, `first-page-${width}-${scheme}.png`),
      fullPage: true,
    });
  });
});
