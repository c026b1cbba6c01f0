import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  chmod,
  mkdir,
  mkdtemp,
  readdir,
  readFile,
  rename,
  rm,
  stat,
  symlink,
  truncate,
  writeFile,
} from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { newId, type UploadId } from '@heirloom/contracts';
import { chunked, hashOf, nameOf, seeded } from '../test/bytes.ts';
import type { Disk, DiskFile } from './disk/disk.ts';
import { nodeDisk } from './disk/node-disk.ts';
import { FileLocation } from './files/file-location.ts';
import { initialise } from './files/marker.ts';
import { initialiseLocation, locationConfig, objectFile, openLocation } from './index.ts';

const photo = seeded(300_000, 'photo');
const name = nameOf(photo);

let root: string;
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'heirloom-directory-'));
});
afterEach(() => rm(root, { recursive: true, force: true }));

const config = (id = 'disk-1', path = root) => locationConfig.parse({ id, driver: 'directory', path });
const ready = async () => {
  await initialiseLocation(config());
  return openLocation(config());
};
const mode = async (path: string) => ((await stat(join(root, path))).mode & 0o777).toString(8);

describe('files of a directory location', () => {
  it('can be checked with sha256sum and are closed to others', async () => {
    const location = await ready();
    const stage = await location.openStage('01890a5d-ac96-774b-bcce-b302099a8057' as UploadId);
    await stage.append(0, chunked(photo));
    expect(await mode('tmp/01890a5d-ac96-774b-bcce-b302099a8057')).toBe('600');
    await stage.commit(name, photo.length);

    const path = `objects/${name.slice(0, 2)}/${name.slice(2, 4)}/${name}`;
    expect(objectFile(name)).toBe(path);
    expect(
      createHash('sha256')
        .update(await readFile(join(root, path)))
        .digest('hex'),
    ).toBe(name);
    expect(await mode(path)).toBe('400');
    for (const folder of ['objects', 'tmp', path.slice(0, 10), path.slice(0, 13)])
      expect(await mode(folder)).toBe('700');
    expect(await mode('location.json')).toBe('600');
    expect(await readdir(join(root, 'tmp'))).toEqual([]);
    expect((await stat(join(root, path))).nlink).toBe(1);
  });

  it('are not followed when they are symbolic links', async () => {
    const location = await ready();
    await location.put(name, chunked(photo), photo.length);
    const elsewhere = seeded(1000, 'elsewhere');
    const linked = nameOf(elsewhere);
    await writeFile(join(root, 'elsewhere'), elsewhere);
    await mkdir(join(root, objectFile(linked), '..'), { recursive: true });
    await symlink(join(root, 'elsewhere'), join(root, objectFile(linked)));
    expect(await location.stat(linked)).toBeUndefined();
    await expect(location.get(linked)).rejects.toMatchObject({ code: 'not-found' });
    const { entries, unknown } = await location.list({ limit: 5 });
    expect(entries).toEqual([{ name, sizeBytes: photo.length }]);
    expect(unknown).toEqual([objectFile(linked).slice('objects/'.length)]);
  });

  it('are reported when they are folders that do not belong there, once each', async () => {
    const location = await ready();
    await mkdir(join(root, 'objects/backup/deep/below'), { recursive: true });
    await mkdir(join(root, 'objects/ab/cd/ef/01'), { recursive: true });
    await mkdir(join(root, 'objects/ab/zz'), { recursive: true });
    const first = await location.list({ limit: 2 });
    expect(first).toMatchObject({ entries: [], unknown: ['ab/cd/ef/', 'ab/zz/'] });
    expect(await location.list({ limit: 5, after: first.next! })).toEqual({
      entries: [],
      unknown: ['backup/'],
    });
  });

  it('of strangers are not swept', async () => {
    const location = await ready();
    await writeFile(join(root, 'tmp/notes.txt'), 'mine');
    await location.openStage(newId<UploadId>());
    expect(await location.sweepStages(-1000)).toBe(1);
    expect(await readdir(join(root, 'tmp'))).toEqual(['notes.txt']);
  });
});

describe('a folder', () => {
  it('is set up once, when it is empty but for what a fresh file system has', async () => {
    await mkdir(join(root, 'lost+found'));
    await initialiseLocation(config());
    const location = openLocation(config());
    await location.put(name, chunked(photo), photo.length);
    await initialiseLocation(config());
    expect(await location.stat(name)).toEqual({ sizeBytes: photo.length });
  });

  it('that holds anything else is not set up', async () => {
    await writeFile(join(root, 'holiday.jpg'), 'x');
    await expect(initialiseLocation(config())).rejects.toMatchObject({
      code: 'unavailable',
      message: 'Storage location disk-1 was not set up: its folder is not empty and has no location.json.',
    });
    expect(await readdir(root)).toEqual(['holiday.jpg']);
  });

  it('that holds objects but lost its marker is not set up', async () => {
    await (await ready()).put(name, chunked(photo), photo.length);
    await rm(join(root, 'location.json'));
    await expect(initialiseLocation(config())).rejects.toMatchObject({ code: 'unavailable' });
  });

  it('of another location is refused, and not written to', async () => {
    await initialiseLocation(config('disk-2'));
    const wrong = openLocation(config());
    const message =
      'Storage location disk-1 is on the wrong disk: the location.json there belongs to location disk-2.';
    await expect(initialiseLocation(config())).rejects.toMatchObject({ code: 'unavailable', message });
    await expect(wrong.put(name, chunked(photo), photo.length)).rejects.toMatchObject({ message });
    await expect(wrong.stat(name)).rejects.toMatchObject({ message });
    expect(await wrong.probe()).toMatchObject({ readable: false, writable: false, problem: { message } });
    expect(await readdir(join(root, 'tmp'))).toEqual([]);
  });

  it.each([
    ['broken JSON', '{'],
    ['a later version', '{"format":"heirloom-location","version":2,"id":"disk-1"}'],
    ['nothing', ''],
  ])('whose marker holds %s is refused', async (_what, text) => {
    const location = await ready();
    await writeFile(join(root, 'location.json'), text);
    await expect(location.stat(name)).rejects.toMatchObject({
      code: 'unavailable',
      message: 'Storage location disk-1 has a location.json that this version cannot read.',
    });
  });

  it('that was never set up, or does not exist, is refused', async () => {
    for (const path of [root, join(root, 'missing')]) {
      const location = openLocation(config('disk-1', path));
      await expect(location.openStage(newId<UploadId>())).rejects.toMatchObject({ code: 'unavailable' });
      expect(await location.probe()).toMatchObject({ readable: false, problem: { code: 'unavailable' } });
    }
    await expect(initialiseLocation(config('disk-1', join(root, 'missing')))).rejects.toMatchObject({
      code: 'unavailable',
    });
    expect(await readdir(root)).toEqual([]);
  });
});

describe('a disk that is unmounted while the service runs', () => {
  it('is unavailable rather than empty, and works again when it is back', async () => {
    const path = join(root, 'mounted');
    await mkdir(path);
    await initialiseLocation(config('disk-1', path));
    const location = openLocation(config('disk-1', path));
    await location.put(name, chunked(photo), photo.length);

    await rename(path, join(root, 'away'));
    await mkdir(path);
    for (const attempt of [
      () => location.stat(name),
      () => location.get(name),
      () => location.list({ limit: 1 }),
      () => location.put(name, chunked(photo), photo.length),
      () => location.openStage(newId<UploadId>()),
      () => location.sweepStages(0),
    ]) {
      await expect(attempt()).rejects.toMatchObject({ code: 'unavailable' });
    }
    expect(await readdir(path)).toEqual([]);

    await rm(path, { recursive: true });
    await rename(join(root, 'away'), path);
    expect(await hashOf((await location.get(name)).body)).toBe(name);
  });
});

describe('real damage', () => {
  it('shows in size and hash', async () => {
    const location = await ready();
    await location.put(name, chunked(photo), photo.length);
    const file = join(root, objectFile(name));
    await chmod(file, 0o600);
    await truncate(file, 1234);
    expect(await location.stat(name)).toEqual({ sizeBytes: 1234 });
    await expect(location.put(name, chunked(photo), photo.length)).rejects.toMatchObject({
      code: 'conflict',
    });
  });
});

/**
 * A disk with room for 1 MiB in all: a real small file system where this machine lets us mount one, else the real
 * folder behind a disk that runs out.
 */
function smallDisk(): { disk: Disk; [Symbol.dispose](): void } {
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=1m', 'tmpfs', root], { stdio: 'ignore' });
    return { disk: nodeDisk(root), [Symbol.dispose]: () => void execFileSync('umount', ['--lazy', root]) };
  } catch {
    return { disk: runsOut(nodeDisk(root), 1024 * 1024), [Symbol.dispose]: () => undefined };
  }
}

function runsOut(disk: Disk, capacityBytes: number): Disk {
  const sizes = new Map<string, number>();
  const limited = (file: DiskFile, path: string): DiskFile => ({
    ...file,
    write: async (bytes, position) => {
      const others = [...sizes].reduce((sum, [at, size]) => (at === path ? sum : sum + size), 0);
      const room = capacityBytes - others - position;
      if (room <= 0) throw Object.assign(new Error('ENOSPC'), { code: 'ENOSPC', syscall: 'write' });
      const count = await file.write(bytes.subarray(0, room), position);
      sizes.set(path, position + count);
      return count;
    },
  });
  return {
    ...disk,
    open: async (path, access) => limited(await disk.open(path, access), path),
    unlink: async (path) => {
      await disk.unlink(path);
      sizes.delete(path);
    },
  };
}

describe('a full disk', () => {
  it('is storage-full, shows nothing partial, and takes what still fits', async () => {
    using small = smallDisk();
    const { id, region } = config();
    await initialise(small.disk, id);
    const location = new FileLocation({ id, region, driver: 'directory', disk: small.disk });
    const large = seeded(2 * 1024 * 1024, 'does not fit');
    await expect(location.put(nameOf(large), chunked(large), large.length)).rejects.toMatchObject({
      code: 'storage-full',
      cause: { code: 'ENOSPC' },
    });
    expect(await location.stat(nameOf(large))).toBeUndefined();
    expect(await readdir(join(root, 'tmp'))).toEqual([]);

    const stage = await location.openStage(newId<UploadId>());
    await expect(stage.append(0, chunked(large))).rejects.toMatchObject({ code: 'storage-full' });
    const length = await stage.length();
    expect(length).toBeGreaterThan(500_000);
    expect(await hashOf(stage.read())).toBe(nameOf(large.subarray(0, length)));
    await stage.discard();

    await location.put(name, chunked(photo), photo.length);
    expect(await hashOf((await location.get(name)).body)).toBe(name);
  });
});
