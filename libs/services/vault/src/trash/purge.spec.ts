import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { objectFile } from '@heirloom/blob-store';
import { limits, trashRoutes, vaultMessages, vaultRoutes, type LocationId } from '@heirloom/contracts';
import type { Jobs } from '@heirloom/service-kit';
import { Locations } from '../locations/locations.ts';
import { CopyLeases } from '../replicas/copy-leases.ts';
import { Reconciler } from '../replicas/reconciler.ts';
import {
  eventually,
  memoryPlaces,
  TestVault,
  type SealedTestObject,
  type TestPerson,
} from '../vault.spec-helper.ts';
import { PurgeQueue } from './purge-queue.ts';
import { Purger } from './purger.ts';

let vault: TestVault;
let owner: TestPerson;
let locations: Locations;
let queue: PurgeQueue;
beforeAll(async () => {
  vault = await TestVault.start();
  locations = new Locations(
    vault.places.map(({ location }) => location),
    2,
  );
  queue = new PurgeQueue(vault.db, locations);
});
afterAll(() => vault[Symbol.asyncDispose]());
beforeEach(async () => {
  owner = await vault.person();
});
afterEach(() => vault.places.forEach(({ disk }) => disk.heal()));

/** A process that begins now: nothing that an earlier one knew is left but rows and files. */
const run = () => new Purger(new PurgeQueue(vault.db, locations), locations, {} as Jobs).run();

const call = (
  photo: SealedTestObject,
  route: typeof trashRoutes.trashPhotos | typeof trashRoutes.restorePhotos,
) => vault.call(owner, route, { body: { libraryId: owner.libraryId, photoIds: [photo.photoId] } });
const restore = async (photo: SealedTestObject) =>
  (await call(photo, trashRoutes.restorePhotos)).results[0]!.status;
const filesOf = ({ object }: SealedTestObject) =>
  vault.places.filter(({ disk }) => disk.peek(objectFile(object)) !== undefined).length;

async function stored(): Promise<SealedTestObject> {
  const photo = await vault.store(owner);
  await eventually(async () => filesOf(photo) === 3);
  await eventually(
    async () =>
      (await vault.db.replica.count({ where: { objectName: photo.object, state: 'present' } })) === 3,
  );
  return photo;
}

/** A photo that was emptied from the trash and has been there for so long, by the database's clock. */
async function emptied(forMs: number, photo?: SealedTestObject): Promise<SealedTestObject> {
  const one = photo ?? (await stored());
  await call(one, trashRoutes.trashPhotos);
  await vault.call(owner, trashRoutes.emptyTrash, { body: { libraryId: owner.libraryId } });
  await vault.db.$executeRaw`
    UPDATE photos SET trashed_at = now() - ${forMs} * interval '1 millisecond' WHERE id = ${one.photoId}::uuid`;
  return one;
}

const old = limits.trashMs + 1000;

async function expectGone(photo: SealedTestObject): Promise<void> {
  expect(filesOf(photo)).toBe(0);
  const { photoId, versionId, object } = photo;
  expect(await vault.db.photo.count({ where: { id: photoId } })).toBe(0);
  expect(await vault.db.version.count({ where: { id: versionId } })).toBe(0);
  expect(await vault.db.replica.count({ where: { objectName: object } })).toBe(0);
  expect(await vault.db.storedObject.count({ where: { name: object } })).toBe(0);
  expect(await vault.db.tombstone.findMany({ where: { versionId } })).toMatchObject([
    { photoId, libraryId: owner.libraryId, objectName: object },
  ]);
}

describe('deleting for good', () => {
  it('waits for the minimum time, and takes only what was emptied', async () => {
    const tooYoung = await emptied(limits.trashMs - 60_000);
    const notEmptied = await stored();
    await call(notEmptied, trashRoutes.trashPhotos);
    await vault.db.$executeRaw`
      UPDATE photos SET trashed_at = now() - interval '3 years' WHERE id = ${notEmptied.photoId}::uuid`;
    const due = await emptied(old);
    await vault.db.$executeRaw`UPDATE photos SET emptied_at = NULL WHERE id = ${notEmptied.photoId}::uuid`;
    await run();
    await expectGone(due);
    const purges = await vault.db.auditAct.findMany({
      where: { act: { path: ['kind'], equals: 'photos-purged' } },
    });
    expect(purges.map(({ act }) => act)).toContainEqual({
      kind: 'photos-purged',
      actor: { kind: 'service' },
      accountId: owner.accountId,
      subjectId: owner.libraryId,
      details: { photos: 1 },
    });
    expect([filesOf(tooYoung), filesOf(notEmptied)]).toEqual([3, 3]);
    expect(await restore(tooYoung)).toBe('restored');
    // From here the time counts anew.
    await call(tooYoung, trashRoutes.trashPhotos);
    await vault.call(owner, trashRoutes.emptyTrash, { body: { libraryId: owner.libraryId } });
    await run();
    expect(filesOf(tooYoung)).toBe(3);
  });

  it('goes on wherever a process was killed', async () => {
    const kills: ((photo: SealedTestObject) => Promise<void>)[] = [
      async () => void (await queue.begin(10)),
      async () => {
        await queue.begin(10);
        await queue.mark();
      },
      async () => {
        await queue.begin(10);
        await queue.mark();
        await queue.lease(2);
      },
      async ({ object }) => {
        await queue.begin(10);
        await queue.mark();
        await queue.lease(2);
        await vault.places[0]!.location.remove(object);
      },
      async ({ object }) => {
        await queue.begin(10);
        await queue.mark();
        for (const task of await queue.lease(10)) {
          await locations.find(task.locationId)!.remove(object);
          await queue.removed(task);
        }
      },
    ];
    for (const kill of kills) {
      const photo = await emptied(old);
      await kill(photo);
      expect(await restore(photo)).toBe('gone');
      await run();
      // The killed process's leases run out.
      await vault.db.replica.updateMany({ where: { state: 'removing' }, data: { dueAt: new Date(0) } });
      await run();
      await expectGone(photo);
    }
  });

  it('comes back to a location that does not answer, and forgets nothing until then', async () => {
    const photo = await emptied(old);
    const { disk } = vault.places[1]!;
    disk.inject({ on: 'any', times: 1_000_000, error: 'EIO' });
    await run();
    expect(filesOf(photo)).toBe(1);
    expect(await vault.db.version.count({ where: { id: photo.versionId } })).toBe(1);
    disk.heal();
    await run();
    expect(filesOf(photo)).toBe(1);
    await vault.db.replica.updateMany({ where: { state: 'removing' }, data: { dueAt: new Date(0) } });
    await run();
    await expectGone(photo);
  });

  it('keeps the rows of copies in a location that is not configured any more', async () => {
    const photo = await emptied(old);
    const fewer = new Locations(
      vault.places.slice(0, 2).map(({ location }) => location),
      1,
    );
    await new Purger(new PurgeQueue(vault.db, fewer), fewer, {} as Jobs).run();
    expect(filesOf(photo)).toBe(1);
    expect(await vault.db.replica.count({ where: { objectName: photo.object, state: 'removing' } })).toBe(1);
    await run();
    await expectGone(photo);
  });

  it('and restoring at the same time: one of them comes first', async () => {
    const photos = await Promise.all(Array.from({ length: 6 }, () => stored()));
    for (const photo of photos) await emptied(old, photo);
    const [, , ...answers] = await Promise.all([run(), run(), ...photos.map((photo) => restore(photo))]);
    await run();
    for (const [i, photo] of photos.entries()) {
      if (answers[i] === 'restored') expect(filesOf(photo)).toBe(3);
      else {
        expect(['gone', 'not-found']).toContain(answers[i]);
        await expectGone(photo);
      }
    }
  });

  it('cannot be undone by storing the version again, or by a copy that is made meanwhile', async () => {
    const photo = await emptied(old);
    await queue.begin(10);
    await queue.mark();
    expect(await new Reconciler(vault.db, locations).addWanted()).toBe(0);
    const late = new Locations([...locations.all, (await memoryPlaces('late'))[0]!.location], 2);
    expect(await new Reconciler(vault.db, late).addWanted()).toBeGreaterThanOrEqual(0);
    expect(await vault.db.replica.count({ where: { objectName: photo.object } })).toBe(3);
    const leases = new CopyLeases(vault.db, locations);
    const task = { objectName: photo.object, locationId: 'a', leaseId: photo.photoId };
    expect(await leases.finish({ ...task, sizeBytes: 1, attempts: 1, state: 'wanted' })).toBe(false);
    await vault.db.replica.deleteMany({ where: { locationId: 'late' } });
    const again = { ...photo, uploadId: await vault.upload(owner, photo.bytes) };
    expect(await vault.commit(owner, again)).toMatchObject([{ status: 'refused', code: 'gone' }]);
    await run();
    await expectGone(photo);
    const once = { ...photo, uploadId: await vault.upload(owner, photo.bytes) };
    expect(await vault.commit(owner, once)).toMatchObject([{ status: 'refused', code: 'gone' }]);
    const { result } = await vault.store(owner, { photoId: photo.photoId });
    expect(result).toMatchObject({ status: 'refused', code: 'gone' });
    await expectGone(photo);
    const feed = await vault.call(owner, vaultRoutes.feed, {
      params: { collectionId: owner.libraryId as never },
      query: { limit: 100 },
    });
    expect(feed.entries.filter(({ kind }) => kind !== 'photo-removed')).toEqual([]);
  });

  it('is nothing that a scrub could miss or wonder about', async () => {
    const photo = await emptied(old);
    await queue.begin(10);
    await queue.mark();
    await vault.places[0]!.location.remove(photo.object);
    const copies = (['a', 'b', 'c'] as LocationId[]).map((locationId) => ({
      locationId,
      object: photo.object,
    }));
    await vault.asChecker(async (bus) => {
      const slice = await bus.ask(vaultMessages.replicaSlice, {
        locationId: 'a' as LocationId,
        from: '',
        limit: 500,
      });
      expect(slice.copies.map(({ object }) => object)).not.toContain(photo.object);
      expect((await bus.ask(vaultMessages.repairsOf, { copies })).states).toEqual([
        'pending',
        'pending',
        'pending',
      ]);
      const findings = copies.map((copy) => ({ ...copy, kind: 'missing' as const }));
      expect((await bus.ask(vaultMessages.reportFindings, { findings })).answers).toEqual([
        'ignored',
        'ignored',
        'ignored',
      ]);
    });
    await run();
    await expectGone(photo);
  });
});
