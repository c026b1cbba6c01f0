import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/**
 * Makes the folder of this test run. Specs that need a database find (or start) the run's one Postgres in it; a run
 * without such specs starts none. See libs/service-kit/src/testing/database.ts.
 */
export default async function globalSetup() {
  process.env.HEIRLOOM_TEST_RUN_DIR = await mkdtemp(join(tmpdir(), 'heirloom-test-'));
}
