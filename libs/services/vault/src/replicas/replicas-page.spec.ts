import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { newId, vaultMessages, type LibraryId, type VersionId } from '@heirloom/contracts';
import { eventually, TestVault, type TestPerson } from '../vault.spec-helper.ts';

let vault: TestVault;
let owner: TestPerson;
let versions: VersionId[];
beforeAll(async () => {
  vault = await TestVault.start();
  owner = await vault.person();
  versions = [];
  for (let i = 0; i < 5; i++) versions.push((await vault.store(owner)).versionId);
  await eventually(async () => (await vault.db.replica.count({ where: { state: 'present' } })) === 15);
});
afterAll(() => vault[Symbol.asyncDispose]());

const ask = (
  person: TestPerson,
  input: { libraryId?: LibraryId; versionIds?: VersionId[]; after?: VersionId; limit?: number } = {},
) =>
  vault.asChecker((bus) =>
    bus.ask(
      vaultMessages.replicasPage,
      { libraryId: person.libraryId, limit: 100, ...input },
      { token: person.token },
    ),
  );

describe('the page of replicas', () => {
  it('holds all replicas of each version, in order', async () => {
    const { replicas, next } = await ask(owner);
    expect(next).toBeNull();
    expect(replicas.map(({ versionId, locationId, state }) => [versionId, locationId, state])).toEqual(
      versions.flatMap((id) => ['a', 'b', 'c'].map((location) => [id, location, 'present'])),
    );
  });

  it('goes on after the last version', async () => {
    const first = await ask(owner, { limit: 2 });
    expect(first.replicas).toHaveLength(6);
    expect(first.next).toBe(versions[1]);
    const second = await ask(owner, { limit: 3, after: first.next! });
    expect([second.replicas.length, second.next]).toEqual([9, null]);
  });

  it('holds the named versions only, and nobody else’s', async () => {
    const stranger = await vault.person();
    const theirs = await vault.store(stranger);
    const { replicas } = await ask(owner, {
      versionIds: [versions[3]!, theirs.versionId, newId<VersionId>()],
    });
    expect(new Set(replicas.map(({ versionId }) => versionId))).toEqual(new Set([versions[3]]));
    await expect(ask(stranger, { libraryId: owner.libraryId })).rejects.toMatchObject({ code: 'not-found' });
  });

  it('leaves out copies in a location that is not configured any more, unless there are no others', async () => {
    const [first, second] = await vault.db.version.findMany({
      where: { id: { in: versions.slice(0, 2) } },
      orderBy: { id: 'asc' },
    });
    const removed = (objectName: string) => ({
      objectName,
      locationId: 'sold-disk',
      state: 'present' as const,
    });
    await vault.db.replica.createMany({ data: [removed(first!.objectName), removed(second!.objectName)] });
    await vault.db.replica.deleteMany({
      where: { objectName: second!.objectName, locationId: { not: 'sold-disk' } },
    });
    const { replicas } = await ask(owner, { versionIds: versions.slice(0, 2) });
    expect(replicas.map(({ versionId, locationId }) => [versionId, locationId])).toEqual([
      ...['a', 'b', 'c'].map((location) => [versions[0], location]),
      [versions[1], 'sold-disk'],
    ]);
  });
});
