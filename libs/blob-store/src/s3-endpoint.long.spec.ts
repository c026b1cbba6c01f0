import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { newId, type UploadId } from '@heirloom/contracts';
import { chunked, hashOf, nameOf, seeded } from '../test/bytes.ts';
import {
  initialiseLocation,
  locationConfig,
  openLocation,
  type Location,
  type S3Credentials,
} from './index.ts';
import { CephRgw, TestBucket, type CephUser } from './testing/index.ts';

const MiB = 1024 * 1024;
const photo = seeded(9 * MiB, 'a photo of two parts');
const name = nameOf(photo);
const path = `objects/${name.slice(0, 2)}/${name.slice(2, 4)}/${name}`;

let ceph: CephRgw;
let user: CephUser;
beforeAll(async () => {
  // On disk, since it is killed below.
  ceph = await CephRgw.start({ store: 'bluestore' });
  user = await ceph.addUser('family');
});
afterAll(() => ceph[Symbol.asyncDispose]());

let count = 0;
let bucket: TestBucket;
let location: Location;
let open: (credentials?: CephUser) => Location;
beforeEach(async () => {
  const options = { endpoint: ceph.endpoint, bucket: `endpoint-${++count}` };
  bucket = await TestBucket.make({ ...options, credentials: user });
  const config = locationConfig.parse({ id: 'cloud', driver: 's3', ...options });
  const keys = (own: CephUser): S3Credentials => ({ default: own });
  await initialiseLocation(config, keys(user));
  open = (credentials = user) => openLocation(config, keys(credentials));
  location = open();
});

describe('an endpoint', () => {
  it('is known after a probe', async () => {
    const { notes } = await location.probe();
    expect(notes).toEqual([
      'a body that is damaged on its way is refused',
      'checksum headers are ignored',
      'conditional puts are honoured',
      'versioning: off',
      'object lock: off',
    ]);
  });

  it('whose user may not write is read-only', async () => {
    const guest = await ceph.addUser('guest');
    await location.put(name, chunked(photo), photo.length);
    await bucket.allowReading('guest');
    const reader = open(guest);
    expect(await hashOf((await reader.get(name)).body)).toBe(name);
    expect((await reader.list({ limit: 5 })).entries).toEqual([{ name, sizeBytes: photo.length }]);
    await expect(reader.quarantine(name)).rejects.toMatchObject({ code: 'unavailable' });
    const other = seeded(10, 'other');
    await expect(reader.put(nameOf(other), chunked(other), 10)).rejects.toMatchObject({
      code: 'unavailable',
    });
    const health = await reader.probe();
    expect(health).toMatchObject({ readable: true, writable: false });
    expect(health.problem!.message).toMatch(/refuses access \(AccessDenied\)/);
  });

  it('that is full takes nothing, shows nothing half, and is well again with more room', async () => {
    await ceph.admin('quota', 'set', '--quota-scope=user', '--uid=family', `--max-size=${MiB}`);
    await ceph.admin('quota', 'enable', '--quota-scope=user', '--uid=family');
    try {
      await expect(location.put(name, chunked(photo), photo.length)).rejects.toMatchObject({
        code: 'storage-full',
      });
      expect(await location.stat(name)).toBeUndefined();
      expect(await bucket.openUploads()).toEqual([]);
    } finally {
      await ceph.admin('quota', 'disable', '--quota-scope=user', '--uid=family');
    }
    await location.put(name, chunked(photo), photo.length);
    expect(await hashOf((await location.get(name)).body)).toBe(name);
  });

  it('is rid of what was abandoned, and keeps what belongs to others', async () => {
    await bucket.abandonUpload(path, photo);
    await bucket.abandonUpload('somebody/elses', photo);
    const stage = await location.openStage(newId<UploadId>());
    await stage.append(0, chunked(photo));
    expect(await location.sweepStages(3600_000)).toBe(0);
    expect(await location.sweepStages(-2000)).toBe(2);
    expect(await bucket.openUploads()).toEqual(['somebody/elses']);
    expect(await bucket.keys()).toEqual(['location.json']);
  });

  it('gets what was staged in many small pieces as one object', async () => {
    const stage = await location.openStage(newId<UploadId>());
    const cuts = [0, 1, 100_000, 6 * MiB, 6 * MiB + 1, photo.length];
    for (let i = 1; i < cuts.length; i++)
      await stage.append(cuts[i - 1]!, chunked(photo.subarray(cuts[i - 1], cuts[i])));
    await stage.commit(name, photo.length);
    expect(await hashOf((await location.get(name)).body)).toBe(name);
    expect(await bucket.keys()).toEqual(['location.json', path]);
  });

  it('may be killed at any time: what was acknowledged is there, and an upload goes on', async () => {
    const small = seeded(3000, 'acknowledged');
    await location.put(nameOf(small), chunked(small), small.length);
    const upload = newId<UploadId>();
    const stage = await location.openStage(upload);
    const half = photo.length / 2;
    await stage.append(0, chunked(photo.subarray(0, half)));
    async function* killing() {
      yield* chunked(photo.subarray(half, half + MiB));
      await ceph.crash();
      yield* chunked(photo.subarray(half + MiB));
    }
    await expect(stage.append(half, killing())).rejects.toMatchObject({ code: 'unavailable' });
    expect(await location.probe()).toMatchObject({ readable: false, writable: false });
    await ceph.up();
    const again = await open().openStage(upload);
    const length = await again.length();
    expect(length).toBeGreaterThanOrEqual(half);
    await again.append(length, chunked(photo.subarray(length)));
    await again.commit(name, photo.length);
    expect(await hashOf((await location.get(name)).body)).toBe(name);
    expect(await hashOf((await location.get(nameOf(small))).body)).toBe(nameOf(small));
  });
});
