import { mkdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import pg from 'pg';
import type { Browser, Locator } from 'playwright-core';
import { launchChromium } from '../browser/chromium.ts';
import { confirmWords, shownWords } from '../browser/newcomers.ts';
import { signInHere } from '../browser/sign-in-here.ts';
import { Visitor } from '../browser/visitor.ts';
import { CliDevice } from '../cli/cli.ts';
import { makeJpeg, makeSeededFile, sha256File } from '../samples/samples.ts';
import { boot, type Scene } from '../system/boot.ts';
import { eventually } from '../system/processes.ts';

const minute = 60_000;
const password = 'correct horse battery';
/** A name that would run, were it ever taken for markup. */
const hostile = '<img src=x onerror=alert(1)>';

interface Listing {
  photos: { id: string; name: string; sha256: string; object: string; thumbnail: unknown }[];
}

/** One person's uploads and albums in a browser, told in order; another one of the family looks on by the command line. */
describe('uploads and albums in a browser', () => {
  let scene: Scene;
  let browser: Browser;
  let ada: CliDevice;
  let bruno: CliDevice;
  let visitor: Visitor;
  let files: string;
  const file = (name: string) => path.join(files, name);
  const input = () => visitor.page.locator('input[type=file]').first();
  const result = (words: string | RegExp): Locator => visitor.page.getByRole('status').getByText(words);
  const listed = async () => (await ada.ok<Listing>('ls')).photos;

  /** The first photos of all wait for it. */
  const keepRecoveryKey = async () => {
    const { page } = visitor;
    await result(/One thing before your first photos/).waitFor();
    expect(await listed()).toEqual([]);
    await page.getByRole('main').getByRole('link', { name: 'Keep your recovery key' }).click();
    await page.getByLabel('Password', { exact: true }).fill(password);
    await page.getByRole('button', { name: 'Make new words' }).click();
    await confirmWords(page, await shownWords(page));
    await page.getByRole('heading', { name: 'Photos', level: 1 }).waitFor();
  };

  beforeAll(async () => {
    scene = await boot('home');
    browser = await launchChromium();
    files = path.join(scene.folder, 'files');
    await mkdir(files, { recursive: true });
    await makeJpeg(file('one.jpg'), 1);
    await makeJpeg(file(`${hostile}.jpg`), 2);
    await makeJpeg(file('three.jpg'), 3);
    await writeFile(file('broken.jpg'), 'this is no picture');
    await makeSeededFile(file('long film.mov'), 24 * 1024 * 1024, 'a long film');
    await makeSeededFile(file('another film.mov'), 6 * 1024 * 1024, 'another film');
    const device = (name: string) =>
      new CliDevice(path.join(scene.folder, name, 'profile'), scene.system.address, password);
    ada = device('ada');
    bruno = device('bruno');
    await ada.signUp('Ada', 'ada@example.org');
    const { link } = await ada.ok<{ link: string }>('family', 'invite', '--role', 'adult');
    await mkdir(path.dirname(bruno.home), { recursive: true });
    await bruno.ok('family', 'accept', link, '--name', `Bruno ${hostile}`, '--email', 'bruno@example.org');
    visitor = await Visitor.arrive(browser, scene.system.address);
    await signInHere(visitor, 'ada@example.org', password);
  }, 2 * minute);
  afterAll(async () => {
    await visitor?.[Symbol.asyncDispose]();
    await browser?.close();
    await scene?.[Symbol.asyncDispose]();
  }, minute);

  it(
    'store what is picked, tell what was there already, and keep what no one can decode',
    async () => {
      await visitor.open('/uploads');
      await input().setInputFiles([
        file('one.jpg'),
        file(`${hostile}.jpg`),
        file('three.jpg'),
        file('broken.jpg'),
      ]);
      await keepRecoveryKey();
      await visitor.open('/uploads');
      await result('4 files are stored in 2 places.').waitFor();
      await visitor.screenshot('uploads-done');
      expect(await visitor.accessibilityFaults()).toEqual([]);
      await input().setInputFiles([file('one.jpg')]);
      await result('1 was already in your vault.').waitFor();
      const photos = await listed();
      expect(photos.map(({ name }) => name).sort()).toEqual(
        ['broken.jpg', 'one.jpg', 'three.jpg', `${hostile}.jpg`].sort(),
      );
      expect(photos.find(({ name }) => name === 'broken.jpg')?.thumbnail).toBeFalsy();
      expect(photos.find(({ name }) => name === 'one.jpg')?.thumbnail).toBeTruthy();
      for (const { name, sha256 } of photos) expect(sha256).toBe(await sha256File(file(name)));
    },
    minute,
  );

  it(
    'go on after a reload with the same ciphertext, and store it once',
    async () => {
      const { page } = visitor;
      const chunks: string[] = [];
      // The server answers the first chunk, and nothing reaches it afterwards: then the page is reloaded.
      await page.route('**/api/vault/uploads/*', async (route) => {
        if (route.request().method() !== 'PATCH') return await route.continue();
        chunks.push(route.request().url());
        if (chunks.length === 1) return await route.continue();
        await new Promise((resolve) => setTimeout(resolve, 2_000));
        await route.abort().catch(() => undefined);
      });
      await input().setInputFiles([file('long film.mov')]);
      await page.getByRole('heading', { name: 'Now' }).waitFor();
      await eventually('the second chunk is on its way', async () => chunks.length > 1);
      await visitor.screenshot('uploads-running');
      await page.unroute('**/api/vault/uploads/*');
      const later: string[] = [];
      page.on('request', (request) => {
        if (/\/api\/vault\/uploads/.test(request.url())) later.push(`${request.method()} ${request.url()}`);
      });
      await page.reload();
      await result('1 file is stored in 2 places.').waitFor({ timeout: minute });
      // The same upload went on: nothing was begun anew.
      expect(later.filter((line) => line.startsWith('POST'))).toEqual([]);
      expect(later).toContain(`PATCH ${chunks[0] ?? ''}`);
      const found = (await listed()).filter(({ name }) => name === 'long film.mov');
      expect(found.map(({ sha256 }) => sha256)).toEqual([await sha256File(file('long film.mov'))]);
      visitor.mustBeClean();
    },
    2 * minute,
  );

  it(
    'wait for the network by themselves, and are told in every tab',
    async () => {
      const { page, context } = visitor;
      const other = await context.newPage();
      await other.goto(new URL('/uploads', visitor.address).href);
      await context.setOffline(true);
      await input().setInputFiles([file('another film.mov')]);
      const waits = 'Your server cannot be reached. Nothing is lost';
      await page.getByText(waits).waitFor({ timeout: 30_000 });
      await other.getByText(waits).waitFor();
      await visitor.screenshot('uploads-offline');
      await context.setOffline(false);
      await result('1 file is stored in 2 places.').waitFor({ timeout: 90_000 });
      await other.getByText('1 file is stored in 2 places.').waitFor();
      await other.close();
      expect((await listed()).filter(({ name }) => name === 'another film.mov')).toHaveLength(1);
    },
    3 * minute,
  );

  it(
    'take files that are dropped anywhere',
    async () => {
      const { page } = visitor;
      await visitor.open('/favourites');
      await page.getByRole('heading', { level: 1 }).waitFor();
      await makeJpeg(file('dropped.jpg'), 4);
      const bytes = [...(await readFile(file('dropped.jpg')))];
      await eventually('the drop is taken', async () => {
        await page.evaluate((data) => {
          const transfer = new DataTransfer();
          transfer.items.add(new File([new Uint8Array(data)], 'dropped.jpg', { type: 'image/jpeg' }));
          for (const name of ['dragenter', 'dragover', 'drop'])
            window.dispatchEvent(new DragEvent(name, { dataTransfer: transfer, cancelable: true }));
        }, bytes);
        return await page.waitForURL(/\/uploads/, { timeout: 1_500 }).then(
          () => true,
          () => false,
        );
      });
      await page.getByText('dropped.jpg').first().waitFor();
      await eventually('the dropped file is stored', async () =>
        (await listed()).some(({ name }) => name === 'dropped.jpg'),
      );
    },
    minute,
  );

  it(
    'take what another app shares, by the form of the share sheet',
    async () => {
      const { page } = visitor;
      await visitor.open('/favourites');
      await page.waitForFunction(() => navigator.serviceWorker.controller !== null);
      await makeJpeg(file('shared.jpg'), 5);
      await page.evaluate(
        ([name, bytes]) => {
          const shared = new DataTransfer();
          shared.items.add(new File([new Uint8Array(bytes)], name, { type: 'image/jpeg' }));
          const files = Object.assign(document.createElement('input'), { type: 'file', name: 'files' });
          files.files = shared.files;
          const form = document.createElement('form');
          Object.assign(form, { method: 'post', enctype: 'multipart/form-data', action: '/share-target' });
          form.append(files);
          document.body.append(form);
          form.submit();
        },
        [hostile, [...(await readFile(file('shared.jpg')))]] as const,
      );
      await page.waitForURL(/\/uploads/);
      const sha256 = await sha256File(file('shared.jpg'));
      await eventually('the shared file is stored', async () =>
        (await listed()).some((photo) => photo.name === hostile && photo.sha256 === sha256),
      );
      const left = `caches.open('heirloom-shared-files').then(async (kept) => (await kept.keys()).length)`;
      await eventually('nothing of it waits any more', async () => (await page.evaluate<number>(left)) === 0);
      visitor.mustBeClean();
    },
    minute,
  );

  it(
    'fill an album that is shared, renamed and taken back',
    async () => {
      const { page } = visitor;
      await visitor.open('/albums');
      await page.getByRole('button', { name: 'New album' }).click();
      await page.getByLabel('Name of the album').fill(`Summer ${hostile}`);
      await page.getByRole('button', { name: 'Create' }).click();
      await page.getByRole('heading', { level: 1, name: 'Summer' }).waitFor();
      const main = page.getByRole('main');
      await main.getByRole('button', { name: 'Add photos' }).first().click();
      await page.getByRole('grid', { name: 'Your photos' }).waitFor();
      // By what is not selected yet, and not by place: photos of an upload before may still arrive.
      for (const name of ['Add 1 photo', 'Add 2 photos']) {
        await page.locator('[data-place][aria-selected="false"]').first().click();
        await page.getByRole('button', { name }).waitFor();
      }
      await page.getByRole('button', { name: 'Add 2 photos' }).click();
      await page.getByRole('grid', { name: 'Photos of this album' }).waitFor();
      await page.getByText('2 photos were added.').waitFor();
      // What React Aria said aloud about pending buttons stays in the page for some seconds, without what it names.
      await page.reload();
      await page.getByRole('grid', { name: 'Photos of this album' }).waitFor();
      await main.getByRole('button', { name: 'Share' }).click();
      await page.getByRole('dialog').getByText('Bruno').first().waitFor();
      expect(await visitor.accessibilityFaults()).toEqual([]);
      await visitor.screenshot('albums-share');
      await page.getByRole('dialog').getByRole('button', { name: 'Does not have it' }).click();
      await page.getByRole('option', { name: 'Looks' }).click();
      const albumsOfBruno = async () =>
        (await bruno.ok<{ albums: { name: string }[] }>('album', 'ls')).albums.map(({ name }) => name);
      await eventually('Bruno has the album', async () =>
        (await albumsOfBruno()).includes(`Summer ${hostile}`),
      );
      await page.getByRole('dialog').getByRole('button', { name: 'Looks' }).click();
      await page.getByRole('option', { name: 'Does not have it' }).click();
      await page.getByRole('button', { name: 'Take it back' }).click();
      await eventually(
        'Bruno does not have it any more',
        async () => !(await albumsOfBruno()).includes(`Summer ${hostile}`),
      );
      await page.getByRole('dialog').getByRole('button', { name: 'Done' }).click();
      await main.getByRole('button', { name: 'More about this album' }).click();
      await page.getByRole('menuitem', { name: 'Rename' }).click();
      await page.getByLabel('Name of the album').fill('Autumn');
      await page.getByRole('button', { name: 'Save' }).click();
      await page.getByRole('heading', { level: 1, name: 'Autumn' }).waitFor();
      expect((await ada.ok<{ albums: { name: string }[] }>('album', 'ls')).albums).toContainEqual(
        expect.objectContaining({ name: 'Autumn' }),
      );
      await visitor.screenshot('albums-one');
      visitor.mustBeClean();
    },
    2 * minute,
  );

  it(
    'call an album damaged whose name was forged, and show no other in its place',
    async () => {
      const client = new pg.Client({ connectionString: await scene.system.databaseUrl() });
      await client.connect();
      try {
        const flip = 'set_byte(sealed_name, 20, get_byte(sealed_name, 20) # 1)';
        const { rowCount } = await client.query(
          `UPDATE sharing_policy.collections SET sealed_name = ${flip} WHERE sealed_name IS NOT NULL`,
        );
        expect(rowCount).toBeGreaterThan(0);
      } finally {
        await client.end();
      }
      await using elsewhere = await Visitor.arrive(browser, scene.system.address);
      await signInHere(elsewhere, 'ada@example.org', password);
      await elsewhere.open('/albums');
      await elsewhere.page.getByText('Album with a damaged name').waitFor();
      expect(await elsewhere.page.getByText('Autumn').count()).toBe(0);
      expect(await elsewhere.accessibilityFaults()).toEqual([]);
      await elsewhere.screenshot('albums-forged-name');
      elsewhere.mustBeClean();
    },
    minute,
  );
});
