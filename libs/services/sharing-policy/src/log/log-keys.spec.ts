import { randomBytes } from 'node:crypto';
import { fileURLToPath } from 'node:url';
import { followHandovers } from '@heirloom/formats';
import { testDatabase } from '@heirloom/service-kit/testing';
import { PrismaPg } from '@prisma/adapter-pg';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Database } from '../database.ts';
import { sharingPolicyService } from '../service.ts';
import { LogKey } from './log-key.ts';
import { LogKeys } from './log-keys.ts';

let database: Awaited<ReturnType<typeof testDatabase>>;
let db: Database;
beforeAll(async () => {
  database = await testDatabase('sharing-policy', fileURLToPath(sharingPolicyService.migrations));
  const adapter = new PrismaPg(
    { connectionString: database.url, options: '-c search_path=sharing_policy' },
    { schema: 'sharing_policy' },
  );
  db = new Database({ adapter });
});
afterAll(async () => {
  await db?.$disconnect();
  await database?.drop();
});

const newKey = () => new LogKey(new Uint8Array(randomBytes(32)));
async function started(current: LogKey, previous?: LogKey): Promise<LogKeys> {
  const keys = new LogKeys(db, current, previous);
  await keys.onApplicationBootstrap();
  return keys;
}

describe('the keys of heads', () => {
  const [first, second, third] = [newKey(), newKey(), newKey()];

  it('are one, as long as nothing changes', async () => {
    const keys = await started(first);
    expect(keys.signers).toEqual([first]);
    expect(keys.pinned).toBe(first.verifierKey);
    expect(await keys.handovers()).toEqual([]);
  });

  it('both sign while the key changes, and newcomers pin the one that every process has', async () => {
    const keys = await started(second, first);
    expect(keys.signers).toEqual([second, first]);
    expect(keys.pinned).toBe(first.verifierKey);
    expect(await followHandovers(first.verifierKey, await keys.handovers())).toEqual([
      first.verifierKey,
      second.verifierKey,
    ]);
    // The other processes start with the same two.
    expect(await (await started(second, first)).handovers()).toHaveLength(1);
  });

  it('leave their handovers behind when the old one is gone', async () => {
    await started(third, second);
    const keys = await started(third);
    expect(keys.signers).toEqual([third]);
    expect(keys.pinned).toBe(third.verifierKey);
    expect(await followHandovers(first.verifierKey, await keys.handovers())).toContain(third.verifierKey);
  });

  it('hand over to nobody when both are the same', async () => {
    await started(first, first);
    expect(await (await started(third)).handovers()).toHaveLength(2);
  });
});
