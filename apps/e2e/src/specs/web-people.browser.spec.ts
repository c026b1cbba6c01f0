import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Browser, Page } from 'playwright-core';
import { launchChromium } from '../browser/chromium.ts';
import { confirmWords, fillSteps, newcomer, shownWords } from '../browser/newcomers.ts';
import { Visitor } from '../browser/visitor.ts';
import { boot, type Scene } from '../system/boot.ts';

const phone = { viewport: { width: 360, height: 740 }, isMobile: true, hasTouch: true } as const;
const hostile = `<img src=x onerror="document.title='run'"> Ada`;
const ada = newcomer(hostile, 'ada');
const bruno = newcomer('Bruno "><script>document.title=1</script>', 'bruno');

/** Told in order: each step stands on the one before. */
describe('people in a browser', () => {
  let scene: Scene;
  let browser: Browser;
  let owner: Visitor;
  let grandmother: Visitor;
  let words: string[];
  let link: string;
  beforeAll(async () => {
    scene = await boot('home');
    browser = await launchChromium();
    owner = await Visitor.arrive(browser, scene.system.address);
    grandmother = await Visitor.arrive(browser, scene.system.address, phone);
  }, 120_000);
  afterAll(async () => {
    await browser?.close();
    await scene?.[Symbol.asyncDispose]();
  }, 60_000);

  const isWell = async (visitor: Visitor, name: string) => {
    await visitor.screenshot(`people-${name}`);
    expect([name, await visitor.accessibilityFaults(), await visitor.overflowPixels()]).toEqual([
      name,
      [],
      0,
    ]);
    expect(await visitor.page.title()).toBe('Heirloom');
    visitor.mustBeClean();
  };
  const press = (page: Page, name: string | RegExp) => page.getByRole('button', { name }).click();

  it('make a vault one step at a time, and are told how good a password is', async () => {
    const { page } = owner;
    await owner.open('/');
    await page.getByRole('link', { name: 'Make your vault' }).waitFor();
    await isWell(owner, 'welcome');
    await page.getByRole('link', { name: 'Make your vault' }).click();
    await page.getByRole('textbox', { name: 'Your name' }).fill(' ');
    await page.keyboard.press('Enter');
    await page.getByText('Type your name.').waitFor();
    await page.getByRole('textbox', { name: 'Your name' }).fill(ada.name);
    await page.keyboard.press('Enter');
    await page.getByRole('textbox', { name: 'E-mail address' }).fill('ada');
    await page.keyboard.press('Enter');
    await page.getByText('This is not an e-mail address yet').waitFor();
    await page.getByRole('textbox', { name: 'E-mail address' }).fill(ada.email);
    await page.keyboard.press('Enter');
    const password = page.getByRole('textbox', { name: 'Password', exact: true });
    await password.fill('ada');
    await page.getByText('Too short: 7 characters are missing.').waitFor();
    await password.fill('password1234');
    await page.getByText(/^(Guessed at once|Very easy to guess)\. Many people use/).waitFor();
    await isWell(owner, 'password');
    await password.fill(ada.password);
    await page.getByText('Very strong.').waitFor();
    await page.keyboard.press('Enter');
    words = await shownWords(page);
    expect(words).toHaveLength(24);
    await isWell(owner, 'recovery-key');
  });

  it('print one page with the words and nothing else, and save them as a file', async () => {
    const { page } = owner;
    const [download] = await Promise.all([page.waitForEvent('download'), press(page, 'Save as a file')]);
    const saved = await new Response((await download.createReadStream()) as never).text();
    expect(words.every((word, i) => saved.includes(`${i + 1}. ${word}\r\n`))).toBe(true);
    for (const format of ['A4', 'Letter']) {
      const pdf = (await page.pdf({ format })).toString('latin1');
      expect([format, pdf.match(/\/Type\s*\/Page\b/g)?.length]).toEqual([format, 1]);
    }
    await page.emulateMedia({ media: 'print' });
    await owner.screenshot('people-printed-sheet');
    const printed = await page.locator('body').innerText();
    expect(printed).toContain(ada.email);
    expect(printed).toContain(scene.system.address);
    expect(printed).not.toContain('I have them on paper');
    await page.emulateMedia({ media: null });
  });

  it('show that they have the words; wrong ones are told', async () => {
    const { page } = owner;
    await confirmWords(page, words.with(0, 'zoo').toReversed());
    await page.getByText('Not all of these words are right.').waitFor();
    await isWell(owner, 'wrong-words');
    await press(page, 'Show the words again');
    await confirmWords(page, words);
    await page.getByRole('heading', { name: 'Photos', level: 1 }).waitFor();
    await page.getByText('Three things to begin with').waitFor();
    expect(await page.getByText('Keep your recovery key').isVisible()).toBe(true);
    expect(await page.getByText('Your photos have no safety net yet.').count()).toBe(0);
    await isWell(owner, 'first-steps');
  });

  it('invite by a link that is shown once', async () => {
    const { page } = owner;
    await page.getByRole('link', { name: /Invite your family/ }).click();
    await press(page, 'Invite somebody');
    await page.getByRole('radio', { name: /^Adult/ }).waitFor();
    await isWell(owner, 'invite');
    await press(page, 'Make the link');
    link = (await page.getByRole('textbox', { name: 'Invite link' }).innerText()).trim();
    expect(link).toMatch(/\/join#/);
    await isWell(owner, 'invite-link');
    await press(page, 'I have sent it');
    await page.getByRole('heading', { name: 'Invites on their way' }).waitFor();
    await isWell(owner, 'family-of-one');
  });

  it('open it on a phone that has never been here, and are in the family by signing up', async () => {
    const { page } = grandmother;
    await page.goto(link);
    await page.getByRole('heading', { name: /invites you/ }).waitFor();
    expect(page.url()).toBe(new URL('/join', scene.system.address).href);
    expect(await page.getByRole('heading', { level: 1 }).innerText()).toContain(hostile);
    await isWell(grandmother, 'invited');
    await page.reload();
    await press(page, 'Join');
    await fillSteps(page, bruno);
    const hers = await shownWords(page);
    await isWell(grandmother, 'phone-recovery-key');
    await press(page, 'Later');
    await page.getByText('Your photos have no safety net yet.').waitFor();
    expect(hers).not.toEqual(words);
    await isWell(grandmother, 'phone-photos');
    await grandmother.open('/family');
    await page.getByText(hostile, { exact: true }).waitFor();
    await page.getByText(bruno.name, { exact: true }).waitFor();
    await isWell(grandmother, 'phone-family');
  });

  it('refuse to be in it twice: the link is used up', async () => {
    await using late = await Visitor.arrive(browser, scene.system.address, phone);
    await late.page.goto(link);
    await late.page.getByRole('heading', { name: 'This invite was used already' }).waitFor();
    await isWell(late, 'used-link');
    await late.page.goto(new URL('/join#not-a-link', late.address).href);
    await late.page.getByRole('heading', { name: 'The link is not whole' }).waitFor();
  });

  const numbersOf = async ({ page }: Visitor, person: string) => {
    await page.getByRole('button', { name: `Actions for \u2068${person}\u2069` }).click();
    await page.getByRole('menuitem', { name: 'Compare safety numbers' }).click();
    const list = page.getByRole('list', { name: 'Safety number' });
    await list.waitFor();
    return await list.getByRole('listitem').allInnerTexts();
  };

  it('see the same safety number on both sides', async () => {
    await owner.open('/family');
    const hers = await numbersOf(owner, bruno.name);
    expect(hers).toHaveLength(12);
    await isWell(owner, 'safety-number');
    expect(await numbersOf(grandmother, ada.name)).toEqual(hers);
    await isWell(grandmother, 'phone-safety-number');
    await press(owner.page, 'They are the same');
    await owner.page.getByText('Safety number compared').waitFor();
    await isWell(owner, 'family');
  });

  it('remove somebody, who is shut out with a sentence and keeps what is theirs', async () => {
    const { page } = owner;
    await page.getByRole('button', { name: `Actions for \u2068${bruno.name}\u2069` }).click();
    await page.getByRole('menuitem', { name: 'Remove from the family' }).click();
    const question = page.getByRole('alertdialog', { name: /^Remove/ });
    await question.waitFor();
    await isWell(owner, 'remove');
    await question.getByRole('button', { name: 'Remove from the family' }).click();
    await page.getByText('You are the first').waitFor();
    await grandmother.open('/family');
    await grandmother.page.getByText('You are the first').waitFor();
    expect(await grandmother.page.getByText(hostile, { exact: true }).count()).toBe(0);
    await grandmother.page.getByText(/You are not in your family any more/).waitFor();
    await isWell(grandmother, 'phone-removed');
  });

  it('come back by the 24 words, and see which of them is wrong', async () => {
    await using forgetful = await Visitor.arrive(browser, scene.system.address, phone);
    const { page } = forgetful;
    await forgetful.open('/sign-in');
    await page.getByRole('textbox', { name: 'E-mail address' }).fill(ada.email);
    await page.getByRole('textbox', { name: 'Password', exact: true }).fill('not my password');
    await press(page, 'Sign in');
    await page.getByText('The e-mail address or the password is wrong.').waitFor();
    await isWell(forgetful, 'phone-sign-in');
    await page.getByRole('link', { name: 'I forgot my password' }).click();
    // The page before asks for an address too, and stays until this one is there.
    await page.getByRole('heading', { name: 'Use your recovery key', level: 1 }).waitFor();
    await page.getByRole('textbox', { name: 'E-mail address' }).fill(ada.email);
    const typed = page.getByRole('textbox', { name: 'Your 24 words' });
    await typed.fill(words.with(6, 'elefant').join('\n'));
    await page.getByRole('textbox', { name: 'New password' }).fill('nine green lanterns by the sea');
    await page.getByText(/Word 7, .*elefant/).waitFor();
    await isWell(forgetful, 'phone-recover');
    await typed.fill(words.map((word, i) => `${i + 1}. ${word.toUpperCase()}`).join('  '));
    await press(page, 'Set the new password');
    await page.getByRole('heading', { name: 'Photos', level: 1 }).waitFor();
    await isWell(forgetful, 'phone-recovered');
  });
});
