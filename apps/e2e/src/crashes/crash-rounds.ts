import { mkdir } from 'node:fs/promises';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { CliDevice, type CliResult } from '../cli/cli.ts';
import { contentsOf, filesBelow, makeJpeg, makeSeededFile, sha256File } from '../samples/samples.ts';
import { boot, type Scene } from '../system/boot.ts';
import { objectsOf } from '../system/objects.ts';
import type { TopologyName } from '../system/system.ts';

interface BackupReport {
  stored: { file: string }[];
  alreadyThere: { file: string }[];
  failed: { file: string }[];
}

const minute = 60_000;

/**
 * kill -9 of the process that stores, at some moments of a backup: from before the first byte to the last commit. In
 * every second round the client dies with it.
 *
 * @param moments which ones: 0 is at once, each further one about a fifth of a second later
 */
export function describeCrashes(topology: TopologyName, moments: readonly number[]): void {
  describe(`kill -9 during a backup (${topology})`, () => {
    let scene: Scene;
    let photos: string;
    let device: CliDevice;

    beforeAll(async () => {
      scene = await boot(topology);
      photos = path.join(scene.folder, 'photos');
      device = new CliDevice(
        path.join(scene.folder, 'laptop/profile'),
        scene.system.address,
        'correct horse battery',
      );
      await device.signUp('Ada', 'ada@example.org');
    }, 2 * minute);
    afterAll(async () => scene?.[Symbol.asyncDispose](), minute);

    const addPhotos = async (round: number): Promise<void> => {
      const folder = path.join(photos, `round-${round}`);
      await mkdir(folder, { recursive: true });
      for (let i = 0; i < 8; i += 1) await makeJpeg(path.join(folder, `${i}.jpg`), 100 * round + i);
      await makeSeededFile(path.join(folder, 'film.mov'), 24 * 1024 * 1024, `film ${round}`);
    };

    /** Every object that a name promises is whole. */
    const expectWholeObjects = async (): Promise<void> => {
      await objectsOf(scene.system);
      for (const { path: root } of scene.system.locations) {
        for (const file of await filesBelow(path.join(root, 'objects'))) {
          expect(await sha256File(path.join(root, 'objects', file))).toBe(path.basename(file));
        }
      }
    };

    it(
      `ends well ${moments.length} times, loses nothing acknowledged, and shows nothing partial`,
      async () => {
        const acknowledged = new Set<string>();
        for (const round of moments) {
          await addPhotos(round);
          const backup = device.start('backup', photos);
          await sleep(150 + round * 220);
          await scene.system.crash('vault');
          if (round % 2 === 1) backup.crash();
          await scene.system.start();
          for (const file of storedIn(await backup.result)) acknowledged.add(await sha256File(file));
          await expectWholeObjects();
          const again = await device.run('backup', photos);
          expect({
            round,
            code: again.code,
            said: again.code === 0 ? '' : again.stderr + again.stdout,
          }).toMatchObject({ code: 0 });
          expect((again.json as BackupReport).failed).toEqual([]);
          for (const file of storedIn(again)) acknowledged.add(await sha256File(file));
        }
        const restored = path.join(scene.folder, 'restored');
        await device.ok('get', '--all', '--to', restored);
        const wanted = [...new Set(await contentsOf(photos))].sort();
        // Each content once: nothing is lost, nothing is there twice.
        expect(await contentsOf(restored)).toEqual(wanted);
        expect(wanted).toEqual(expect.arrayContaining([...acknowledged]));
        await expectWholeObjects();
        expect(await device.run('verify', '--all')).toMatchObject({ code: 0 });
      },
      8 * minute,
    );

    const storedIn = ({ json }: CliResult): string[] => {
      const report = json as Partial<BackupReport> | undefined;
      return [...(report?.stored ?? []), ...(report?.alreadyThere ?? [])].map(({ file }) => file);
    };
  });
}
