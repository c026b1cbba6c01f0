import { readFile } from 'node:fs/promises';
import { expect, it } from '@jest/globals';

/** Both without what a formatter changes: line breaks in paragraphs. */
const words = (text: string) => text.split(/\s+/).filter(Boolean);

it('docs/operations/settings.md lists every setting as the schemas have it', async () => {
  const { settingsPage } = (await import('./settings-page.mjs')) as { settingsPage: () => string };
  const page = await readFile(new URL('../../docs/operations/settings.md', import.meta.url), 'utf8');
  expect(words(page)).toEqual(words(settingsPage()));
});
