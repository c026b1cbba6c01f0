import { readFile, stat, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Browser } from 'playwright-core';
import { launchChromium } from '../browser/chromium.ts';
import { Visitor } from '../browser/visitor.ts';
import { CliDevice } from '../cli/cli.ts';
import { makeDatedPhotos } from '../samples/days.ts';
import { boot, type Scene } from '../system/boot.ts';
import { filesBelow } from '../samples/samples.ts';

const minute = 60_000;
const password = 'correct horse battery';
const payload = '"><img src=x onerror=alert(1)><script>alert(1)<\u2215script>.jpg';
const photos = [
  { name: 'IMG_1.jpg', taken: '2021:05:12 09:30:00' },
  { name: 'IMG_2.jpg', taken: '2021:05:12 08:30:00' },
  { name: 'Strand.jpg', taken: '2021:05:11 23:59:59' },
  { name: payload, taken: '2019:01:02 10:00:00' },
  { name: 'Oma.jpg', taken: '2018:07:02 10:00:00' },
];

interface Listing {
  photos: { id: string; version: string; name: string; object: string }[];
}

/** The story of a person who looks at photos that they stored before, told in order. */
describe('the timeline', () => {
  let scene: Scene;
  let browser: Browser;
  let visitor: Visitor;
  let device: CliDevice;

  beforeAll(async () => {
    scene = await boot('home');
    const folder = path.join(scene.folder, 'photos');
    await makeDatedPhotos(folder, photos);
    device = new CliDevice(path.join(scene.folder, 'laptop'), scene.system.address, password);
    await device.signUp('Ada', 'ada@example.org');
    await device.ok('backup', folder);
    browser = await launchChromium();
    visitor = await Visitor.arrive(browser, scene.system.address);
  }, 3 * minute);
  afterAll(async () => {
    await visitor?.[Symbol.asyncDispose]();
    await browser?.close();
    await scene?.[Symbol.asyncDispose]();
  }, minute);

  const tile = (name: string | RegExp) => visitor.page.getByRole('gridcell', { name });
  const shown = async (count: number) =>
    await visitor.page.waitForFunction(
      (wanted) => document.querySelectorAll('img[data-state=shown]').length === wanted,
      count,
    );

  it('shows what is stored, by the days of the camera', async () => {
    await visitor.open('/sign-in');
    const { page } = visitor;
    await page.getByLabel('E-mail').fill('ada@example.org');
    await page.getByLabel('Password', { exact: true }).fill(password);
    // Until the server has told what there is, nobody reads that there is nothing.
    await page.route('**/feed?*', async (route) => await route.abort());
    await page.getByRole('button', { name: 'Sign in' }).click();
    await page.getByText('Fetching your photos').waitFor();
    await page.route('**/api/**', async (route) => await route.abort());
    await page.getByRole('heading', { name: 'Your photos are on their way' }).waitFor({ timeout: minute });
    expect(await page.getByText('No photos yet').or(page.getByText('to begin with')).count()).toBe(0);
    expect(await visitor.accessibilityFaults()).toEqual([]);
    await visitor.screenshot('timeline-awaited');
    await page.unrouteAll();
    await page.getByRole('button', { name: 'Try again' }).click();
    await shown(photos.length);
    const headings = await page.getByRole('rowheader').allTextContents();
    expect(headings).toEqual([
      'Wed, 12 May 2021',
      'Tue, 11 May 2021',
      'Wed, 2 January 2019',
      'Mon, 2 July 2018',
    ]);
    await tile('Photo, 12 May 2021, IMG_1.jpg').waitFor();
    expect(
      await page.evaluate('document.querySelector("img[data-state=shown]").naturalWidth'),
    ).toBeGreaterThan(100);
    expect(await visitor.accessibilityFaults()).toEqual([]);
    expect(await visitor.overflowPixels()).toBe(0);
    await visitor.screenshot('timeline');
  });

  it('runs nothing that a file name says', async () => {
    await tile(`Photo, 2 January 2019, ${payload}`).waitFor();
    expect(
      await visitor.page.evaluate('document.querySelectorAll("img[src=x], [role=grid] script").length'),
    ).toBe(0);
    visitor.mustBeClean();
  });

  it('is used with the keyboard alone', async () => {
    const { keyboard } = visitor.page;
    const focused = () => visitor.page.evaluate('document.activeElement?.getAttribute("aria-label")');
    await tile(/IMG_1/).focus();
    await keyboard.press('ArrowRight');
    expect(await focused()).toContain('IMG_2.jpg');
    await keyboard.press('ArrowDown');
    expect(await focused()).toContain('Strand.jpg');
    await keyboard.press('End');
    expect(await focused()).toContain('Oma.jpg');
    await keyboard.press('Home');
    await keyboard.press('Space');
    await keyboard.press('Shift+ArrowRight');
    await visitor.page.getByText('2 selected').waitFor();
    expect(await tile(/IMG_2/).getAttribute('aria-selected')).toBe('true');
    expect(await visitor.accessibilityFaults()).toEqual([]);
    await keyboard.press('Escape');
    expect(await tile(/IMG_2/).getAttribute('aria-selected')).toBe('false');
    await keyboard.press('Enter');
    await visitor.page.waitForURL(/\?photo=[0-9a-f-]{36}$/);
    await visitor.open('/');
    await shown(photos.length);
  });

  it('reminds of the recovery key before the server has answered', async () => {
    const { page } = visitor;
    const asked = page.waitForRequest('**/api/auth/unlocks');
    await page.route('**/api/auth/unlocks', () => undefined);
    await visitor.open('/');
    await asked;
    await page.getByRole('complementary', { name: 'Your photos have no safety net yet.' }).waitFor();
    await page.unroute('**/api/auth/unlocks');
    await visitor.open('/');
    await shown(photos.length);
  });

  it('takes favourites, albums and the trash for what was selected', async () => {
    const { page } = visitor;
    // They come above the photos a moment later: a press in between would fall beside its button.
    await page.getByRole('heading', { name: 'Three things to begin with' }).waitFor();
    await page.getByRole('button', { name: 'Select all of Wed, 12 May 2021' }).click();
    await page.getByRole('button', { name: 'Add to the favourites' }).click();
    await tile(/IMG_1.jpg, favourite/).waitFor();
    await page.getByRole('button', { name: 'Add to an album' }).click();
    await page.getByLabel('Name of a new album').fill('Holidays');
    await page.getByRole('button', { name: 'Create and add' }).click();
    await page.getByText('2 photos added to “Holidays”').waitFor();
    const { photos: there } = await device.ok<Listing>('ls', '--album', 'Holidays');
    expect(there.map(({ name }) => name).sort()).toEqual(['IMG_1.jpg', 'IMG_2.jpg']);
    await tile(/Strand/).click({ modifiers: ['Control'] });
    await page.getByRole('button', { name: 'Move to the trash' }).click();
    await tile(/Strand/).waitFor({ state: 'detached' });
    await page.getByRole('button', { name: 'Undo' }).click();
    await tile(/Strand/).waitFor();
    await page.getByRole('link', { name: 'Favourites' }).click();
    await shown(2);
  });

  it('finds by name, day and album, on this device', async () => {
    const { page } = visitor;
    const finds = async (query: string, count: number) => {
      await visitor.open(`/search?q=${encodeURIComponent(query)}`);
      await page.getByText(count === 1 ? '1 photo found' : `${count} photos found`).waitFor();
    };
    await finds('strand', 1);
    await finds('may 2021', 3);
    await finds('sample 2018', 1);
    await page.getByRole('searchbox').fill('nothing like this');
    await page.getByRole('heading', { name: 'Nothing found' }).waitFor();
    expect(new URL(page.url()).searchParams.get('q')).toBe('nothing like this');
    expect(await visitor.accessibilityFaults()).toEqual([]);
    visitor.mustBeClean();
  });

  it('shows what was tampered with as damaged, and never as another picture', async () => {
    const { photos: listed } = await device.ok<Listing>('ls');
    const objectOf = (name: string) => listed.find((one) => one.name === name)?.object ?? '';
    await forEachCopy(scene, objectOf('Oma.jpg'), async (file) => {
      const bytes = await readFile(file);
      // The thumbnail's ciphertext lies somewhere before the trailer: damage all of the body but the trailer.
      for (let at = 100; at < bytes.length - 4096; at += 997) bytes[at] = (bytes[at] ?? 0) ^ 1;
      await writeFile(file, bytes);
    });
    const other = await readFile((await copiesOf(scene, objectOf('IMG_1.jpg')))[0] ?? '');
    await forEachCopy(scene, objectOf(payload), async (file) => {
      const { size } = await stat(file);
      const swapped = Buffer.concat([other, Buffer.alloc(size)]).subarray(0, size);
      await writeFile(file, swapped);
    });
    await visitor.open('/');
    await shown(photos.length);
    // What this browser keeps is still good; what is fetched anew is not.
    await forgetParts(visitor);
    await visitor.page.reload();
    await shown(photos.length - 2);
    await visitor.page.waitForFunction(() => document.querySelectorAll('[data-state=damaged]').length === 2);
    await visitor.screenshot('timeline-damaged');
  });

  it('fetches a part again when what this browser kept of it is damaged', async () => {
    const damaged = await visitor.page.evaluate(damageParts);
    expect(damaged).toBe(photos.length - 2);
    await visitor.page.reload();
    await shown(photos.length - 2);
    visitor.mustBeClean();
  });
});

async function copiesOf({ system }: Scene, object: string): Promise<string[]> {
  const found = await Promise.all(
    system.locations.map(async ({ path: root }) =>
      (await filesBelow(path.join(root, 'objects')))
        .filter((file) => path.basename(file) === object)
        .map((file) => path.join(root, 'objects', file)),
    ),
  );
  return found.flat();
}

async function forEachCopy(
  scene: Scene,
  object: string,
  work: (file: string) => Promise<void>,
): Promise<void> {
  const files = await copiesOf(scene, object);
  expect(files.length).toBeGreaterThanOrEqual(2);
  for (const file of files) await work(file);
}

/** Runs in the page: opens the device's database and does something with the parts. */
const withParts = (change: string) => `new Promise((resolve, reject) => {
  const opening = indexedDB.open('heirloom');
  opening.onerror = () => reject(opening.error);
  opening.onsuccess = () => {
    const transaction = opening.result.transaction('parts', 'readwrite');
    const store = transaction.objectStore('parts');
    let count = 0;
    ${change}
    transaction.oncomplete = () => { opening.result.close(); resolve(count); };
  };
})`;
const forgetParts = (visitor: Visitor) => visitor.page.evaluate(withParts('store.clear();'));
const damageParts = withParts(`store.openCursor().onsuccess = ({ target: { result: at } }) => {
  if (!at) return;
  at.value.bytes[at.value.bytes.length - 20] ^= 1;
  at.update(at.value);
  count += 1;
  at.continue();
};`);
