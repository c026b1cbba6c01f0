import { randomUUID } from 'node:crypto';
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { runPrisma } from './prisma.mjs';
import { createDatabase, dropDatabase, withDatabase } from './schema-engine/database.mjs';

/** `prisma migrate diff --exit-code`: 0 for no difference, 2 for some, 1 for an error. */
const DIFFERENT = 2;

/**
 * Compares what a service's migrations make with what its schema says. The migrations run in the scratch server.
 *
 * @param {string} folder a folder that has prisma/schema.prisma
 * @param {string} adminUrl a scratch server; see scratch-postgres.mjs
 * @returns {Promise<string>} the SQL that is missing, empty where the two are equal
 */
export async function difference(folder, adminUrl) {
  const migrations = join(folder, 'prisma/migrations');
  ensureLockFile(migrations);
  const args = ['migrate', 'diff', '--from-migrations', migrations, '--to-schema', 'prisma/schema.prisma'];
  const shadow = withDatabase(adminUrl, `shadow_${randomUUID()}`);
  await createDatabase(shadow);
  const { exitCode, stdout, stderr } = await runPrisma(folder, [...args, '--script', '--exit-code'], {
    PRISMA_DATABASE_URL: withDatabase(adminUrl, 'postgres'),
    PRISMA_SHADOW_DATABASE_URL: shadow,
  });
  await dropDatabase(shadow);
  if (exitCode === 0) return '';
  if (exitCode === DIFFERENT) return stdout;
  throw new Error(`prisma migrate diff failed in ${folder}:\n${stdout}${stderr}`);
}

/** Prisma takes a folder for migrations only when it holds this file, which says of which kind of database. */
function ensureLockFile(migrations) {
  const file = join(migrations, 'migration_lock.toml');
  if (existsSync(file)) return;
  mkdirSync(migrations, { recursive: true });
  writeFileSync(file, 'provider = "postgresql"\n');
}
