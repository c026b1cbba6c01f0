import { mkdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { newId } from '@heirloom/contracts';
import pg from 'pg';
import type { Browser } from 'playwright-core';
import { launchChromium } from '../browser/chromium.ts';
import { Visitor } from '../browser/visitor.ts';
import { CliDevice } from '../cli/cli.ts';
import { filesBelow, makeJpeg } from '../samples/samples.ts';
import { boot, type Scene } from '../system/boot.ts';
import { eventually } from '../system/processes.ts';

/** Safety, devices, notices and settings, as one person's browser shows them beside their command line. */
describe('the pages about safety', () => {
  const email = 'ada@example.org';
  const password = 'three purple owls at noon';
  let scene: Scene;
  let browser: Browser;
  let cli: CliDevice;
  let ada: Visitor;

  beforeAll(async () => {
    scene = await boot('home');
    browser = await launchChromium();
    cli = new CliDevice(path.join(scene.folder, 'ada'), scene.system.address, password);
    const person = ['--server', scene.system.address, '--email', email];
    await cli.ok('signup', ...person, '--name', 'Ada', '--device', 'kitchen laptop');
    const photos = path.join(scene.folder, 'photos');
    await mkdir(photos);
    for (const seed of [1, 2, 3]) await makeJpeg(path.join(photos, `photo-${seed}.jpg`), seed);
    await cli.ok('backup', photos);
    ada = await Visitor.arrive(browser, scene.system.address, { locale: 'en-GB' });
    await ada.open('/sign-in');
    await ada.page.getByLabel('E-mail address').fill(email);
    await ada.page.getByLabel('Password', { exact: true }).fill(password);
    await ada.page.getByRole('button', { name: 'Sign in' }).click();
    await ada.page.getByRole('heading', { name: 'Photos', level: 1 }).waitFor();
  }, 180_000);
  afterAll(async () => {
    await ada?.[Symbol.asyncDispose]();
    await browser?.close();
    await scene?.[Symbol.asyncDispose]();
  }, 60_000);

  const check = async () => {
    await ada.page.getByRole('button', { name: /^Check/ }).click();
    await ada.page.getByRole('button', { name: 'Stop' }).waitFor();
    await ada.page.getByRole('button', { name: 'Check again' }).waitFor({ timeout: 60_000 });
    return await ada.page.getByText('Checked at').innerText();
  };
  const mustBeFine = async (name: string) => {
    expect(await ada.accessibilityFaults()).toEqual([]);
    expect(await ada.overflowPixels()).toBe(0);
    await ada.screenshot(name);
    ada.mustBeClean();
  };

  it('say how many photos there are in how many copies, and prove it', async () => {
    await ada.open('/safety');
    await ada.page.getByText('All 3 photos have 3 copies.').waitFor({ timeout: 60_000 });
    await ada.page.getByText('The server has not read all copies again yet.').waitFor();
    const said = await check();
    expect(said).toContain('9 copies were read. All of them are whole. This device opened 3 photos.');
    await mustBeFine('safety');
  });

  it('say which copies went bad, and that they are mended', async () => {
    const objects = path.join(scene.system.locations[0]?.path ?? '', 'objects');
    const first = path.join(objects, (await filesBelow(objects))[0] ?? '');
    const bytes = await readFile(first);
    bytes[100] = (bytes[100] ?? 0) ^ 1;
    await writeFile(first, bytes);
    expect(await check()).toContain('1 copy is not as it should be and will be made again from a good one.');
    await ada.screenshot('safety-damage');
  });

  it('show the devices, and shut one out within five seconds', async () => {
    await ada.page.setViewportSize({ width: 360, height: 740 });
    await ada.page.getByRole('link', { name: 'Your devices' }).click();
    await ada.page.getByText('kitchen laptop').waitFor();
    expect(await ada.page.getByText('this device').count()).toBe(1);
    await mustBeFine('devices');
    await ada.page.getByRole('button', { name: 'What to do with kitchen laptop' }).click();
    await ada.page.getByRole('menuitem', { name: 'Sign out' }).click();
    const question = ada.page.getByRole('alertdialog', { name: 'Sign out kitchen laptop?' });
    await question.waitFor();
    await ada.screenshot('devices-sign-out');
    await question.getByRole('button', { name: 'Sign out' }).click();
    await question.waitFor({ state: 'detached' });
    await ada.page.getByText(/kitchen laptop, signed out on/).waitFor();
    await new Promise((resolve) => setTimeout(resolve, 5_000));
    const refused = await cli.run('ls');
    expect([refused.code, refused.stderr]).toEqual([1, expect.stringContaining('signed out')]);
  });

  it('tell what happened, and what waits to be done', async () => {
    await ada.open('/notices');
    await ada.page.getByText('You have no recovery key.').waitFor();
    await ada.page.getByText('A device was signed out: kitchen laptop.').waitFor();
    await mustBeFine('notices');
    // Looked at, so nothing of it is new the next time.
    await ada.open('/settings');
    await ada.open('/notices');
    await ada.page.getByText('A device was signed out: kitchen laptop.').waitFor();
  });

  it('say what happened to the account, and who did it', async () => {
    await recordActs(scene, email);
    const { page } = ada;
    await page.setViewportSize({ width: 360, height: 740 });
    await ada.open('/safety');
    await page.getByRole('link', { name: 'What happened' }).click();
    await page.getByRole('heading', { name: 'Activity', level: 1 }).waitFor();
    const line = (words: string) => page.getByRole('listitem').filter({ hasText: words });
    await eventually('the trail has it all', async () => {
      await ada.open('/activity');
      return await line('Your family may now keep')
        .waitFor({ timeout: 2_000 })
        .then(
          () => true,
          () => false,
        );
    });
    await line('Your account was locked.')
      .getByText(/^Support, /)
      .waitFor();
    await line('A device signed in again: kitchen laptop.')
      .first()
      .getByText(/^You, /)
      .waitFor();
    await line('4 times in a row')
      .getByText(/^Somebody who had not signed in, /)
      .waitFor();
    await line('3 photos were moved to the trash.').waitFor();
    await line('no words for: moon-landed').waitFor();
    await mustBeFine('activity');
    const entries = page.getByRole('status').filter({ hasText: 'shown' });
    const shown = async () => Number.parseInt(await entries.innerText(), 10);
    expect(await shown()).toBe(50);
    await page.getByRole('button', { name: 'Show older ones' }).click();
    await eventually('the older ones are there', async () => (await shown()) > 50);
    await page.getByRole('button', { name: /Show$/ }).click();
    await page.getByRole('option', { name: 'What staff did' }).click();
    await eventually('nothing else is shown', async () => (await shown()) === 2);
    await line('Your family may now keep 5 GB.')
      .getByText(/^The person who runs your server, /)
      .waitFor();
    await page.setViewportSize({ width: 1440, height: 900 });
    await mustBeFine('activity-staff');
    await page.getByRole('button', { name: /Show$/ }).click();
    await page.getByRole('option', { name: 'Albums' }).click();
    await page.getByText('Nothing happened here').waitFor();
    await mustBeFine('activity-empty');
    await ada.context.setOffline(true);
    await page.getByRole('button', { name: /Show$/ }).click();
    await page.getByRole('option', { name: 'Photos and trash' }).click();
    await page.getByRole('button', { name: 'Try again' }).waitFor();
    await ada.context.setOffline(false);
    await page.getByRole('button', { name: 'Try again' }).click();
    await line('3 photos were moved to the trash.').waitFor();
  });

  it('say that staff locked the account, and why once it is open again', async () => {
    const operator = new CliDevice(
      path.join(scene.folder, 'operator'),
      scene.system.address,
      'of the operator',
    );
    const setUp = ['--token', await scene.system.setupToken(), '--email', 'operator@example.org'];
    await operator.ok('admin', 'setup', '--server', scene.system.address, ...setUp);
    const act = (deed: string, reason: string) =>
      operator.ok('admin', 'accounts', deed, email, '--reason', reason);
    await ada.page.setViewportSize({ width: 360, height: 740 });
    await act('lock', 'a stranger has your phone');
    await new Promise((resolve) => setTimeout(resolve, 5_000));
    await ada.open('/');
    await ada.page.getByText('have locked your account').waitFor();
    await ada.page.getByRole('gridcell', { name: /photo-1/ }).waitFor();
    await mustBeFine('account-locked');
    await act('unlock', 'the phone is back');
    await eventually('it goes on without signing in', async () => {
      await ada.open('/notices');
      return await ada.page
        .getByText('An operator locked your account. Reason: a stranger has your phone')
        .waitFor({ timeout: 2_000 })
        .then(
          () => true,
          () => false,
        );
    });
    expect(await ada.page.getByText('have locked your account').count()).toBe(0);
    await mustBeFine('notices-staff');
  });

  it('lock, and open again with the password alone', async () => {
    await ada.page.setViewportSize({ width: 1280, height: 900 });
    await ada.open('/settings');
    await ada.page.getByRole('button', { name: 'Lock now' }).click();
    await ada.page.getByRole('heading', { name: 'Heirloom is locked' }).waitFor();
    expect(await ada.page.getByText('kitchen laptop').count()).toBe(0);
    await ada.page.getByLabel('Password', { exact: true }).fill('not the password');
    await ada.page.getByRole('button', { name: 'Unlock' }).click();
    await ada.page.getByText('This is not the password. Try again.').waitFor();
    await mustBeFine('locked');
    await ada.page.getByLabel('Password', { exact: true }).fill(password);
    await ada.page.getByRole('button', { name: 'Unlock' }).click();
    await ada.page.getByRole('heading', { name: 'Settings' }).waitFor();
  });

  it('lock by themselves after a while without a touch', async () => {
    await ada.page.evaluate(`
      localStorage.setItem('heirloom-preferences', JSON.stringify({ idleLockMinutes: 5 }));
      localStorage.setItem('heirloom-touched-at', String(Date.now() - 6 * 60_000));
    `);
    await ada.page.reload();
    await ada.page.getByRole('heading', { name: 'Heirloom is locked' }).waitFor();
    await ada.page.getByLabel('Password', { exact: true }).fill(password);
    await ada.page.getByRole('button', { name: 'Unlock' }).click();
    await ada.page.getByRole('heading', { name: 'Settings' }).waitFor();
  });

  it('speak another language from right to left, in dark colours', async () => {
    await ada.page.getByRole('button', { name: /Language$/ }).click();
    await ada.page.getByRole('option', { name: 'العربية' }).click();
    await ada.page.getByRole('heading', { name: 'الإعدادات' }).waitFor();
    expect(await ada.page.evaluate('document.documentElement.dir')).toBe('rtl');
    await ada.page.emulateMedia({ colorScheme: 'dark', reducedMotion: 'reduce' });
    await mustBeFine('settings-arabic-dark');
  });

  it('are shut when another device signs this one out, and tell so', async () => {
    await ada.page.evaluate(`localStorage.setItem('heirloom-preferences', '{"language":"en"}')`);
    await ada.open('/albums');
    await ada.page.getByRole('heading', { name: 'Albums' }).waitFor();
    const other = new CliDevice(path.join(scene.folder, 'other'), scene.system.address, password);
    await other.ok('login', '--server', scene.system.address, '--email', email);
    const { devices } = await other.ok<{
      devices: { id: string; name: string | null; revokedAt: unknown }[];
    }>('devices', 'ls');
    const here = devices.find(({ name, revokedAt }) => name?.includes('Linux') && !revokedAt);
    await other.ok('devices', 'revoke', here?.id ?? '');
    // Whoever looks at the page notices within a minute; whoever does something, at once.
    await ada.page.getByRole('link', { name: 'Safety' }).click();
    await ada.page.getByRole('heading', { name: 'This device was signed out' }).waitFor();
    expect(await ada.page.getByRole('navigation').count()).toBe(0);
    await mustBeFine('signed-out-by-another');
    await ada.page.getByRole('button', { name: 'Sign in again' }).click();
    await ada.page
      .getByRole('link', { name: 'Sign in' })
      .or(ada.page.getByLabel('E-mail address'))
      .first()
      .waitFor();
  });
});

/** Acts of each sort that a member reads, and more of them than one page has, as a service records them. */
async function recordActs(scene: Scene, email: string): Promise<void> {
  const client = new pg.Client({ connectionString: await scene.system.databaseUrl() });
  await client.connect();
  try {
    const { rows } = await client.query<Record<'accountId' | 'deviceId' | 'familyId', string>>(
      `SELECT a.id AS "accountId", d.id AS "deviceId", m.family_id AS "familyId" FROM auth.accounts a
       JOIN auth.devices d ON d.account_id = a.id JOIN sharing_policy.members m ON m.account_id = a.id
       WHERE a.email = $1 ORDER BY d.created_at LIMIT 1`,
      [email],
    );
    for (const act of actsOf(rows[0]!))
      await client.query('INSERT INTO auth.audit_acts (id, act) VALUES ($1, $2)', [newId(), act]);
  } finally {
    await client.end();
  }
}

function actsOf({ accountId, deviceId, familyId }: Record<'accountId' | 'deviceId' | 'familyId', string>) {
  const own = { actor: { kind: 'person', id: accountId }, accountId };
  const again = { kind: 'signed-in', ...own, subjectId: deviceId, details: { by: 'password' } };
  return [
    ...Array.from({ length: 60 }, () => again),
    { kind: 'login-failed', actor: { kind: 'person' }, accountId, details: { failures: 4, by: 'password' } },
    { kind: 'photos-trashed', ...own, details: { photos: 3 } },
    { kind: 'moon-landed', ...own, details: {} },
    { kind: 'account-locked', actor: { kind: 'support', id: newId() }, accountId, details: {} },
    { kind: 'quota-set', actor: { kind: 'operator', id: newId() }, familyId, details: { bytes: 5e9 } },
  ];
}
