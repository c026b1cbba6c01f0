import { mkdir, rm } from 'node:fs/promises';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { CliDevice, type RunningCli } from '../cli/cli.ts';
import { makeSeededFile, sha256File } from '../samples/samples.ts';
import { boot, type Scene } from '../system/boot.ts';
import { peakBytes } from '../system/resident.ts';

const GiB = 1024 ** 3;
const MiB = 1024 ** 2;
const limitBytes = 300 * MiB;

describe('a file of 2 GiB', () => {
  let scene: Scene;
  const minute = 60_000;

  beforeAll(async () => {
    scene = await boot('cluster');
  }, 2 * minute);
  afterAll(async () => scene?.[Symbol.asyncDispose](), minute);

  /** Runs to the end and answers the client's peak. */
  const watch = async (running: RunningCli): Promise<number> => {
    let peak = 0;
    let over = false;
    void running.result.finally(() => (over = true));
    while (!over) {
      peak = Math.max(peak, await peakBytes(running.pid).catch(() => 0));
      await sleep(100);
    }
    const result = await running.result;
    expect({ code: result.code, said: result.code === 0 ? '' : result.stderr + result.stdout }).toEqual({
      code: 0,
      said: '',
    });
    return peak;
  };

  it(
    'goes up and comes back with vault and command line below 300 MiB each',
    async () => {
      const photos = path.join(scene.folder, 'photos');
      await mkdir(photos);
      const file = path.join(photos, 'wedding.mov');
      await makeSeededFile(file, 2 * GiB, 'wedding');
      const before = await sha256File(file);
      const device = new CliDevice(
        path.join(scene.folder, 'laptop/profile'),
        scene.system.address,
        'correct horse battery',
      );
      await device.signUp('Ada', 'ada@example.org');
      const up = Date.now();
      const clientUp = await watch(device.start('backup', photos));
      const down = Date.now();
      await rm(file);
      const clientDown = await watch(
        device.start('get', '--all', '--to', path.join(scene.folder, 'restored')),
      );
      const end = Date.now();
      expect(await sha256File(path.join(scene.folder, 'restored/wedding.mov'))).toBe(before);
      const vault = await scene.system.peakBytes('vault');
      const inMiB = (bytes: number) => `${Math.round(bytes / MiB)} MiB`;
      process.stderr.write(
        `2 GiB: up ${(down - up) / 1000} s, back ${(end - down) / 1000} s; peaks: vault ${inMiB(vault)}, client up ${inMiB(clientUp)}, client back ${inMiB(clientDown)}\n`,
      );
      for (const peak of [vault, clientUp, clientDown]) {
        expect(peak).toBeGreaterThan(0);
        expect(peak).toBeLessThan(limitBytes);
      }
    },
    15 * minute,
  );
});
