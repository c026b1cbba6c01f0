/** Writes docs/operations/settings.md. To be run after a build: node tools/docs/write-settings.mjs */
import { writeFile } from 'node:fs/promises';
import { format, resolveConfig } from 'prettier';
import { settingsPage } from './settings-page.mjs';

const file = new URL('../../docs/operations/settings.md', import.meta.url).pathname;
await writeFile(file, await format(settingsPage(), { ...(await resolveConfig(file)), parser: 'markdown' }));
