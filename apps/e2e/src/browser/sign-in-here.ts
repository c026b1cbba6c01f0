import type { Visitor } from './visitor.ts';

/** Signs somebody in who has an account, in a fresh profile. */
export async function signInHere(visitor: Visitor, email: string, password: string): Promise<void> {
  const { page } = visitor;
  await visitor.open('/sign-in');
  await page.getByLabel('E-mail').fill(email);
  await page.getByLabel('Password', { exact: true }).fill(password);
  await page.getByRole('button', { name: 'Sign in' }).click();
  await page.getByRole('navigation').waitFor();
}
