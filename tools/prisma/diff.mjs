/**
 * Writes the migration that takes a service from its migrations to its schema.
 *
 *   node tools/prisma/diff.mjs vault                 prints the SQL
 *   node tools/prisma/diff.mjs vault add_captions    writes prisma/migrations/<time>_add_captions/migration.sql
 */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { difference } from './difference.mjs';
import { serviceFolder } from './prisma.mjs';
import { withScratchPostgres } from './scratch-postgres.mjs';

const [service, name] = process.argv.slice(2);
if (!service || (name !== undefined && !/^[a-z0-9_]+$/.test(name))) {
  console.error('Usage: node tools/prisma/diff.mjs SERVICE [NAME_OF_MIGRATION]   (a-z, 0-9 and _)');
  process.exit(2);
}
const folder = serviceFolder(service);
const sql = await withScratchPostgres((adminUrl) => difference(folder, adminUrl));
if (sql === '') console.error(`The migrations of ${service} equal its schema: nothing to do.`);
else if (name === undefined) process.stdout.write(sql);
else write(sql);

function write(script) {
  const time = new Date().toISOString().replaceAll(/\D/g, '').slice(0, 14);
  const directory = join(folder, 'prisma/migrations', `${time}_${name}`);
  mkdirSync(directory, { recursive: true });
  writeFileSync(join(directory, 'migration.sql'), script);
  console.error(`Wrote ${relative(process.cwd(), directory)}/migration.sql: read it before you commit it.`);
}
