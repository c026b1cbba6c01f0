import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startEmbeddedPostgres } from '../../libs/service-kit/src/postgres/embedded.ts';

/**
 * Runs `work` with the URL of an empty, throw-away Postgres.
 *
 * @template Result
 * @param {(adminUrl: string) => Promise<Result>} work
 * @returns {Promise<Result>}
 */
export async function withScratchPostgres(work) {
  const folder = await mkdtemp(join(tmpdir(), 'heirloom-prisma-'));
  try {
    const server = await startEmbeddedPostgres({
      dataDir: join(folder, 'postgres'),
      passwordFile: join(folder, 'password'),
      fsync: false,
    });
    try {
      return await work(server.adminUrl);
    } finally {
      await server.stop();
    }
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
