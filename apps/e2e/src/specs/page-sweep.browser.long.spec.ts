import { mkdir } from 'node:fs/promises';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Browser } from 'playwright-core';
import { launchChromium } from '../browser/chromium.ts';
import { signInHere } from '../browser/sign-in-here.ts';
import { tornTexts } from '../browser/torn-text.spec-helper.ts';
import { Visitor } from '../browser/visitor.ts';
import { CliDevice } from '../cli/cli.ts';
import { hostileTexts, manyEmoji } from '../samples/hostile.ts';
import { makeCameraFiles, makeJpeg } from '../samples/samples.ts';
import { boot, type Scene } from '../system/boot.ts';

const minute = 60_000;
const password = 'three purple owls at noon';
const texts = Object.values(hostileTexts);
const albums = [hostileTexts.image, manyEmoji, hostileTexts.long, hostileTexts.reversed];
const names = [...texts, manyEmoji, 'IMG_', 'DSC_', 'VID_', 'Berge'];

interface Look {
  language: 'en' | 'ar' | 'de';
  width: number;
  scheme: 'light' | 'dark';
}
const schemes = ['light', 'dark'] as const;
const looks: Look[] = [
  ...[360, 768, 1440].flatMap((width) =>
    schemes.map((scheme) => ({ language: 'en' as const, width, scheme })),
  ),
  { language: 'ar', width: 360, scheme: 'dark' },
  { language: 'ar', width: 1440, scheme: 'light' },
  { language: 'de', width: 360, scheme: 'light' },
];

/** Every page in every look and state, with people, albums, cameras and files of names that would run if anything let them. */
describe('every page', () => {
  let scene: Scene;
  let browser: Browser;
  let ada: Visitor;
  let clara: Visitor;
  let stranger: Visitor;
  const ids = { photo: '', album: '' };

  beforeAll(async () => {
    scene = await boot('home');
    browser = await launchChromium();
    Object.assign(ids, await settleIn(scene));
    stranger = await Visitor.arrive(browser, scene.system.address);
    ada = await Visitor.arrive(browser, scene.system.address);
    await signInHere(ada, 'ada@example.org', password);
    clara = await Visitor.arrive(browser, scene.system.address);
    await signInHere(clara, 'clara@example.org', password);
  }, 5 * minute);
  afterAll(async () => {
    await browser?.close();
    await scene?.[Symbol.asyncDispose]();
  }, minute);

  it.each(['/welcome', '/sign-up', '/sign-in', '/recover', '/join#not-a-link'])(
    'for strangers: %s',
    async (place) => expect(await faultsOf(stranger, place, 'stranger')).toEqual([]),
    2 * minute,
  );

  const inside = [
    '/',
    '/favourites',
    '/search',
    '/search?q=nothing+like+this',
    '/albums',
    '/uploads',
    '/family',
  ];
  const more = [
    '/safety',
    '/devices',
    '/recovery-key',
    '/notices',
    '/activity',
    '/trash',
    '/settings',
    '/no/such/page',
  ];
  it.each([...inside, ...more, '/search?q=img', '/?photo=PHOTO', '/albums/ALBUM'])(
    'with everything in it: %s',
    async (place) => {
      const there = place.replace('PHOTO', ids.photo).replace('ALBUM', ids.album);
      expect(await faultsOf(ada, there, 'full', place)).toEqual([]);
    },
    2 * minute,
  );

  it(
    'with all that is known of a photo, and a caption',
    async () => {
      const { page } = ada;
      await begin(ada, 'en', `/?photo=${ids.photo}`);
      await page.getByRole('button', { name: 'Information', exact: true }).click();
      await page.getByRole('textbox', { name: 'Caption' }).fill(texts.join(' '));
      await page.getByRole('button', { name: 'Save the caption' }).click();
      await page.getByText('Caption saved').waitFor();
      const faults = [];
      for (const look of looks.filter(({ language }) => language === 'en'))
        faults.push(...(await faultsNow(ada, look, 'full', '/photo-info')));
      expect(faults).toEqual([]);
    },
    2 * minute,
  );

  it.each([...inside, ...more])(
    'with nothing in it yet: %s',
    async (place) =>
      expect(await faultsOf(clara, place, 'empty', place, looks.filter(isNarrowEnglish))).toEqual([]),
    2 * minute,
  );

  it.each(['/', '/albums', '/family', '/safety', '/devices', '/notices', '/activity', '/settings', '/trash'])(
    'while its server does not answer, and after: %s',
    async (place) => {
      const { promise, resolve } = Promise.withResolvers<void>();
      await clara.context.route('**/api/**', async (route) => {
        await promise;
        await route.abort().catch(() => undefined);
      });
      try {
        await begin(clara, 'en', place);
        await clara.page.locator('main h1').waitFor();
        expect(
          await faultsNow(clara, { language: 'en', width: 360, scheme: 'light' }, 'loading', place),
        ).toEqual([]);
        resolve();
        await settled(clara);
        expect(
          await faultsNow(clara, { language: 'en', width: 360, scheme: 'dark' }, 'failed', place),
        ).toEqual([]);
        await clara.page
          .getByText(/no connection to your server|not available right now/)
          .first()
          .waitFor();
      } finally {
        resolve();
        await clara.context.unroute('**/api/**');
      }
    },
    2 * minute,
  );

  it(
    'that is locked',
    async () => {
      await begin(ada, 'en', '/settings');
      await ada.page.getByRole('button', { name: 'Lock now' }).click();
      await ada.page.getByRole('heading', { name: 'Heirloom is locked' }).waitFor();
      expect(await faultsOf(ada, '/', 'locked')).toEqual([]);
    },
    2 * minute,
  );
});

const isNarrowEnglish = ({ language, width }: Look) => language === 'en' && width === 360;

/** Three people and their things. @returns a photo and an album of the first one */
async function settleIn({ folder, system }: Scene): Promise<{ photo: string; album: string }> {
  const device = (name: string) => new CliDevice(path.join(folder, name), system.address, password);
  const [ada, bruno, clara] = ['ada', 'bruno', 'clara'].map(device) as [CliDevice, CliDevice, CliDevice];
  const person = (email: string) => ['--server', system.address, '--email', `${email}@example.org`];
  await ada.ok('signup', ...person('ada'), '--name', hostileTexts.breakout, '--device', hostileTexts.image);
  await clara.ok('signup', ...person('clara'), '--name', 'Clara', '--device', 'phone');
  const { link } = await ada.ok<{ link: string }>('family', 'invite');
  const called = ['--name', hostileTexts.reversed, '--device', hostileTexts.long];
  await bruno.ok('family', 'accept', link, '--email', 'bruno@example.org', ...called);
  const photos = path.join(folder, 'photos');
  await mkdir(photos);
  for (const [seed, text] of texts.entries())
    await makeJpeg(path.join(photos, `${text}.jpg`), seed, {
      IFD0: { Make: hostileTexts.breakout, Model: text, ImageDescription: text, Artist: text },
      IFD2: { DateTimeOriginal: `20${12 + seed}:0${seed + 1}:11 10:00:00` },
    });
  for (let seed = 10; seed < 22; seed += 1)
    await makeJpeg(path.join(photos, `IMG_${seed}.jpg`), seed, {
      IFD2: { DateTimeOriginal: `2023:07:1${seed % 3} 10:00:${seed}` },
    });
  await makeCameraFiles(path.join(photos, 'camera'));
  for (const name of albums) await ada.ok('backup', photos, '--album', name);
  await ada.ok('album', 'share', hostileTexts.image, '--with', 'bruno@example.org', '--role', 'contributor');
  const his = path.join(folder, 'his');
  await mkdir(his);
  await makeJpeg(path.join(his, 'Berge.jpg'), 99);
  await bruno.ok('backup', his, '--album', hostileTexts.templates);
  await bruno.ok('album', 'share', hostileTexts.templates, '--with', 'ada@example.org', '--role', 'viewer');
  const listing = await ada.ok<{ photos: { id: string; name: string }[] }>('ls');
  const made = await ada.ok<{ albums: { id: string; name: string }[] }>('album', 'ls');
  for (const name of [`${hostileTexts.breakout}.jpg`, 'IMG_10.jpg'])
    await ada.ok('trash', listing.photos.find((photo) => photo.name === name)?.id ?? '');
  return {
    photo: listing.photos.find(({ name }) => name === `${hostileTexts.image}.jpg`)?.id ?? '',
    album: made.albums.find(({ name }) => name === hostileTexts.image)?.id ?? '',
  };
}

/** Opens a page anew in a language. */
async function begin(visitor: Visitor, language: Look['language'], place: string): Promise<void> {
  await visitor.page
    .evaluate(
      (chosen) => localStorage.setItem('heirloom-preferences', JSON.stringify({ language: chosen })),
      language,
    )
    .catch(() => undefined);
  // From elsewhere, so that an address which differs by its hash alone is loaded anew too.
  await visitor.page.goto('about:blank');
  await visitor.open(place);
}

/** Until nothing turns any more and every picture is there. */
async function settled({ page }: Visitor): Promise<void> {
  await page.locator('main :is(h1, h2)').first().waitFor();
  await page.waitForFunction(
    () => document.querySelector('main [class*=spinner], [data-state=waiting]') === null,
    undefined,
    { timeout: minute },
  );
}

/** What is wrong with a page in all of the looks. */
async function faultsOf(
  visitor: Visitor,
  place: string,
  state: string,
  name = place,
  wanted = looks,
): Promise<string[]> {
  const faults: string[] = [];
  let spoken = '';
  for (const look of wanted) {
    if (look.language !== spoken) {
      spoken = look.language;
      await begin(visitor, look.language, place);
      await settled(visitor);
    }
    faults.push(...(await faultsNow(visitor, look, state, name)));
  }
  return faults;
}

/** What is wrong with the page as it is now, in one look. */
async function faultsNow(visitor: Visitor, look: Look, state: string, place: string): Promise<string[]> {
  const { page } = visitor;
  const { language, width, scheme } = look;
  const name = `${state}${place.replaceAll(/[^a-zA-Z-]+/g, '-')}-${width}-${scheme}-${language}`;
  await page.setViewportSize({ width, height: width === 360 ? 740 : 900 });
  await page.emulateMedia({ colorScheme: scheme, reducedMotion: 'reduce' });
  await page.evaluate(
    () => new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve))),
  );
  await visitor.screenshot(`sweep/${name}`);
  const faults = await tornTexts(page, names);
  const wider = await visitor.overflowPixels();
  if (wider > 0) faults.push(`${wider} pixels wider than the screen`);
  if (language === 'en' && width !== 768) faults.push(...(await visitor.accessibilityFaults()));
  if (await page.evaluate(() => '__ran' in window)) faults.push('a name was run');
  visitor.mustBeClean();
  return faults.map((fault) => `${name}: ${fault}`);
}
