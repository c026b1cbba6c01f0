import { codeOf, readAuthenticator, type Authenticator } from '@heirloom/client';
import type { Browser, BrowserContextOptions } from 'playwright-core';
import { Visitor } from './visitor.ts';

const password = 'nine grey pigeons on the roof';

/**
 * Makes somebody of the staff in a browser, by a setup token or an invite's, and stands on their first page.
 *
 * @param token - goes into the link's fragment, as an invite has it
 */
export async function makeStaff(
  browser: Browser,
  address: string,
  { token, email }: { token: string; email: string },
  options: BrowserContextOptions = {},
): Promise<Visitor & { authenticator: Authenticator }> {
  const visitor = await Visitor.arrive(browser, address, options);
  const { page } = visitor;
  await visitor.open(`/admin/set-up#${token}`);
  const goOn = page.getByRole('button', { name: 'Go on' });
  await goOn.click();
  await page.getByLabel('E-mail address').fill(email);
  await page.getByLabel('Password', { exact: true }).fill(password);
  await page.getByLabel('Password, once more').fill(password);
  await goOn.click();
  const secret = await page.locator('[data-secret]').innerText();
  const authenticator = readAuthenticator(secret, email);
  await page.getByLabel('Code', { exact: true }).fill(codeOf(authenticator));
  await page.getByRole('button', { name: 'Make the account' }).click();
  await page.getByRole('navigation').waitFor();
  return Object.assign(visitor, { authenticator });
}

/** The access token of whoever is signed in on the page. */
export const staffToken = ({ page }: Visitor): Promise<string> =>
  page.evaluate(
    () =>
      (JSON.parse(sessionStorage.getItem('heirloom-staff') ?? '{}') as { tokens: { access: string } }).tokens
        .access,
  );
