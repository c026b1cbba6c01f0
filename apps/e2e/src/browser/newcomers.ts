import type { Page } from 'playwright-core';
import type { Visitor } from './visitor.ts';

/** Somebody who signs up in a browser. */
export interface Newcomer {
  name: string;
  email: string;
  password: string;
}

/** A person with an address and a password of their own. */
export const newcomer = (name: string, address = name): Newcomer => ({
  name,
  email: `${address.toLowerCase().replaceAll(/[^a-z]/g, '')}@example.org`,
  password: 'seven quiet herons under a bridge',
});

/** Goes through the steps that ask a newcomer one thing at a time, by the keyboard. */
export async function fillSteps(page: Page, { name, email, password }: Newcomer): Promise<void> {
  const steps = [
    ['Your name', name],
    ['E-mail address', email],
    ['Password', password],
  ] as const;
  for (const [label, value] of steps) {
    await page.getByRole('textbox', { name: label, exact: true }).fill(value);
    await page.keyboard.press('Enter');
  }
}

/** The words that the page shows, in order. */
export async function shownWords(page: Page): Promise<string[]> {
  const list = page.getByRole('list', { name: 'The 24 words of your recovery key' });
  await list.waitFor();
  return (await list.getByRole('listitem').allInnerTexts()).map(
    (item) => item.trim().split(/\s+/).at(-1) ?? '',
  );
}

/** Types back the words that the page asks for. */
export async function confirmWords(page: Page, words: readonly string[]): Promise<void> {
  await page.getByRole('button', { name: 'I have them on paper' }).click();
  await page.getByRole('heading', { name: 'Do you have your sheet?' }).waitFor();
  for (const [i, word] of words.entries()) {
    const field = page.getByRole('textbox', { name: `Word ${i + 1}`, exact: true });
    if ((await field.count()) > 0) await field.fill(word);
  }
  await page.getByRole('button', { name: 'Confirm' }).click();
}

/** Signs up, keeps the words, and stands on the page of photos. @returns the words */
export async function makeVault(visitor: Visitor, person: Newcomer): Promise<string[]> {
  const { page } = visitor;
  await visitor.open('/sign-up');
  await fillSteps(page, person);
  const words = await shownWords(page);
  await confirmWords(page, words);
  await page.getByRole('heading', { name: 'Photos', level: 1 }).waitFor();
  return words;
}
