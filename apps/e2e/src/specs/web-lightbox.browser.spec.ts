import { createHash } from 'node:crypto';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { fixture, longFilm } from '@heirloom/media/samples';
import type { Browser, Locator, Page } from 'playwright-core';
import { launchChromium } from '../browser/chromium.ts';
import { readZip } from '../browser/read-zip.ts';
import { Visitor } from '../browser/visitor.ts';
import { CliDevice } from '../cli/cli.ts';
import { belongingsOf } from '../refusals/belongings.ts';
import { mintToken } from '../refusals/tokens.ts';
import { makeJpeg } from '../samples/samples.ts';
import { boot, type Scene } from '../system/boot.ts';

const email = 'ada@example.org';
const password = 'correct horse battery';
const MiB = 1024 * 1024;
const minute = 60_000;
const film = { seconds: 60, bytes: 24 * MiB };

interface Listing {
  photos: { id: string; name: string; object: string }[];
}

const sha256 = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex');
const taken = (time: string) => ({
  IFD2: { DateTimeOriginal: `2021:06:05 ${time}`, OffsetTimeOriginal: '+02:00' },
});

/** One after the other, in one browser: each step goes on where the one before ended. */
describe('one photo at a time', () => {
  let scene: Scene;
  let browser: Browser;
  let ada: Visitor;
  let page: Page;
  let photos: string;
  let listing: Listing['photos'];

  const button = (name: string) => page.getByRole('button', { name, exact: true });
  const lightbox = () => page.getByRole('dialog');
  const tile = (name: string): Locator => page.getByRole('gridcell', { name: new RegExp(name) });
  const idOf = (name: string) => listing.find((one) => one.name === name)?.id ?? '';
  const shown = (name: string) => page.getByRole('dialog', { name: new RegExp(name) }).waitFor();
  const picture = (state: string) => lightbox().locator(`[data-state="${state}"]`).waitFor();

  beforeAll(async () => {
    scene = await boot('home');
    photos = path.join(scene.folder, 'photos');
    await mkdir(photos);
    for (const [i, name] of ['one', 'two', 'three'].entries())
      await makeJpeg(path.join(photos, `${name}.jpg`), i, taken(`14:0${i}:00`));
    await makeJpeg(path.join(photos, 'tampered.jpg'), 7, taken('13:00:00'));
    await writeFile(path.join(photos, 'phone.heic'), await fixture('turned.heic'));
    await writeFile(path.join(photos, 'notes.pdf'), '%PDF-1.4\n% nothing to see');
    const mp4 = await longFilm(await fixture('plain.mp4'), film.seconds, film.bytes);
    await writeFile(path.join(photos, 'film.mp4'), mp4);
    const cli = new CliDevice(path.join(scene.folder, 'cli/profile'), scene.system.address, password);
    await cli.signUp('Ada Lovelace', email);
    await cli.ok('backup', photos, '--album', 'Summer');
    listing = (await cli.ok<Listing>('ls')).photos;
    browser = await launchChromium();
    ada = await Visitor.arrive(browser, scene.system.address);
    page = ada.page;
    page.setDefaultTimeout(12_000);
    await ada.open('/sign-in');
    await page.getByLabel('E-mail').fill(email);
    await page.getByLabel('Password', { exact: true }).fill(password);
    await page.getByRole('button', { name: 'Sign in' }).click();
    await tile('one.jpg').waitFor();
  }, 3 * minute);
  // What one step left open is in nobody's way.
  beforeEach(async () => {
    if ((await lightbox().count()) > 0) await ada.open('/');
  });
  afterAll(async () => {
    await ada?.[Symbol.asyncDispose]();
    await browser?.close();
    await scene?.[Symbol.asyncDispose]();
  }, minute);

  it(
    'opens, goes on by keys, zooms in to the original, and closes to where it was',
    async () => {
      await tile('three.jpg').click();
      await shown('three.jpg');
      await picture('preview');
      await page.keyboard.press('ArrowRight');
      await shown('two.jpg');
      await page.keyboard.press('ArrowLeft');
      await page.keyboard.press('ArrowRight');
      await page.keyboard.press('ArrowRight');
      await shown('one.jpg');
      expect(page.url()).toContain(idOf('one.jpg'));
      await page.keyboard.press('+');
      await page.keyboard.press('+');
      await picture('original');
      const scale = await lightbox().locator('[data-state="original"]').getAttribute('style');
      expect(scale).toContain('scale(2.25)');
      expect(await ada.accessibilityFaults()).toEqual([]);
      await ada.screenshot('lightbox-1280');
      await page.goBack();
      await lightbox().waitFor({ state: 'detached' });
      await page.locator('[role="gridcell"]:focus[aria-label*="one.jpg"]').waitFor();
    },
    minute,
  );

  it(
    'goes as far as arrows are pressed quickly, also while the list is made anew',
    async () => {
      await tile('three.jpg').click();
      await shown('three.jpg');
      for (let round = 0; round < 10; round++) {
        // A favourite changes the list while the keys are on their way.
        await button('Favourite').click();
        for (const key of ['Right', 'Left', 'Right', 'Right']) await page.keyboard.press(`Arrow${key}`);
        await shown('one.jpg');
        for (const key of ['Left', 'Right', 'Left', 'Left']) await page.keyboard.press(`Arrow${key}`);
        await shown('three.jpg');
      }
      await page.keyboard.press('Escape');
      await lightbox().waitFor({ state: 'detached' });
    },
    minute,
  );

  it(
    'tells what is known, and keeps a caption and a favourite',
    async () => {
      await tile('two.jpg').click();
      await button('Information').click();
      const panel = page.getByRole('complementary', { name: 'Information' });
      await panel.getByText('(UTC+02:00)').waitFor();
      const words = (await panel.textContent()) ?? '';
      for (const known of ['two.jpg', 'at 14:01', 'Heirloom Works Sample One', '640 × 426 pixels'])
        expect(words).toContain(known);
      await panel.getByRole('button', { name: 'Check the copies' }).click();
      await panel.getByText(/\d of 3 copies are whole/).waitFor();
      await panel.getByLabel('Caption').fill('Grandma at the lake');
      await panel.getByRole('button', { name: 'Save the caption' }).click();
      await page.getByText('Caption saved').waitFor();
      await button('Favourite').click();
      await page.getByRole('button', { name: 'Favourite', pressed: true }).waitFor();
      await ada.screenshot('lightbox-info-1280');
      await page.setViewportSize({ width: 360, height: 740 });
      expect(await ada.overflowPixels()).toBeLessThanOrEqual(0);
      expect(await ada.accessibilityFaults()).toEqual([]);
      await ada.screenshot('lightbox-info-360');
      await button('Close the information').click();
      await ada.screenshot('lightbox-360');
      await page.setViewportSize({ width: 1280, height: 900 });
      await page.keyboard.press('Escape');
      await page.getByRole('gridcell', { name: /two\.jpg, favourite/ }).waitFor();
    },
    minute,
  );

  it(
    'downloads what was stored, byte for byte',
    async () => {
      for (const name of ['two.jpg', 'film.mp4', 'notes.pdf']) {
        await tile(name).click();
        const [download] = await Promise.all([
          page.waitForEvent('download'),
          button('Download the original').click(),
        ]);
        expect(download.suggestedFilename()).toBe(name);
        const saved = await readFile(await download.path());
        expect([name, sha256(saved)]).toEqual([name, sha256(await readFile(path.join(photos, name)))]);
        await lightbox().getByRole('button', { name: 'Close', exact: true }).click();
        await lightbox().waitFor({ state: 'detached' });
      }
    },
    2 * minute,
  );

  it(
    'plays a film, and goes to its end without fetching what lies between',
    async () => {
      let asked = 0;
      let largest = 0;
      const count = (request: { url(): string; headers(): Record<string, string> }) => {
        const [, from, to] = /bytes=(\d+)-(\d+)/.exec(request.headers()['range'] ?? '') ?? [];
        if (!request.url().includes('/api/vault/') || to === undefined) return;
        asked += Number(to) - Number(from) + 1;
        largest = Math.max(largest, Number(to) - Number(from) + 1);
      };
      ada.context.on('request', count);
      await tile('film.mp4').click();
      const video = lightbox().locator('video');
      const element = (script: string) =>
        page.evaluate<unknown>(`{ const video = document.querySelector('video'); ${script} }`);
      await video.waitFor();
      await element(
        'new Promise((done) => { video.muted = true; video.onplaying = done; void video.play(); })',
      );
      expect(await element('Math.round(video.duration)')).toBe(film.seconds);
      await element(
        `new Promise((done) => { video.onseeked = done; video.currentTime = ${film.seconds - 2}; })`,
      );
      await element('new Promise((done) => { video.onended = done; void video.play(); })');
      ada.context.off('request', count);
      expect(asked).toBeGreaterThan(100_000);
      expect(asked).toBeLessThan(film.bytes * 0.75);
      expect(largest).toBeLessThan(4.5 * MiB);
      const address = String(await element('video.currentSrc'));
      await ada.screenshot('lightbox-film-1280');
      await page.keyboard.press('Escape');
      await lightbox().waitFor({ state: 'detached' });
      expect(
        await page.evaluate<number>(`fetch(${JSON.stringify(address)}).then(({ status }) => status)`),
      ).toBe(404);
      const kept = `caches.keys().then(async (names) => (await Promise.all(names.map(async (name) => (await (await caches.open(name)).keys()).map(({ url }) => url)))).flat())`;
      expect((await page.evaluate<string[]>(kept)).filter((url) => url.includes('/media/'))).toEqual([]);
    },
    minute,
  );

  it(
    'shows a file of another kind as such, and says when a photo is not there',
    async () => {
      await tile('notes.pdf').click();
      await lightbox().getByText('cannot be shown here').waitFor();
      await page.keyboard.press('Escape');
      await ada.open('/?photo=0197c3a0-0000-7000-8000-000000000000');
      await page.getByText('This photo is not here any more.').waitFor();
      expect(await lightbox().count()).toBe(0);
    },
    minute,
  );

  it(
    'moves to the trash, brings back, and empties it with what that means',
    async () => {
      const go = (name: string) => page.getByRole('link', { name, exact: true }).click();
      const toTrash = async () => {
        await tile('phone.heic').click();
        await button('Move to the trash').click();
        await page.getByText('Moved to the trash').first().waitFor();
        // What came after it is shown in its place.
        await shown('three.jpg');
        await page.keyboard.press('Escape');
        await go('Trash');
        await page.getByRole('gridcell', { name: /phone\.heic, safe for 30 days/ }).waitFor();
      };
      await toTrash();
      expect(await ada.accessibilityFaults()).toEqual([]);
      await tile('phone.heic').click();
      await button('Bring back').click();
      await page.getByText('The trash is empty').waitFor();
      await go('Photos');
      await toTrash();
      await ada.screenshot('trash-1280');
      await button('Empty the trash').click();
      await page.getByText('Nobody can shorten that time').waitFor();
      await button('Delete for good').click();
      await page.getByText('The trash is empty').waitFor();
      await go('Photos');
      await tile('one.jpg').waitFor();
      expect(await tile('phone.heic').count()).toBe(0);
    },
    minute,
  );

  it(
    'opens without a network, shows what is kept, and says what is not',
    async () => {
      await page.evaluate('navigator.serviceWorker.ready');
      await page.reload();
      await tile('one.jpg').locator('[data-state="shown"]').waitFor();
      await ada.context.setOffline(true);
      await page.reload();
      await tile('one.jpg').locator('[data-state="shown"]').waitFor();
      await page.getByText('There is no connection to your server').waitFor();
      await ada.screenshot('offline-1280');
      await tile('film.mp4').click();
      await lightbox().getByRole('alert').waitFor();
      await ada.context.setOffline(false);
      await button('Try again').click();
      await lightbox().locator('video').waitFor();
      await page.keyboard.press('Escape');
      await lightbox().waitFor({ state: 'detached' });
    },
    minute,
  );

  it(
    'never shows another picture for one that was tampered with',
    async () => {
      const object = listing.find(({ name }) => name === 'tampered.jpg')?.object ?? '';
      await spoil(scene, object);
      await forget(page);
      await ada.open(`/?photo=${idOf('tampered.jpg')}`);
      await picture('damaged');
      await lightbox().getByText('Damaged: cannot be shown').waitFor();
      await ada.screenshot('lightbox-damaged');
      await page.keyboard.press('Escape');
    },
    minute,
  );

  it(
    'stops a film with a sentence where it was tampered with in the middle',
    async () => {
      await spoil(scene, listing.find(({ name }) => name === 'film.mp4')?.object ?? '', 0.4, 0.6);
      await ada.open('/');
      await tile('film.mp4').click();
      await lightbox().locator('video').waitFor();
      await page.evaluate(`new Promise((done, fail) => {
        const video = document.querySelector('video');
        video.muted = true;
        video.ontimeupdate = () => video.currentTime > 1 && done();
        video.onerror = () => fail(new Error('its beginning is whole'));
        void video.play();
      })`);
      await page.evaluate(`{ document.querySelector('video').currentTime = ${film.seconds / 2 - 8}; }`);
      await lightbox().getByText('Damaged: cannot be shown').waitFor();
      expect(await lightbox().locator('video, img').count()).toBe(0);
      expect(await ada.accessibilityFaults()).toEqual([]);
      await ada.screenshot('lightbox-film-damaged');
      await page.keyboard.press('Escape');
    },
    minute,
  );

  const select = async (...names: string[]) => {
    for (const name of names) await tile(name).click({ modifiers: ['Control'] });
  };
  const saved = async (begin: () => Promise<void>) => {
    const [download] = await Promise.all([page.waitForEvent('download'), begin()]);
    return { name: download.suggestedFilename(), files: readZip(await readFile(await download.path())) };
  };

  it(
    'downloads many as one file, byte for byte, and names those that are damaged',
    async () => {
      await ada.open('/');
      await select('one.jpg', 'notes.pdf', 'film.mp4', 'two.jpg');
      const { name, files } = await saved(() => button('Download').click());
      expect(name).toMatch(/^Heirloom \d{4}-\d\d-\d\d\.zip$/);
      expect([...files.keys()].sort()).toEqual(['Not included.txt', 'notes.pdf', 'one.jpg', 'two.jpg']);
      for (const one of ['one.jpg', 'two.jpg', 'notes.pdf'])
        expect([one, files.get(one)?.equals(await readFile(path.join(photos, one)))]).toEqual([one, true]);
      expect(String(files.get('Not included.txt')).split('\r\n')).toContain('film.mp4');
      const card = page.getByRole('region', { name: 'Downloads' });
      await card.getByText('3 photos are saved').waitFor();
      await card.getByText('film.mp4').waitFor();
      expect(await ada.accessibilityFaults()).toEqual([]);
      await page.setViewportSize({ width: 360, height: 740 });
      expect(await ada.overflowPixels()).toBeLessThanOrEqual(0);
      await ada.screenshot('downloads-360');
      await page.setViewportSize({ width: 1280, height: 900 });
      await card.getByRole('button', { name: 'All right' }).click();
      await card.waitFor({ state: 'detached' });
    },
    minute,
  );

  it(
    'downloads an album while an access token ends, and stops when it is told to',
    async () => {
      const person = await belongingsOf(await scene.system.databaseUrl(), email);
      const ended = await mintToken(await scene.system.tokenKey(), { ...person, expiresIn: -5 });
      let present: string | undefined;
      let refused = 0;
      const holds = { readers: 0 };
      // What the page sends with the token of now arrives with one that has ended.
      await page.route('**/api/vault/**', async (route) => {
        const { authorization } = route.request().headers();
        present ??= authorization;
        if (holds.readers > 0) await new Promise((resolve) => setTimeout(resolve, holds.readers));
        if (authorization !== present) return await route.continue();
        refused += 1;
        await route.continue({
          headers: { ...route.request().headers(), authorization: `Bearer ${ended}` },
        });
      });
      await page.getByRole('link', { name: 'Albums', exact: true }).click();
      await page.getByRole('link', { name: /Summer/ }).click();
      await tile('one.jpg').waitFor();
      const album = async () => {
        await button('More about this album').click();
        await page.getByRole('menuitem', { name: 'Download the album' }).click();
      };
      const { name, files } = await saved(album);
      expect([name, files.has('phone.heic'), files.has('one.jpg')]).toEqual(['Summer.zip', false, true]);
      expect(refused).toBeGreaterThan(0);
      expect(await page.getByRole('alert').count()).toBe(0);
      const card = page.getByRole('region', { name: 'Downloads' });
      await card.getByRole('button', { name: 'All right' }).click();
      holds.readers = 500;
      const [download] = await Promise.all([page.waitForEvent('download'), album()]);
      await card.getByText('Saving Summer.zip').waitFor();
      await ada.screenshot('downloads-running');
      await card.getByRole('button', { name: 'Stop' }).click();
      await card.getByText('Summer.zip was not finished').waitFor();
      expect(await download.failure()).not.toBeNull();
      await page.unrouteAll({ behavior: 'ignoreErrors' });
    },
    minute,
  );

  it(
    'ends signed out, with a sentence, when the browser clears what is kept',
    async () => {
      await page.evaluate(
        `new Promise((done) => { const asked = indexedDB.deleteDatabase('heirloom'); asked.onsuccess = done; })`,
      );
      await page.getByText('This browser has cleared what Heirloom kept here').waitFor();
      await page.waitForURL('**/welcome');
      ada.mustBeClean();
    },
    minute,
  );
});

/** More than the signed end of a small photo, and less than what comes before it. */
const trailerBytes = 3000;

/** Changes bytes of an object in every location, from one share of it to another, but for its signed end. */
async function spoil(scene: Scene, object: string, from = 0, to = 1): Promise<void> {
  for (const location of scene.system.locations) {
    const file = path.join(location.path, 'objects', object.slice(0, 2), object.slice(2, 4), object);
    const bytes = await readFile(file);
    const end = Math.min(bytes.length * to, bytes.length - trailerBytes);
    for (let at = 60 + Math.floor(bytes.length * from); at < end; at += 100) bytes[at] = (bytes[at] ?? 0) ^ 1;
    await writeFile(file, bytes);
  }
}

/** Empties the cache of thumbnails and previews. */
const forget = (page: Page): Promise<unknown> =>
  page.evaluate(
    `new Promise((done) => { const opening = indexedDB.open('heirloom'); opening.onsuccess = () => { const db = opening.result; const clearing = db.transaction('parts', 'readwrite'); clearing.objectStore('parts').clear(); clearing.oncomplete = () => { db.close(); done(); }; }; })`,
  );
