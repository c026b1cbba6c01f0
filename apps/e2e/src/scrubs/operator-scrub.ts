import { chmod, mkdir, readFile, rm, truncate, utimes, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { CliDevice } from '../cli/cli.ts';
import { filesBelow, makeJpeg, sha256File } from '../samples/samples.ts';
import { boot, type Scene } from '../system/boot.ts';
import type { TopologyName } from '../system/system.ts';
import { objectsOf } from '../system/objects.ts';
import { eventually } from '../system/processes.ts';

interface Finding {
  kind: string;
  state: string;
  object: string | null;
  locationId: string;
  path: string;
}
const minute = 60_000;
const pictures = 10;

/** A copy that heals: the operator's scrubs, told in order. */
export function describeScrubs(topology: TopologyName): void {
  describe(`scrub and repair (${topology})`, () => {
    let scene: Scene;
    let operator: CliDevice;
    let objects: string[];

    const fileOf = (location: number, object: string) =>
      path.join(
        scene.system.locations[location]!.path,
        'objects',
        object.slice(0, 2),
        object.slice(2, 4),
        object,
      );

    /** Every file of every location with its hash, quarantine aside. */
    const tree = async (): Promise<Record<string, string>> => {
      const all: Record<string, string> = {};
      for (const { id, path: root } of scene.system.locations) {
        for (const file of await filesBelow(path.join(root, 'objects'))) {
          all[`${id}/${file}`] = await sha256File(path.join(root, 'objects', file));
        }
      }
      return all;
    };
    const damage = async (file: string) => {
      const bytes = await readFile(file);
      bytes[bytes.length >> 1]! ^= 1;
      await chmod(file, 0o600);
      await writeFile(file, bytes);
    };
    const findingsNow = async () =>
      (await operator.ok<{ findings: Finding[] }>('admin', 'findings')).findings;

    beforeAll(async () => {
      scene = await boot(topology);
      const photos = path.join(scene.folder, 'photos');
      await mkdir(photos, { recursive: true });
      for (let i = 0; i < pictures; i += 1) await makeJpeg(path.join(photos, `${i}.jpg`), i);
      const ada = new CliDevice(
        path.join(scene.folder, 'ada/profile'),
        scene.system.address,
        'password of ada',
      );
      await ada.signUp('Ada', 'ada@example.org');
      await ada.ok('backup', photos);
      await eventually('three copies', async () =>
        (await objectsOf(scene.system)).byLocation.every((names) => names.length === pictures),
      );
      objects = (await objectsOf(scene.system)).names;
      operator = new CliDevice(
        path.join(scene.folder, 'operator/profile'),
        scene.system.address,
        'password of the operator',
      );
    }, 2 * minute);
    afterAll(async () => scene?.[Symbol.asyncDispose](), minute);

    it(
      'makes the operator by the setup token, once',
      async () => {
        const token = await scene.system.setupToken();
        await operator.ok(
          'admin',
          'setup',
          '--server',
          scene.system.address,
          '--token',
          token,
          '--email',
          'op@example.org',
        );
        const second = new CliDevice(
          path.join(scene.folder, 'second/profile'),
          scene.system.address,
          'password of another',
        );
        const refused = await second.run(
          'admin',
          'setup',
          '--server',
          scene.system.address,
          '--token',
          token,
          '--email',
          'x@example.org',
        );
        expect(refused.code).not.toBe(0);
        const { locations } = await operator.ok<{ locations: { id: string; copies: { present: number } }[] }>(
          'admin',
          'locations',
        );
        expect(locations.map(({ copies }) => copies.present)).toEqual([pictures, pictures, pictures]);
      },
      minute,
    );

    it(
      'finds nothing where nothing is wrong',
      async () => {
        const before = await tree();
        await operator.ok('admin', 'scrub', 'start', '--wait');
        expect(await findingsNow()).toEqual([]);
        expect(await tree()).toEqual(before);
      },
      3 * minute,
    );

    it(
      'finds the four and no more, repairs three, reports the fourth, touches nothing else',
      async () => {
        const before = await tree();
        const stranger = path.join(scene.system.locations[0]!.path, 'objects', 'holiday.jpg');
        await damage(fileOf(0, objects[1]!));
        await rm(fileOf(1, objects[2]!));
        await chmod(fileOf(2, objects[3]!), 0o600);
        await truncate(fileOf(2, objects[3]!), 100);
        await writeFile(stranger, 'not ours');
        await utimes(stranger, new Date('2026-01-01'), new Date('2026-01-01'));
        await operator.ok('admin', 'scrub', 'start', '--wait');
        await eventually(
          'three repairs',
          async () => (await findingsNow()).filter(({ state }) => state === 'repaired').length === 3,
          minute,
        );
        const findings = await findingsNow();
        const seen = findings.map(({ kind, state, object, locationId }) => ({
          kind,
          state,
          object,
          locationId,
        }));
        const [first, second, third] = scene.system.locations.map(({ id }) => id);
        expect(seen).toHaveLength(4);
        expect(seen).toEqual(
          expect.arrayContaining([
            { kind: 'damaged', state: 'repaired', object: objects[1], locationId: first },
            { kind: 'missing', state: 'repaired', object: objects[2], locationId: second },
            { kind: 'short', state: 'repaired', object: objects[3], locationId: third },
            { kind: 'unknown', state: 'reported', object: null, locationId: first },
          ]),
        );
        const after = await tree();
        expect(await readFile(stranger, 'utf8')).toBe('not ours');
        delete after[`${first}/holiday.jpg`];
        expect(after).toEqual(before);
        await rm(stranger);
      },
      3 * minute,
    );

    it(
      'raises an alarm when no copy is good, and changes nothing',
      async () => {
        for (const location of [0, 1, 2]) await damage(fileOf(location, objects[4]!));
        const before = await tree();
        const run = await operator.run('admin', 'scrub', 'start', '--wait');
        await eventually(
          'the alarm',
          async () =>
            (await findingsNow()).filter(
              ({ state, object }) => state === 'unrepairable' && object === objects[4],
            ).length === 3,
          minute,
        );
        expect(run.stdout + run.stderr).not.toBe('');
        expect(await tree()).toEqual(before);
      },
      3 * minute,
    );

    it(
      'goes on after kill -9 in the middle',
      async () => {
        const healthy = objects.filter((name) => name !== objects[4]);
        await damage(fileOf(0, healthy[0]!));
        const run = operator.start('admin', 'scrub', 'start', '--wait');
        await eventually('the scrub being under way', async () => {
          const { scrubs } = await operator.ok<{ scrubs: { state: string }[] }>('admin', 'scrub', 'status');
          return scrubs[0]?.state === 'running';
        });
        await scene.system.crash('integrity-checker');
        await scene.system.crash('vault');
        await scene.system.start();
        await run.result;
        await eventually(
          'the repair after the crash',
          async () => (await sha256File(fileOf(0, healthy[0]!)).catch(() => '')) === healthy[0],
          2 * minute,
        );
        for (const object of healthy) {
          for (const location of [0, 1, 2]) expect(await sha256File(fileOf(location, object))).toBe(object);
        }
      },
      5 * minute,
    );
  });
}
