import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Browser, Page } from 'playwright-core';
import { launchChromium } from '../browser/chromium.ts';
import { confirmWords, fillSteps, makeVault, newcomer, shownWords } from '../browser/newcomers.ts';
import { Visitor } from '../browser/visitor.ts';
import { makeCameraFiles, makeJpeg } from '../samples/samples.ts';
import { boot, type Scene } from '../system/boot.ts';
import { eventually } from '../system/processes.ts';

const minute = 60_000;
const ada = newcomer('Ada');
const bruno = newcomer('Bruno');
const album = 'Summer at the lake';
const phone = { viewport: { width: 360, height: 740 }, isMobile: true, hasTouch: true };

/** A family from its first minute on, told by two browsers and a third one that comes back by 24 words. */
describe('the whole story', () => {
  let scene: Scene;
  let browser: Browser;
  let owner: Visitor;
  let guest: Visitor;
  let hers: string[];
  let his: string[];

  beforeAll(async () => {
    scene = await boot('home');
    browser = await launchChromium();
    const { heic, raw, films } = await makeCameraFiles(path.join(scene.folder, 'camera'));
    const jpeg = path.join(scene.folder, 'IMG_1000.jpg');
    await makeJpeg(jpeg, 7);
    hers = [jpeg, heic, raw, ...films];
    his = [path.join(scene.folder, 'IMG_9000.jpg')];
    await makeJpeg(his[0] ?? '', 8);
    owner = await Visitor.arrive(browser, scene.system.address);
    guest = await Visitor.arrive(browser, scene.system.address, phone);
  }, 2 * minute);
  afterAll(async () => {
    await guest?.[Symbol.asyncDispose]();
    await owner?.[Symbol.asyncDispose]();
    await browser?.close();
    await scene?.[Symbol.asyncDispose]();
  }, minute);

  const upload = async (visitor: Visitor, files: string[]) => {
    await visitor.open('/uploads');
    await visitor.page.locator('input[type=file]').first().setInputFiles(files);
    const words = files.length === 1 ? '1 file is stored' : `${files.length} files are stored`;
    await visitor.page.getByRole('status').getByText(words).waitFor({ timeout: minute });
  };
  const tileOf = (page: Page, file: string) =>
    page.getByRole('gridcell', { name: new RegExp(path.basename(file).replace('.', '\\.')) });
  /** What the lightbox saves is the file that was uploaded, to the last byte. */
  const mustDownload = async (page: Page, file: string) => {
    await tileOf(page, file).click();
    const lightbox = page.getByRole('dialog');
    const [download] = await Promise.all([
      page.waitForEvent('download'),
      lightbox.getByRole('button', { name: 'Download the original' }).click(),
    ]);
    expect(download.suggestedFilename()).toBe(path.basename(file));
    expect((await readFile(await download.path())).equals(await readFile(file))).toBe(true);
    await lightbox.getByRole('button', { name: 'Close' }).click();
    await lightbox.waitFor({ state: 'detached' });
  };

  it(
    'is told from the first step to the recovery',
    async () => {
      const words = await makeVault(owner, ada);
      await upload(owner, hers);

      await owner.open('/family');
      await owner.page.getByRole('button', { name: 'Invite somebody' }).click();
      await owner.page.getByRole('button', { name: 'Make the link' }).click();
      const link = (await owner.page.getByRole('textbox', { name: 'Invite link' }).innerText()).trim();
      await owner.page.getByRole('button', { name: 'I have sent it' }).click();

      await guest.page.goto(link);
      await guest.page.getByRole('heading', { name: /invites you/ }).waitFor();
      await guest.page.getByRole('button', { name: 'Join' }).click();
      await fillSteps(guest.page, bruno);
      await confirmWords(guest.page, await shownWords(guest.page));
      await guest.page.getByRole('heading', { level: 1, name: /Photos|Family vault/ }).waitFor();
      await upload(guest, his);

      const albumPlace = await shareAlbum(owner.page);
      await guest.open(albumPlace);
      await guest.page.getByRole('heading', { level: 1, name: album }).waitFor();
      for (const file of hers) await tileOf(guest.page, file).waitFor();
      await guest.screenshot('story-album-on-the-phone');
      for (const file of hers) await mustDownload(guest.page, file);

      await removeGuest(owner.page);
      await guest.open(albumPlace);
      await guest.page.getByText(/You are not in your family any more/).waitFor({ timeout: 30_000 });
      await eventually(
        'nothing of the album is shown',
        async () => (await guest.page.getByRole('gridcell').count()) === 0,
      );
      await guest.screenshot('story-shut-out');
      await guest.open('/');
      await tileOf(guest.page, his[0] ?? '').waitFor();

      await using third = await Visitor.arrive(browser, scene.system.address);
      await recover(third, words);
      await tileOf(third.page, hers[0] ?? '').waitFor();
      for (const file of hers) await mustDownload(third.page, file);
      await third.screenshot('story-recovered');
      for (const visitor of [owner, guest, third]) visitor.mustBeClean();
    },
    8 * minute,
  );

  /** @returns the album's place in the app */
  const shareAlbum = async (page: Page): Promise<string> => {
    await owner.open('/albums');
    await page.getByRole('button', { name: 'New album' }).first().click();
    await page.getByLabel('Name of the album').fill(album);
    await page.getByRole('button', { name: 'Create' }).click();
    await page.getByRole('heading', { level: 1, name: album }).waitFor();
    const main = page.getByRole('main');
    await main.getByRole('button', { name: 'Add photos' }).first().click();
    await page.getByRole('grid', { name: 'Your photos' }).waitFor();
    for (const file of hers) await tileOf(page, file).click({ modifiers: ['Control'] });
    await page.getByRole('button', { name: `Add ${hers.length} photos` }).click();
    await page.getByRole('grid', { name: 'Photos of this album' }).waitFor();
    await main.getByRole('button', { name: 'Share' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Does not have it' }).click();
    await page.getByRole('option', { name: 'Adds' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Adds' }).waitFor();
    await page.getByRole('dialog').getByRole('button', { name: 'Done' }).click();
    return new URL(page.url()).pathname;
  };

  const removeGuest = async (page: Page) => {
    await owner.open('/family');
    await page.getByRole('button', { name: `Actions for \u2068${bruno.name}\u2069` }).click();
    await page.getByRole('menuitem', { name: 'Remove from the family' }).click();
    const question = page.getByRole('alertdialog', { name: /^Remove/ });
    await question.getByRole('button', { name: 'Remove from the family' }).click();
    await page.getByText('You are the first').waitFor();
  };

  const recover = async ({ page, address }: Visitor, words: readonly string[]) => {
    await page.goto(new URL('/recover', address).href);
    await page.getByRole('textbox', { name: 'E-mail address' }).fill(ada.email);
    await page.getByRole('textbox', { name: 'Your 24 words' }).fill(words.join(' '));
    await page.getByRole('textbox', { name: 'New password' }).fill('nine green lanterns by the sea');
    await page.getByRole('button', { name: 'Set the new password' }).click();
    await page.getByRole('heading', { name: 'Photos', level: 1 }).waitFor();
  };
});
