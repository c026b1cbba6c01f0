import { chmod, mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { codeOf, readAuthenticator } from '@heirloom/client';
import { integrityRoutes, newId } from '@heirloom/contracts';
import type { Browser } from 'playwright-core';
import { launchChromium } from '../browser/chromium.ts';
import { signInHere } from '../browser/sign-in-here.ts';
import { makeStaff, staffToken } from '../browser/staff-member.ts';
import { Visitor } from '../browser/visitor.ts';
import { CliDevice } from '../cli/cli.ts';
import { makeJpeg } from '../samples/samples.ts';
import { boot, type Scene } from '../system/boot.ts';
import { objectsOf } from '../system/objects.ts';
import { eventually } from '../system/processes.ts';

const minute = 60_000;
const password = 'three purple owls at noon';
const email = 'ada@example.org';

/** The staff's pages against what really happens: damage, a location that is away, an account that is locked. */
describe('the dashboard', () => {
  let scene: Scene;
  let browser: Browser;
  let operator: Awaited<ReturnType<typeof makeStaff>>;

  const goTo = async ({ page }: Visitor, name: string) => {
    await page.getByRole('navigation').getByRole('link', { name, exact: true }).click();
    await page.getByRole('heading', { level: 1, name, exact: true }).waitFor();
  };

  beforeAll(async () => {
    scene = await boot('home');
    browser = await launchChromium();
    const photos = path.join(scene.folder, 'photos');
    await mkdir(photos);
    for (let seed = 1; seed <= 3; seed += 1) await makeJpeg(path.join(photos, `${seed}.jpg`), seed);
    const laptop = new CliDevice(path.join(scene.folder, 'ada/profile'), scene.system.address, password);
    await laptop.signUp('Ada', email);
    await laptop.ok('backup', photos);
    await eventually('three copies', async () =>
      (await objectsOf(scene.system)).byLocation.every((names) => names.length === 3),
    );
  }, 2 * minute);
  afterAll(async () => {
    await browser?.close();
    await scene?.[Symbol.asyncDispose]();
  }, minute);

  it(
    'is set up by the token of the first start, with an authenticator, and asks for both to come back',
    async () => {
      const { address } = scene.system;
      operator = await makeStaff(browser, address, {
        token: await scene.system.setupToken(),
        email: 'op@example.org',
      });
      const { page } = operator;
      await page.getByRole('row', { name: /integrity-checker Works/ }).waitFor();
      expect(await operator.accessibilityFaults()).toEqual([]);
      // A reload goes on; another tab knows nothing of it.
      await page.reload();
      await page.getByRole('heading', { level: 1, name: 'Overview' }).waitFor();
      await using stranger = await Visitor.arrive(browser, address);
      await stranger.open('/admin/audit');
      await stranger.page.getByRole('heading', { level: 1, name: 'Sign in' }).waitFor();
      expect(await stranger.accessibilityFaults()).toEqual([]);
      await stranger.page.getByLabel('E-mail address').fill('op@example.org');
      await stranger.page.getByLabel('Password', { exact: true }).fill('nine grey pigeons on the roof');
      await stranger.page.getByLabel('Code', { exact: true }).fill('000000');
      await stranger.page.getByRole('button', { name: 'Sign in' }).click();
      await stranger.page.getByRole('alert').waitFor();
      stranger.mustBeClean();
    },
    minute,
  );

  it(
    'changes their authenticator, with a code of each',
    async () => {
      const { page } = operator;
      await page.getByRole('button', { name: 'Change your authenticator' }).click();
      const dialog = page.getByRole('alertdialog');
      const secret = await dialog.locator('[data-secret]').innerText();
      const next = readAuthenticator(secret, 'op@example.org');
      // The one of the moment was good for the setup, and once.
      const soon = codeOf(operator.authenticator, new Date(Date.now() + 30_000));
      await dialog.getByLabel('Code of the new authenticator').fill(codeOf(next));
      await dialog.getByLabel('Code of the present authenticator').fill('000000');
      await dialog.getByRole('button', { name: 'Change your authenticator' }).click();
      await dialog.getByText('The code of the present authenticator is wrong.').waitFor();
      await operator.screenshot('dashboard-authenticator');
      expect(await operator.accessibilityFaults()).toEqual([]);
      await dialog.getByLabel('Code of the new authenticator').fill('123456');
      await dialog.getByLabel('Code of the present authenticator').fill(soon);
      await dialog.getByRole('button', { name: 'Change your authenticator' }).click();
      await dialog.getByText('The code does not belong to the new authenticator.').waitFor();
      await dialog.getByLabel('Code of the new authenticator').fill(codeOf(next));
      await dialog.getByRole('button', { name: 'Change your authenticator' }).click();
      await page.getByText('From now on you sign in by codes of the new authenticator.').waitFor();
    },
    minute,
  );

  it(
    'shows damage when it is found, and the repair, without a reload',
    async () => {
      const { page } = operator;
      await goTo(operator, 'Findings');
      await page.getByText('Nothing was found to be wrong.').waitFor();
      await page.evaluate(keepStates);
      const [object = ''] = (await objectsOf(scene.system)).names;
      const { path: root, id } = scene.system.locations[1]!;
      const file = path.join(root, 'objects', object.slice(0, 2), object.slice(2, 4), object);
      const good = await readFile(file);
      const bad = Buffer.from(good);
      bad[bad.length >> 1]! ^= 1;
      await chmod(file, 0o600);
      await writeFile(file, bad);
      const answer = await fetch(new URL(integrityRoutes.startScrub.path, scene.system.address), {
        method: 'POST',
        headers: {
          authorization: `Bearer ${await staffToken(operator)}`,
          'content-type': 'application/json',
        },
        body: JSON.stringify({ scrubId: newId<string>() }),
      });
      expect(answer.status).toBe(200);
      const row = page.getByRole('row').filter({ hasText: object });
      await row.getByText('Repaired', { exact: true }).waitFor({ timeout: minute });
      expect(await row.innerText()).toContain(id);
      expect(await readFile(file)).toEqual(good);
      const seen = await page.evaluate(() => (window as Window & { seenStates?: string[] }).seenStates ?? []);
      // Found first, repaired later, on the page that nobody loaded anew.
      expect(seen[0]).toMatch(/Seen twice|Being repaired/);
      expect(seen.at(-1)).toBe('Repaired');
      const chosen = page.getByRole('button', { name: 'State' });
      await chosen.click();
      await page.getByRole('option', { name: 'No good copy' }).click();
      await page.getByText('No finding is in this state.').waitFor();
      await page.goBack();
      await page.goForward();
      await page.getByText('No finding is in this state.').waitFor();
      expect(await operator.accessibilityFaults()).toEqual([]);
      await chosen.click();
      await page.getByRole('option', { name: 'Repaired', exact: true }).click();
      await row.waitFor();
      expect(await operator.accessibilityFaults()).toEqual([]);
      await operator.screenshot('dashboard-findings-of-a-state');
      await goTo(operator, 'Scrubs');
      // Where the clock had begun one already, that one goes on.
      const done = page.getByRole('row', { name: /Complete (an operator|the schedule)/ });
      await done.first().waitFor({ timeout: minute });
      await page.getByRole('img', { name: `${id}: when each of its 256 parts was read last` }).waitFor();
      await page.getByRole('row', { name: new RegExp(`^${id} 256 0 0 0 0`) }).waitFor();
      expect(await operator.accessibilityFaults()).toEqual([]);
    },
    2 * minute,
  );

  it(
    'says that a location is unreachable, and when it is back',
    async () => {
      const { page } = operator;
      const { path: root, id } = scene.system.locations[2]!;
      await goTo(operator, 'Locations');
      const row = page.getByRole('row', { name: new RegExp(`^${id} `) });
      await row.getByText('Writable').waitFor();
      await rename(root, `${root}.away`);
      await row.getByText('Unreachable').waitFor({ timeout: minute });
      await page.getByRole('alert').filter({ hasText: id }).waitFor();
      expect(await operator.accessibilityFaults()).toEqual([]);
      await rename(`${root}.away`, root);
      await row.getByText('Writable').waitFor({ timeout: minute });
    },
    2 * minute,
  );

  it(
    'locks an account, which shuts its browser out within 5 seconds, and lets it in again',
    async () => {
      const { page } = operator;
      await using ada = await Visitor.arrive(browser, scene.system.address);
      const asked = ada.page.waitForRequest((request) => request.headers()['authorization'] !== undefined);
      await signInHere(ada, email, password);
      const authorization = (await (await asked).allHeaders())['authorization'] ?? '';
      const isLetIn = async () =>
        (await fetch(new URL('/api/auth/devices', scene.system.address), { headers: { authorization } })).ok;
      expect(await isLetIn()).toBe(true);
      await goTo(operator, 'Accounts');
      await page.getByLabel('E-mail address begins with').fill('ada@');
      await page.getByRole('button', { name: 'Search' }).click();
      await page.getByRole('link', { name: email }).click();
      await page.getByRole('heading', { level: 1, name: email }).waitFor();
      expect(await operator.accessibilityFaults()).toEqual([]);
      await page.getByRole('button', { name: 'Lock', exact: true }).click();
      const dialog = page.getByRole('alertdialog');
      await dialog.getByLabel('Reason').fill('The laptop was stolen');
      expect(await operator.accessibilityFaults()).toEqual([]);
      await dialog.getByRole('button', { name: 'Lock' }).click();
      await page.getByText('The account is locked.').waitFor();
      const lockedAt = performance.now();
      while (await isLetIn()) expect(performance.now() - lockedAt).toBeLessThan(5_000);
      await ada.open('/devices');
      await ada.page.getByText('This account is locked.').first().waitFor();
      await page.getByRole('row', { name: /Locked Operator The laptop was stolen/ }).waitFor();
      await page.getByRole('button', { name: 'Unlock', exact: true }).click();
      await dialog.getByLabel('Reason').fill('It was found again');
      await dialog.getByRole('button', { name: 'Unlock' }).click();
      await page.getByText('The account is unlocked.').waitFor();
      await eventually('Ada being let in', isLetIn);
    },
    2 * minute,
  );

  it(
    'shows every other page, and support no more than its desk',
    async () => {
      const { page } = operator;
      for (const name of ['Families', 'Jobs', 'Audit trail', 'Settings', 'Invites and staff']) {
        await goTo(operator, name);
        await page.getByRole('table').first().waitFor();
        expect(await operator.accessibilityFaults()).toEqual([]);
      }
      await page.getByRole('button', { name: 'Invite somebody' }).click();
      await page.getByRole('button', { name: 'Make the invite' }).click();
      const link = await page.getByLabel('Link', { exact: true }).inputValue();
      await page.getByRole('button', { name: 'Done' }).click();
      operator.mustBeClean();
      const token = new URL(link).hash.slice(1);
      await using support = await makeStaff(browser, scene.system.address, {
        token,
        email: 'help@example.org',
      });
      await support.page.getByRole('heading', { level: 1, name: 'Accounts' }).waitFor();
      expect(await support.page.getByRole('navigation').getByRole('link').allInnerTexts()).toEqual([
        'Accounts',
      ]);
      await support.open('/admin/audit');
      await support.page.getByRole('heading', { level: 1, name: 'Accounts' }).waitFor();
      await support.page.getByLabel('E-mail address begins with').fill('ada');
      await support.page.getByRole('button', { name: 'Search' }).click();
      await support.page.getByRole('link', { name: email }).click();
      await support.page.getByRole('row', { name: /Locked Operator The laptop was stolen/ }).waitFor();
      expect(await support.accessibilityFaults()).toEqual([]);
      // Nobody touches it any more.
      await support.page.clock.install();
      await support.page.reload();
      await support.page.getByRole('heading', { level: 1, name: email }).waitFor();
      await support.page.clock.fastForward('16:00');
      await support.page.getByText('nobody touched these pages for 15 minutes').waitFor();
      expect(await support.page.evaluate(() => sessionStorage.getItem('heirloom-staff'))).toBeNull();
      support.mustBeClean();
    },
    2 * minute,
  );
});

/** Runs in the page: keeps which states its findings were in, in their order. */
function keepStates(): void {
  const seen: string[] = [];
  (window as Window & { seenStates?: string[] }).seenStates = seen;
  new MutationObserver(() => {
    for (const cell of document.querySelectorAll<HTMLElement>('td[data-label="State"]'))
      if (seen.at(-1) !== cell.innerText) seen.push(cell.innerText);
  }).observe(document.body, { subtree: true, childList: true, characterData: true });
}
