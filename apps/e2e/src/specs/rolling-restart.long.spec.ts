import { mkdtemp, rm } from 'node:fs/promises';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { serviceNames } from '@heirloom/contracts';
import { FamilyLoad } from '../load/family-load.ts';
import { contentsOf } from '../samples/samples.ts';
import { bootCluster, type ClusterSystem } from '../system/cluster-system.ts';

const minute = 60_000;

/** Two processes of each service behind a real nginx, as two pods of each are behind an ingress. */
describe('two of each service, restarted one by one under load', () => {
  let folder: string;
  let system: ClusterSystem;

  beforeAll(async () => {
    folder = await mkdtemp('/tmp/heirloom-rolling-');
    system = await bootCluster(folder, { instances: 2 });
  }, 3 * minute);
  afterAll(async () => {
    await system?.[Symbol.asyncDispose]();
    await rm(folder, { recursive: true, force: true });
  }, minute);

  it(
    'nobody fails, and all photos are there',
    async () => {
      const family = new FamilyLoad(folder, system);
      await using load = family.load;
      await family.start();
      await load.untilOnceMore(FamilyLoad.kinds, minute);
      const restarts: { service: string; code: number | null; ms: number }[] = [];
      for (const service of serviceNames) {
        for (const member of system.members[service]) {
          const begun = performance.now();
          const code = await member.stop();
          await member.start();
          restarts.push({ service, code, ms: performance.now() - begun });
          await load.untilOnceMore(FamilyLoad.kinds, minute);
        }
      }
      await load.end();
      const slowest = Math.max(...restarts.map(({ ms }) => ms)) / 1000;
      process.stderr.write(
        `${restarts.length} restarts under load (slowest ${slowest.toFixed(1)} s): ${load.summary()}\n`,
      );
      expect(load.failures).toEqual([]);
      // Each ended by itself, within its time.
      expect(restarts.filter(({ code }) => code !== 0)).toEqual([]);
      const restored = path.join(folder, 'restored');
      const phone = await family.device('phone');
      await phone.logIn('bruno@example.org', 'phone');
      await phone.ok('get', '--all', '--to', restored);
      expect(new Set(await contentsOf(restored))).toEqual(new Set(await contentsOf(family.photos)));
    },
    8 * minute,
  );
});
