import { describe, expect, it } from '@jest/globals';
import { newId, type UploadId } from '@heirloom/contracts';
import { chunked, collect, hashOf, nameOf, seeded } from '../test/bytes.ts';
import { MemoryDisk, memoryLocation, objectFile, type MemoryDiskOptions } from './index.ts';

const photo = seeded(600_000, 'photo');
const name = nameOf(photo);

async function onDisk(options: MemoryDiskOptions = {}) {
  const disk = new MemoryDisk(options);
  return { disk, location: await memoryLocation({ disk }) };
}

async function staged() {
  const { disk, location } = await onDisk();
  const stage = await location.openStage(newId<UploadId>());
  await stage.append(0, chunked(photo));
  return { disk, location, stage };
}

describe('a disk that fills up', () => {
  it('is storage-full to a put, which leaves nothing behind', async () => {
    const { disk, location } = await onDisk({ capacityBytes: 500_000 });
    const { freeBytes: free } = await disk.room();
    await expect(location.put(name, chunked(photo), photo.length)).rejects.toMatchObject({
      code: 'storage-full',
    });
    expect(await location.stat(name)).toBeUndefined();
    expect(await location.list({ limit: 5 })).toEqual({ entries: [], unknown: [] });
    expect((await disk.room()).freeBytes).toBe(free);
  });

  it('is storage-full to an append, whose bytes before that stay', async () => {
    const { disk, location } = await onDisk({ capacityBytes: 500_000 });
    const { freeBytes: free } = await disk.room();
    const stage = await location.openStage(newId<UploadId>());
    await expect(stage.append(0, chunked(photo))).rejects.toMatchObject({ code: 'storage-full' });
    expect(await stage.length()).toBe(free);
    expect(await hashOf(stage.read())).toBe(nameOf(photo.subarray(0, free)));
    expect(await location.probe()).toMatchObject({
      readable: true,
      writable: false,
      problem: { code: 'storage-full' },
    });
  });

  it.each(['link', 'mkdir', 'syncDirectory'] as const)(
    'in %s keeps the stage for another attempt',
    async (on) => {
      for (const error of ['ENOSPC', 'EDQUOT'] as const) {
        const { disk, location, stage } = await staged();
        disk.inject({ on, error });
        await expect(stage.commit(name, photo.length)).rejects.toMatchObject({ code: 'storage-full' });
        expect(await stage.length()).toBe(photo.length);
        await stage.commit(name, photo.length);
        disk.crash();
        expect(await hashOf((await location.get(name)).body)).toBe(name);
      }
    },
  );
});

describe('a disk that fails', () => {
  it.each(['EIO', 'EACCES', 'EROFS'] as const)(
    'with %s is unavailable, whatever was asked',
    async (error) => {
      const { disk, location } = await onDisk();
      await location.put(name, chunked(photo), photo.length);
      const stage = await location.openStage(newId<UploadId>());
      const { body } = await location.get(name);
      disk.inject({ on: 'any', times: Infinity, error });
      const other = seeded(10, 'other');
      for (const attempt of [
        () => location.get(name),
        () => location.stat(name),
        () => location.list({ limit: 1 }),
        () => location.put(nameOf(other), chunked(other), other.length),
        () => location.openStage(newId<UploadId>()),
        () => location.sweepStages(0),
        () => stage.length(),
        () => stage.append(0, chunked(photo)),
        () => stage.commit(name, photo.length),
        () => stage.discard(),
        () => collect(stage.read()),
        () => collect(body),
      ]) {
        await expect(attempt()).rejects.toMatchObject({ code: 'unavailable', cause: { code: error } });
      }
      expect(await location.probe()).toMatchObject({
        readable: false,
        writable: false,
        problem: { code: 'unavailable' },
      });
      disk.heal();
      expect(await hashOf((await location.get(name)).body)).toBe(name);
    },
  );

  it('does not get a second chance to sync bytes that it may have lost', async () => {
    const { disk, location, stage } = await staged();
    disk.inject({ on: 'sync', error: 'EIO' });
    await expect(stage.commit(name, photo.length)).rejects.toMatchObject({ code: 'unavailable' });
    await expect(stage.commit(name, photo.length)).rejects.toMatchObject({ code: 'not-found' });
    expect(await location.stat(name)).toBeUndefined();
  });

  it('acknowledges nothing when a folder cannot be synced', async () => {
    const { disk, location } = await onDisk();
    for (const nth of [1, 2, 3]) {
      disk.inject({ on: 'syncDirectory', nth, error: 'EIO' });
      await expect(location.put(name, chunked(photo), photo.length)).rejects.toMatchObject({
        code: 'unavailable',
      });
      disk.heal();
    }
    await location.put(name, chunked(photo), photo.length);
    disk.crash();
    expect(await hashOf((await location.get(name)).body)).toBe(name);
  });

  it('may keep the stage of a commit that is done, but nothing can be added to the object through it', async () => {
    const { disk, location, stage } = await staged();
    disk.inject({ on: 'unlink', error: 'EIO' });
    await stage.commit(name, photo.length);
    expect(await stage.length()).toBe(photo.length);
    await expect(stage.append(photo.length, chunked(photo))).rejects.toMatchObject({ code: 'conflict' });
    expect(await location.stat(name)).toEqual({ sizeBytes: photo.length });
    await stage.commit(name, photo.length);
    await expect(stage.length()).rejects.toMatchObject({ code: 'not-found' });
  });

  it('is not writable to a probe when it reads back other bytes', async () => {
    const { disk, location } = await onDisk();
    await location.probe();
    disk.inject({ on: 'read', nth: 1, times: 100, bitFlip: true });
    expect((await location.probe()).writable).toBe(false);
    disk.heal();
    expect((await location.probe()).writable).toBe(true);
  });
});

describe('a disk of another temper', () => {
  it('may read and write little at a time', async () => {
    const { disk, location } = await onDisk();
    disk.inject({ on: 'write', times: Infinity, maxBytes: 777 });
    disk.inject({ on: 'read', times: Infinity, maxBytes: 1234 });
    await location.put(name, chunked(photo), photo.length);
    expect(await hashOf((await location.get(name)).body)).toBe(name);
  });

  it('may be slow, and others share the sync that they all wait for', async () => {
    const { disk, location } = await onDisk();
    await location.put(name, chunked(photo), photo.length);
    disk.inject({ on: 'syncDirectory', times: Infinity, delayMs: 30 });
    const before = disk.operations;
    await Promise.all(Array.from({ length: 20 }, () => location.put(name, chunked(photo), photo.length)));
    // 20 looks at the object; one sync that runs at once and one that the others share.
    expect(disk.operations - before).toBe(22);
  });

  it('may not know links', async () => {
    const { location } = await onDisk({ hardLinks: false });
    await location.put(name, chunked(photo), photo.length);
    await location.put(name, chunked(photo), photo.length);
    const stage = await location.openStage(newId<UploadId>());
    await stage.append(0, chunked(photo.subarray(1)));
    await expect(stage.commit(name, photo.length - 1)).rejects.toMatchObject({ code: 'conflict' });
    expect(await hashOf((await location.get(name)).body)).toBe(name);
  });
});

describe('two who store one object', () => {
  it.each(['put', 'commit'] as const)(
    'are both told the truth when power is lost after the %s of the later',
    async (how) => {
      const { disk, location } = await onDisk();
      const other = await memoryLocation({ disk });
      const stage = await other.openStage(newId<UploadId>());
      await stage.append(0, chunked(photo));
      disk.inject({ on: 'syncDirectory', times: 3, delayMs: 1000 });
      const waiting = location.put(name, chunked(photo), photo.length).catch((error: unknown) => error);
      while (!(await other.stat(name))) await new Promise((resolve) => setImmediate(resolve));

      if (how === 'put') await other.put(name, chunked(photo), photo.length);
      else await stage.commit(name, photo.length);
      disk.crash();
      expect(await hashOf((await (await memoryLocation({ disk })).get(name)).body)).toBe(name);
      await waiting;
    },
  );

  it('never replace what the earlier has made, whenever the later comes', async () => {
    const { disk, location } = await onDisk();
    const stages = await Promise.all(
      [photo, seeded(photo.length, 'other bytes of the same length')].map(async (bytes) => {
        const stage = await location.openStage(newId<UploadId>());
        await stage.append(0, chunked(bytes));
        return stage;
      }),
    );
    // Both see that there is no object yet; then the later link comes after the earlier commit is over.
    disk.inject({ on: 'link', nth: 2, delayMs: 50 });
    await Promise.all(stages.map((stage) => stage.commit(name, photo.length)));
    expect(await hashOf((await location.get(name)).body)).toBe(name);
  });
});

describe('damage', () => {
  it('is visible to whoever hashes what is read, not hidden and not thrown', async () => {
    const { disk, location } = await onDisk();
    await location.put(name, chunked(photo), photo.length);
    disk.inject({ on: 'read', nth: 2, bitFlip: true });
    expect(await hashOf((await location.get(name)).body)).not.toBe(name);
    expect(await hashOf((await location.get(name)).body)).toBe(name);

    disk.tamper(objectFile(name), photo.subarray(0, 1000));
    expect(await location.stat(name)).toEqual({ sizeBytes: 1000 });
    disk.tamper(objectFile(name), undefined);
    expect(await location.stat(name)).toBeUndefined();
    expect((await location.list({ limit: 5 })).entries).toEqual([]);
  });

  it('that shortens an object while it is read is an error, not a short answer', async () => {
    const { disk, location } = await onDisk();
    await location.put(name, chunked(photo), photo.length);
    const { body } = await location.get(name);
    disk.tamper(objectFile(name), photo.subarray(0, 1000));
    await expect(collect(body)).rejects.toMatchObject({ code: 'unavailable' });
  });
});
