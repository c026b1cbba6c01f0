import { chmod, mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Browser } from 'playwright-core';
import { launchChromium } from '../browser/chromium.ts';
import { makeStaff } from '../browser/staff-member.ts';
import { tornTexts } from '../browser/torn-text.spec-helper.ts';
import type { Visitor } from '../browser/visitor.ts';
import { needlesFor, type Needle } from '../canaries/encodings.ts';
import { CliDevice } from '../cli/cli.ts';
import { makeJpeg } from '../samples/samples.ts';
import { boot, type Scene } from '../system/boot.ts';
import { objectsOf } from '../system/objects.ts';
import { eventually } from '../system/processes.ts';

const minute = 60_000;
const password = 'three purple owls at noon';
const planted = {
  person: 'Hedwig Quittenbaum',
  device: 'Hedwigs Nähmaschine',
  album: 'Brombeerhecke im August',
  caption: 'Pflaumenkuchen bei Tante Roswitha',
  fileName: 'Heuhaufen_Opa_Wilhelm',
  camera: 'Kiebitzkamera 3000',
};
/** What staff may see, so a search that works finds it. */
const address = 'quittenbaum.hedwig@example.org';
const widths = [360, 768, 1440];
const schemes = ['light', 'dark'] as const;
const places = ['/', '/locations', '/scrubs', '/findings', '/accounts', '/families', '/staff', '/jobs'];

/** All that reached the browser of somebody of the staff. */
function keepAnswers({ page }: Visitor): Buffer[] {
  const kept: Buffer[] = [];
  page.on('response', (response) => {
    if (!response.url().includes('/api/') || response.url().endsWith('/events')) return;
    void response.body().then(
      (body) => kept.push(body),
      () => undefined,
    );
  });
  return kept;
}

const found = (haystack: readonly Buffer[], needles: readonly Needle[]): string[] => [
  ...new Set(
    needles.filter(({ bytes }) => haystack.some((one) => one.includes(bytes))).map(({ canary }) => canary),
  ),
];

/** Every page of the staff in every size and scheme, and what was planted in a family's names, captions and photos on none. */
describe('every page of the staff', () => {
  let scene: Scene;
  let browser: Browser;
  let operator: Visitor;
  let answers: Buffer[];
  const ids = { account: '', family: '' };

  beforeAll(async () => {
    scene = await boot('home');
    browser = await launchChromium();
    await settleIn(scene);
    const token = await scene.system.setupToken();
    operator = await makeStaff(browser, scene.system.address, { token, email: 'op@example.org' });
    answers = keepAnswers(operator);
    Object.assign(ids, await damageAndScrub(operator, scene));
  }, 5 * minute);
  afterAll(async () => {
    await browser?.close();
    await scene?.[Symbol.asyncDispose]();
  }, minute);

  it.each([...places, '/audit', '/settings', '/accounts/ACCOUNT', '/families/FAMILY', '/no/such/page'])(
    'for operators: %s',
    async (place) => {
      const there = place.replace('ACCOUNT', ids.account).replace('FAMILY', ids.family);
      expect(await faultsOf(operator, there, place, 'operator')).toEqual([]);
    },
    10 * minute,
  );

  it(
    'for support, and for nobody',
    async () => {
      const { page } = operator;
      await operator.open('/admin/staff');
      await page.getByRole('button', { name: 'Invite somebody' }).click();
      await page.getByRole('button', { name: 'Make the invite' }).click();
      const link = await page.getByLabel('Link', { exact: true }).inputValue();
      const invited = { token: new URL(link).hash.slice(1), email: 'help@example.org' };
      await using support = await makeStaff(browser, scene.system.address, invited);
      const toldSupport = keepAnswers(support);
      for (const place of ['/accounts', `/accounts/${ids.account}`, `/families/${ids.family}`])
        expect(await faultsOf(support, place, place.replace(/[0-9a-f-]{36}/, 'ID'), 'support')).toEqual([]);
      answers.push(...toldSupport);
      await support.page
        .getByRole('button', { name: /Menu|Sign out/ })
        .first()
        .waitFor();
      await support.page.getByRole('button', { name: 'Sign out' }).click();
      for (const place of ['/sign-in', '/set-up'])
        expect(await faultsOf(support, place, place, 'nobody')).toEqual([]);
    },
    5 * minute,
  );

  it('were told nothing that was planted, and would have shown it', () => {
    const needles = Object.entries(planted).flatMap(([name, text]) => needlesFor(name, text));
    expect(found(answers, needles)).toEqual([]);
    expect(found(answers, needlesFor('address', address))).toEqual(['address']);
    expect(found([...answers, Buffer.from(planted.caption)], needles)).toEqual(['caption']);
  });
});

/** A family with photos, and one more person. */
async function settleIn({ folder, system }: Scene): Promise<void> {
  const device = new CliDevice(path.join(folder, 'hedwig'), system.address, password);
  const at = ['--server', system.address];
  await device.ok('signup', ...at, '--email', address, '--name', planted.person, '--device', planted.device);
  const photos = path.join(folder, 'photos');
  await mkdir(photos);
  for (let seed = 1; seed <= 6; seed += 1)
    await makeJpeg(path.join(photos, `${planted.fileName}_${seed}.jpg`), seed, {
      IFD0: { Model: planted.camera },
    });
  await device.ok('backup', photos, '--album', planted.album);
  const { photos: stored } = await device.ok<{ photos: { id: string }[] }>('ls');
  await device.ok('caption', stored[0]?.id ?? '', planted.caption);
  await device.ok('family', 'invite');
  const other = new CliDevice(path.join(folder, 'bruno'), system.address, password);
  await other.signUp('Bruno', 'bruno@example.org');
  await eventually('three copies', async () =>
    (await objectsOf(system)).byLocation.every((names) => names.length === 6),
  );
}

/** Something to show: one repair, and one object without any good copy. @returns ids as the pages' links have them */
async function damageAndScrub({ page }: Visitor, { system }: Scene) {
  const [one = '', lost = ''] = (await objectsOf(system)).names;
  for (const [i, { path: root }] of system.locations.entries())
    for (const name of i === 0 ? [one, lost] : [lost]) {
      const file = path.join(root, 'objects', name.slice(0, 2), name.slice(2, 4), name);
      await chmod(file, 0o600);
      await writeFile(file, `not what ${name} was`);
    }
  const go = async (name: string) => {
    await page.getByRole('navigation').getByRole('link', { name, exact: true }).click();
    await page.getByRole('heading', { level: 1, name, exact: true }).waitFor();
  };
  await go('Scrubs');
  await page.getByRole('button', { name: 'Start a scrub now' }).click();
  await go('Findings');
  for (const state of ['Repaired', 'No good copy'])
    await page
      .getByRole('cell', { name: state })
      .first()
      .waitFor({ timeout: 2 * minute });
  await go('Accounts');
  const account = await page.getByRole('link', { name: address }).getAttribute('href');
  await go('Families');
  const family = await page.getByRole('rowheader').getByRole('link').first().getAttribute('href');
  return { account: account?.split('/').at(-1) ?? '', family: family?.split('/').at(-1) ?? '' };
}

/** What is wrong with a page in all sizes and schemes. */
async function faultsOf(visitor: Visitor, place: string, name: string, who: string): Promise<string[]> {
  const { page } = visitor;
  const faults: string[] = [];
  await visitor.open(`/admin${place}`);
  await page.locator('main h1').waitFor();
  await page.waitForFunction(() => document.querySelector('main [class*=spinner]') === null);
  for (const width of widths)
    for (const scheme of schemes) {
      await page.setViewportSize({ width, height: width === 360 ? 740 : 900 });
      await page.emulateMedia({ colorScheme: scheme, reducedMotion: 'reduce' });
      await page.evaluate(
        () => new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve))),
      );
      const look = `${who}${name.replaceAll(/[^a-zA-Z-]+/g, '-')}-${width}-${scheme}`;
      await visitor.screenshot(`dashboard/${look}`);
      const wider = await visitor.overflowPixels();
      if (wider > 0) faults.push(`${look}: ${wider} pixels wider than the screen`);
      for (const fault of await tornTexts(page, [address])) faults.push(`${look}: ${fault}`);
      for (const fault of await visitor.accessibilityFaults()) faults.push(`${look}: ${fault}`);
    }
  visitor.mustBeClean();
  return faults;
}
