import { chmod, mkdir, readdir, readFile, stat, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { CliDevice } from '../cli/cli.ts';
import { contentsOf, filesBelow, makePhotoFolder, makeSeededFile, sha256File } from '../samples/samples.ts';
import { itLocksAccounts } from '../staff/locked-account.ts';
import { boot, topologies, type Scene } from '../system/boot.ts';
import { eventually } from '../system/processes.ts';
import { objectsOf } from '../system/objects.ts';

interface BackupReport {
  stored: { file: string }[];
  alreadyThere: { file: string }[];
  failed: { file: string; message: string }[];
}
interface Listing {
  photos: {
    id: string;
    version: string;
    name: string;
    sha256: string;
    object: string;
    camera: { make?: string } | null;
    thumbnail: unknown;
    favourite: boolean;
    caption: string | null;
  }[];
}

const minute = 60_000;

/** The story of one person, told in order: each step stands on the one before. */
describe.each(topologies)('the main job (%s)', (topology) => {
  let scene: Scene;
  let photos: string;
  let laptop: CliDevice;
  let phone: CliDevice;
  let unique: number;

  beforeAll(async () => {
    scene = await boot(topology);
    photos = path.join(scene.folder, 'photos');
    await makePhotoFolder(photos);
    await makeSeededFile(path.join(photos, 'long film.mov'), 60 * 1024 * 1024, 'sixty megabytes');
    unique = new Set(await contentsOf(photos)).size;
    const device = (name: string) =>
      new CliDevice(path.join(scene.folder, name, 'profile'), scene.system.address, 'correct horse battery');
    laptop = device('laptop');
    phone = device('phone');
  }, 2 * minute);
  afterAll(async () => scene?.[Symbol.asyncDispose](), minute);

  it(
    'signs up',
    async () => {
      await laptop.signUp('Ada Lovelace', 'Ada@Example.org');
      expect(await laptop.ok('ls')).toMatchObject({ photos: [] });
      expect((await laptop.ok<{ devices: unknown[] }>('devices', 'ls')).devices).toHaveLength(1);
    },
    minute,
  );

  it(
    'backs up a folder, and stores what appears twice once',
    async () => {
      const report = await laptop.ok<BackupReport>('backup', photos, '--album', 'Ferien 2026 ☀');
      expect(report.failed).toEqual([]);
      expect(report.stored).toHaveLength(unique);
      expect(report.stored.length + report.alreadyThere.length).toBe((await filesBelow(photos)).length);
      const { photos: listed } = await laptop.ok<Listing>('ls');
      expect(listed.map(({ sha256 }) => sha256).sort()).toEqual(
        [...new Set(await contentsOf(photos))].sort(),
      );
    },
    3 * minute,
  );

  it(
    'uploads nothing twice',
    async () => {
      const before = await objectsOf(scene.system);
      const report = await laptop.ok<BackupReport>('backup', photos);
      expect(report).toMatchObject({ stored: [], failed: [] });
      expect(report.alreadyThere).toHaveLength((await filesBelow(photos)).length);
      expect((await objectsOf(scene.system)).names).toEqual(before.names);
    },
    2 * minute,
  );

  it(
    'reads EXIF and makes thumbnails of what it can decode',
    async () => {
      const { photos: listed } = await laptop.ok<Listing>('ls');
      const picture = listed.find(({ name }) => name === 'IMG_1003.JPG');
      expect(picture).toMatchObject({ camera: { make: 'Heirloom Works' }, thumbnail: expect.anything() });
      for (const name of ['IMG_2001.HEIC', 'DSC_2002.NEF']) {
        const shown = { thumbnail: { width: 240, height: 360 }, preview: { width: 320, height: 480 } };
        expect(listed.find((one) => one.name === name)).toMatchObject(shown);
      }
      for (const name of ['RAW_0001.NEF', 'IMG_0007.HEIC', 'holiday.mp4', 'IMG_2003.MOV'])
        expect(listed.find((one) => one.name === name)).toMatchObject({ thumbnail: null });
    },
    minute,
  );

  it(
    'copies every object to every location, each named by its own SHA-256',
    async () => {
      await eventually(
        'three copies of everything',
        async () => {
          const { byLocation } = await objectsOf(scene.system);
          return byLocation.every((names) => names.length === unique);
        },
        minute,
      );
      for (const { path: root } of scene.system.locations) {
        for (const file of await filesBelow(path.join(root, 'objects'))) {
          expect(await sha256File(path.join(root, 'objects', file))).toBe(path.basename(file));
        }
      }
    },
    3 * minute,
  );

  it(
    'gives every byte back on a second device',
    async () => {
      await phone.logIn('ada@example.org', 'Ada’s phone');
      const restored = path.join(scene.folder, 'restored');
      await phone.ok('get', '--all', '--to', restored);
      expect(await contentsOf(restored)).toEqual([...new Set(await contentsOf(photos))].sort());
      const again = await phone.ok<{ failed?: unknown[] }>('get', '--all', '--to', restored);
      expect(again.failed ?? []).toEqual([]);
      expect(await readdir(restored)).toHaveLength(unique);
    },
    3 * minute,
  );

  it(
    'never overwrites a different file',
    async () => {
      const target = path.join(scene.folder, 'occupied');
      await mkdir(target);
      await writeFile(path.join(target, 'IMG_1003.JPG'), 'something of my own');
      const { photos: listed } = await phone.ok<Listing>('ls');
      const id = listed.find(({ name }) => name === 'IMG_1003.JPG')!.id;
      await phone.ok('get', id, '--to', target);
      expect(await readFile(path.join(target, 'IMG_1003.JPG'), 'utf8')).toBe('something of my own');
      expect(await contentsOf(target)).toContain(
        await sha256File(path.join(photos, 'DCIM/100CANON/IMG_1003.JPG')),
      );
    },
    minute,
  );

  it(
    'has albums on every device',
    async () => {
      expect(await phone.ok('album', 'ls')).toMatchObject({ albums: [{ name: 'Ferien 2026 ☀' }] });
      await phone.ok('album', 'create', 'Empty one');
      const { photos: inAlbum } = await phone.ok<Listing>('ls', '--album', 'Ferien 2026 ☀');
      expect(inAlbum).toHaveLength(unique);
      expect(await laptop.ok('ls', '--album', 'Empty one')).toMatchObject({ photos: [] });
      expect(await phone.run('ls', '--album', 'No such album')).toMatchObject({
        code: 1,
        json: { error: { code: 'not-found' } },
      });
    },
    minute,
  );

  it(
    'keeps favourites and captions on every device',
    async () => {
      const { photos: listed } = await phone.ok<Listing>('ls');
      const [id, other] = ['IMG_1003.JPG', 'IMG_1004.JPG'].map(
        (wanted) => listed.find(({ name }) => name === wanted)!.id,
      ) as [string, string];
      await phone.ok('favourite', id, other);
      await laptop.ok('favourite', other, '--off', '--album', 'Ferien 2026 ☀');
      expect(await laptop.ok('caption', id, ' Opa am See ')).toEqual({ id, caption: 'Opa am See' });
      for (const device of [phone, laptop]) {
        for (const where of [[], ['--album', 'Ferien 2026 ☀']]) {
          const { photos: now } = await device.ok<Listing>('ls', ...where);
          const noted = now.filter(({ favourite, caption }) => favourite || caption !== null);
          expect(noted).toMatchObject([{ id, favourite: true, caption: 'Opa am See' }]);
        }
      }
      expect(await phone.ok('caption', id, '')).toEqual({ id, caption: null });
      expect((await laptop.ok<Listing>('ls')).photos.every(({ caption }) => caption === null)).toBe(true);
      expect(await phone.run('caption', 'ffffffff', 'nothing')).toMatchObject({
        code: 1,
        json: { error: { code: 'not-found' } },
      });
    },
    minute,
  );

  it(
    'verifies everything on the device, and asks for each copy',
    async () => {
      const sample = await laptop.run('verify', '--sample', '3');
      expect(sample).toMatchObject({ code: 0, json: { checks: { running: null } } });
      const all = await laptop.run('verify', '--all');
      expect(all).toMatchObject({ code: 0 });
      expect(all.stdout).toContain(String(unique));
    },
    3 * minute,
  );

  it(
    'finds a damaged copy, and says which',
    async () => {
      const { photos: listed } = await laptop.ok<Listing>('ls');
      const { object, version } = listed.find(({ name }) => name === 'IMG_1004.JPG')!;
      const [location] = scene.system.locations;
      const file = path.join(location!.path, 'objects', object.slice(0, 2), object.slice(2, 4), object);
      const whole = await readFile(file);
      const damaged = Buffer.from(whole);
      damaged[1000]! ^= 1;
      await chmod(file, 0o600);
      await writeFile(file, damaged);
      const report = await laptop.run('verify', '--all');
      expect(report.code).not.toBe(0);
      expect(report.json).toMatchObject({
        serverCopies: {
          damaged: 1,
          problems: [{ versionId: version, locationId: location!.id, state: 'damaged' }],
        },
      });
      await writeFile(file, whole);
      expect(await laptop.run('verify', '--all')).toMatchObject({ code: 0 });
    },
    2 * minute,
  );

  it(
    'revokes a device, which is shut out within five seconds',
    async () => {
      const { devices } = await laptop.ok<{ devices: { id: string; thisDevice: boolean; name: string }[] }>(
        'devices',
        'ls',
      );
      expect(devices.map(({ name }) => name)).toContain('Ada’s phone');
      await laptop.ok('devices', 'revoke', devices.find(({ thisDevice }) => !thisDevice)!.id);
      const revokedAt = Date.now();
      await eventually('the phone being refused', async () => (await phone.run('ls')).code !== 0, 10_000);
      expect(Date.now() - revokedAt).toBeLessThan(5_000 + 2_000); // a CLI run takes up to two seconds of its own here
      expect(await phone.run('ls')).toMatchObject({ json: { error: { code: 'device-revoked' } } });
      expect(await laptop.ok('ls')).toBeDefined();
    },
    minute,
  );

  it(
    'signs out and in again',
    async () => {
      await laptop.ok('logout');
      expect(await laptop.run('ls')).toMatchObject({ code: 1, json: { error: { code: 'token-missing' } } });
      await laptop.logIn('ada@example.org', 'laptop again');
      expect((await laptop.ok<Listing>('ls')).photos).toHaveLength(unique);
    },
    minute,
  );

  it(
    'refuses wrong passwords and unknown people alike',
    async () => {
      const stranger = (email: string, name: string) =>
        new CliDevice(path.join(scene.folder, name, 'profile'), scene.system.address, 'not the password').run(
          'login',
          '--server',
          scene.system.address,
          '--email',
          email,
        );
      const [known, unknown] = [
        await stranger('ada@example.org', 'a'),
        await stranger('nobody@example.org', 'b'),
      ];
      expect(known).toMatchObject({ code: 1, json: { error: { code: 'login-failed' } } });
      expect(unknown.json).toEqual(known.json);
    },
    minute,
  );

  describe('and with it, staff:', () =>
    itLocksAccounts(() => ({ scene, device: laptop, email: 'ada@example.org', film: 'long film.mov' })));

  it('keeps no secret where others can read it', async () => {
    expect((await stat(laptop.home)).mode & 0o077).toBe(0);
  });
});
