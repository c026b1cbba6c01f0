import { spawn } from 'node:child_process';
import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/**
 * Makes the folder of this test run. Specs that need a database find (or start) the Postgres of their worker in it;
 * a run without such specs starts none. See libs/service-kit/src/testing/database.ts.
 */
export default async function globalSetup() {
  const runDir = await mkdtemp(join(tmpdir(), 'heirloom-test-'));
  process.env.HEIRLOOM_TEST_RUN_DIR = runDir;
  const cleaner = spawn(process.execPath, [join(import.meta.dirname, 'cleaner.mjs'), runDir], {
    detached: true,
    stdio: ['pipe', 'ignore', 'ignore'],
  });
  cleaner.unref();
  cleaner.stdin.unref();
  globalThis.heirloomTestCleaner = cleaner;
}
