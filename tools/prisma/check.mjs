/** Fails where a service's migrations do not make exactly what its schema says. */
import { difference } from './difference.mjs';
import { serviceFolder, serviceNames } from './prisma.mjs';
import { withScratchPostgres } from './scratch-postgres.mjs';

const names = serviceNames();
const different = await withScratchPostgres(async (adminUrl) => {
  const found = [];
  for (const name of names) {
    const sql = await difference(serviceFolder(name), adminUrl);
    if (sql !== '') found.push({ name, sql });
  }
  return found;
});
for (const { name, sql } of different) {
  console.error(
    `The migrations of ${name} lack this (node tools/prisma/diff.mjs ${name} NAME writes it):\n${sql}`,
  );
}
console.error(
  `${names.length - different.length} of ${names.length} services have migrations equal to their schema.`,
);
process.exitCode = different.length === 0 && names.length > 0 ? 0 : 1;
