import { createHash } from 'node:crypto';
import { mkdir } from 'node:fs/promises';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { objectFile } from '@heirloom/blob-store';
import { CephRgw, TestBucket, type CephUser } from '@heirloom/blob-store/testing';
import { serviceNames, type ObjectName } from '@heirloom/contracts';
import { CliDevice } from '../cli/cli.ts';
import { contentsOf, makePhotoFolder, makeSeededFile } from '../samples/samples.ts';
import { boot, topologies, type Scene } from '../system/boot.ts';
import { eventually } from '../system/processes.ts';

const minute = 60_000;
const MiB = 1024 * 1024;

interface LocationRow {
  id: string;
  state: string;
  problem: string | null;
  notes?: string[];
  copies: { wanted: number; present: number; damaged: number; missing: number };
}
interface Finding {
  kind: string;
  state: string;
  object: string | null;
  locationId: string;
}

const sha256 = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');

/** The story of a family whose photos move from disks into buckets, told in order. */
describe.each(topologies)('locations in buckets (%s)', (topology) => {
  let ceph: CephRgw;
  let user: CephUser;
  let reader: CephUser;
  let scene: Scene;
  let ada: CliDevice;
  let operator: CliDevice;
  let photos: string;
  let cloud: TestBucket;
  let far: TestBucket;

  const bucketConfig = (id: string) => ({
    id,
    region: id,
    driver: 's3',
    endpoint: ceph.endpoint,
    bucket: `${topology}-${id}`,
    prefix: 'heirloom/',
  });
  const diskConfig = () => {
    const [{ id, path: folder }] = scene.system.locations as [{ id: string; path: string }];
    return { id, region: 'cellar', driver: 'directory', path: folder };
  };
  const restartWith = async (locations: readonly object[]) => {
    for (const name of serviceNames) await scene.system.crash(name);
    await scene.system.start({
      HEIRLOOM_LOCATIONS: JSON.stringify(locations),
      HEIRLOOM_S3_CREDENTIALS: JSON.stringify({ default: user }),
      HEIRLOOM_INTEGRITY_CHECKER_S3_CREDENTIALS: JSON.stringify({ default: reader }),
    });
  };
  const makeBucket = async (id: string) => {
    const { endpoint, bucket, prefix } = bucketConfig(id);
    const made = await TestBucket.make({ endpoint, bucket, prefix, credentials: user });
    await made.allowReading('checker');
    return made;
  };
  const rows = async () => {
    const { locations } = await operator.ok<{ locations: LocationRow[] }>('admin', 'locations');
    return locations.filter(({ state }) => state !== 'removed');
  };
  const unique = async () => new Set(await contentsOf(photos)).size;
  const allHaveAll = async () => {
    const count = await unique();
    const whole = { wanted: 0, present: count, damaged: 0, missing: 0 };
    const isWhole = async () => (await rows()).every(({ copies }) => sameCopies(copies, whole));
    await eventually('all copies in all locations', isWhole, 3 * minute);
  };
  /** Names of the objects in a bucket; throws when one is not what its name says. */
  const checkedNames = async (bucket: TestBucket): Promise<string[]> => {
    const keys = await bucket.keys('objects/');
    for (const key of keys) expect(sha256(await bucket.get(key))).toBe(path.basename(key));
    return keys.map((key) => path.basename(key));
  };
  const expectAllBack = async (name: string) => {
    const folder = path.join(scene.folder, name);
    await ada.ok('get', '--all', '--to', folder);
    expect(await contentsOf(folder)).toEqual([...new Set(await contentsOf(photos))].sort());
  };

  beforeAll(async () => {
    ceph = await CephRgw.start({ store: 'bluestore' });
    [user, reader] = [await ceph.addUser('vault'), await ceph.addUser('checker')];
    [cloud, far] = [await makeBucket('cloud'), await makeBucket('far')];
    scene = await boot(topology);
    photos = path.join(scene.folder, 'photos');
    await mkdir(photos, { recursive: true });
    await makePhotoFolder(photos, 6);
    const { address } = scene.system;
    ada = new CliDevice(path.join(scene.folder, 'ada/profile'), address, 'password of ada');
    operator = new CliDevice(path.join(scene.folder, 'operator/profile'), address, 'password of op');
    await ada.signUp('Ada', 'ada@example.org');
    await ada.ok('backup', photos);
    const token = await scene.system.setupToken();
    await operator.ok('admin', 'setup', '--server', address, '--token', token, '--email', 'op@example.org');
  }, 5 * minute);
  afterAll(async () => {
    await scene?.[Symbol.asyncDispose]();
    await ceph?.[Symbol.asyncDispose]();
  }, minute);

  it(
    'fills buckets that are added to a configuration, and says what their endpoint does',
    async () => {
      await allHaveAll();
      await restartWith([diskConfig(), bucketConfig('cloud'), bucketConfig('far')]);
      await allHaveAll();
      const names = await checkedNames(cloud);
      expect(names).toHaveLength(await unique());
      expect(await checkedNames(far)).toEqual(names);
      const [, inCloud] = await rows();
      expect(inCloud).toMatchObject({ id: 'cloud', state: 'writable', problem: null });
      expect(inCloud!.notes).toContain('a body that is damaged on its way is refused');
      await expectAllBack('from a disk and two buckets');
    },
    6 * minute,
  );

  it(
    'loses nothing when the engine is killed in the middle of a backup',
    async () => {
      await makeSeededFile(path.join(photos, 'long film.mov'), 150 * MiB, 'film');
      const backup = ada.start('backup', photos);
      // Two of the three places were chosen, so one of them is a bucket.
      const staged = async () => [...(await cloud.keys('tmp/')), ...(await far.keys('tmp/'))];
      await eventually('bytes in a stage', async () => (await staged()).length > 3, minute);
      await ceph.crash();
      await eventually(
        'the buckets being seen to be away',
        async () => (await rows()).filter(({ state }) => state === 'unavailable').length === 2,
        minute,
      );
      await ceph.up();
      const { code } = await backup.result;
      // Whoever was told that it failed starts it again, and it goes on.
      if (code !== 0) await ada.ok('backup', photos);
      await allHaveAll();
      const names = await checkedNames(cloud);
      expect(names).toHaveLength(await unique());
      expect(await checkedNames(far)).toEqual(names);
      await expectAllBack('after the kill');
    },
    8 * minute,
  );

  it(
    'finds damage in a bucket with keys that may only read, and heals it',
    async () => {
      const [damaged, gone, short] = (await checkedNames(cloud)) as [string, string, string];
      const key = (name: string) => objectFile(name as ObjectName);
      const bytes = Buffer.from(await cloud.get(key(damaged)));
      bytes[bytes.length >> 1]! ^= 1;
      await cloud.put(key(damaged), bytes);
      await cloud.delete(key(gone));
      await far.put(key(short), new Uint8Array(100));
      await operator.ok('admin', 'scrub', 'start', '--wait');
      const findings = async () =>
        (await operator.ok<{ findings: Finding[] }>('admin', 'findings')).findings.map(
          ({ kind, state, object, locationId }) => ({ kind, state, object, locationId }),
        );
      await eventually(
        'three repairs',
        async () => (await findings()).filter(({ state }) => state === 'repaired').length === 3,
        2 * minute,
      );
      expect(await findings()).toHaveLength(3);
      expect(await findings()).toEqual(
        expect.arrayContaining([
          { kind: 'damaged', state: 'repaired', object: damaged, locationId: 'cloud' },
          { kind: 'missing', state: 'repaired', object: gone, locationId: 'cloud' },
          { kind: 'short', state: 'repaired', object: short, locationId: 'far' },
        ]),
      );
      expect(await checkedNames(cloud)).toHaveLength(await unique());
      await checkedNames(far);
      const [kept] = await cloud.keys('quarantine/');
      expect(kept).toMatch(new RegExp(`^quarantine/${damaged}\\.`));
      expect(sha256(await cloud.get(kept!))).toBe(sha256(bytes));
      // Copies in places that were taken out of the configuration count as unreachable; none is damaged.
      const { json } = await ada.run('verify', '--all');
      expect(json).toMatchObject({ serverCopies: { damaged: 0 } });
    },
    6 * minute,
  );

  it(
    'needs no disk any more',
    async () => {
      await restartWith([bucketConfig('cloud'), bucketConfig('far')]);
      // What the kill left in a stage waits for the sweep, which takes it by its age.
      const left = await cloud.keys('tmp/');
      await makeSeededFile(path.join(photos, 'one more.mov'), 20 * MiB, 'one more');
      await ada.ok('backup', photos);
      await allHaveAll();
      await expectAllBack('from two buckets');
      expect(await cloud.keys('tmp/')).toEqual(left);
    },
    6 * minute,
  );

  it(
    'goes on with new keys of the buckets, and the old ones are of no use',
    async () => {
      const buckets = [bucketConfig('cloud'), bucketConfig('far')];
      await restartWith([diskConfig(), ...buckets]);
      await allHaveAll();
      const states = async () => (await rows()).map(({ state }) => state);
      const old = { user, reader };
      [user, reader] = [await ceph.addKey('vault'), await ceph.addKey('checker')];
      await restartWith(buckets);
      await ceph.removeKey('vault', old.user);
      await ceph.removeKey('checker', old.reader);
      await makeSeededFile(path.join(photos, 'after the keys.mov'), 2 * MiB, 'keys');
      await ada.ok('backup', photos);
      await allHaveAll();
      await operator.ok('admin', 'scrub', 'start', '--wait');
      expect(await states()).toEqual(['writable', 'writable']);
      await expectAllBack('with new keys');
      const fresh = user;
      user = old.user;
      await restartWith(buckets);
      await eventually(
        'the old keys being refused',
        async () => (await states()).every((state) => state === 'unavailable'),
        minute,
      );
      user = fresh;
      await restartWith(buckets);
      await expectAllBack('with new keys again');
    },
    6 * minute,
  );
});

const sameCopies = (a: LocationRow['copies'], b: LocationRow['copies']): boolean =>
  a.wanted === b.wanted && a.present === b.present && a.damaged === b.damaged && a.missing === b.missing;
