import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { grantRoutes, type AppError } from '@heirloom/contracts';
import { openGrant, randomBytes, writeShare } from '@heirloom/crypto';
import { logEntryStatement } from '@heirloom/formats';
import { Household, type Dweller } from '../household.spec-helper.ts';
import { call, startSystem, type TestSystem } from '../system.spec-helper.ts';

let system: TestSystem;
let house: Household;
let adult: Dweller;
beforeAll(async () => {
  system = await startSystem();
});
afterAll(async () => {
  await system[Symbol.asyncDispose]();
});
beforeEach(async () => {
  house = await Household.found(system);
  adult = await house.member('adult');
});

describe('an album', () => {
  it('is shared and taken back, and its next key is for those who stay', async () => {
    const album = await house.album(house.owner);
    await house.share(house.owner, album, adult, 'contributor');
    const [shown] = (await house.collections(adult, (all) => all.length === 3)).filter(
      ({ collectionId }) => collectionId === (album as string),
    );
    const opened = await openGrant(
      await house.state(adult),
      { id: adult.account, kem: adult.identity.kem },
      shown!,
    );
    expect(opened.key).toEqual(house.keyOf(album).key);
    expect(await house.unshare(house.owner, album, adult)).toMatchObject({ status: 'effective' });
    expect(system.neighbour.fences.get(album)).toBe(1);
    const after = await house.collections(adult, (all) => all.some(({ removed }) => removed));
    expect(after.filter(({ removed }) => removed).map(({ collectionId }) => collectionId)).toEqual([album]);
    await expect(
      openGrant(await house.state(adult), { id: adult.account, kem: adult.identity.kem }, shown!),
    ).rejects.toThrow(/taken back/);
    await house.rotate(house.owner, album);
    await house.share(house.owner, album, adult, 'viewer');
    expect((await system.standing(adult.token)).albums).toContainEqual({
      albumId: album,
      role: 'viewer',
      epoch: 2,
      rotationDue: false,
    });
  });

  it('is not shared by a contributor, nor with a stranger, nor under another key', async () => {
    const child = await house.member('child');
    const album = await house.album(house.owner);
    await house.share(house.owner, album, adult, 'contributor');
    const written = await writeShare(await house.as(house.owner), house.keyOf(album), [
      { account: child.account, role: 'viewer' },
    ]);
    const send = (by: Dweller, entries: Uint8Array<ArrayBuffer>[], sealedKeys = written.sealedKeys) =>
      house.sendShare({ ...written, entries, sealedKeys }, by, album);
    const { event } = (await logEntryStatement.verify(written.entries[0]!)).value;
    const byAdult = await house.forced(adult, event as never);
    await expect(send(adult, byAdult)).rejects.toMatchObject({ code: 'forbidden' });
    const stranger = await house.newcomer();
    const toStranger = await house.forced(house.owner, { ...event, grantee: stranger.account } as never);
    await expect(send(house.owner, toStranger)).rejects.toMatchObject({ code: 'log-invalid' });
    const swapped = await house.forced(house.owner, { ...event, granteeIdentity: randomBytes(32) } as never);
    await expect(send(house.owner, swapped)).rejects.toMatchObject({ message: /changed without an entry/ });
    const sealed = [{ accountId: child.account, sealedKey: randomBytes(1168) }];
    await expect(send(house.owner, written.entries, sealed)).rejects.toMatchObject({ code: 'bad-request' });
    await send(house.owner, written.entries);
    await expect(send(house.owner, await house.forced(house.owner, event as never))).rejects.toMatchObject({
      code: 'conflict',
    });
  });

  it('gets its next key from one of two who are due', async () => {
    const child = await house.member('child');
    await house.remove(house.owner, child);
    const rivals = [house.owner, adult];
    const written = await Promise.all(rivals.map((by) => house.writtenRotation(by, house.vault)));
    const results = await Promise.allSettled(written.map((one, i) => house.sendRotation(one, rivals[i]!)));
    const refused = results.flatMap((one) =>
      one.status === 'rejected' ? [(one.reason as AppError).code] : [],
    );
    expect(refused).toEqual(['epoch-stale']);
    expect((await system.standing(adult.token)).albums).toMatchObject([{ epoch: 2, rotationDue: false }]);
  });

  it('gets no key from who may not, none that skips a number, none that leaves somebody out', async () => {
    await expect(house.writtenRotation(adult, house.vault)).rejects.toThrow(/without the right/);
    const { entries, sealedKeys, next } = await house.writtenRotation(house.owner, house.vault);
    const mint = (epoch: number, some = entries, keys = sealedKeys) =>
      call(
        system.url,
        grantRoutes.mintEpoch,
        {
          params: { collectionId: next.collection },
          body: { epoch, entries: some, sealedKeys: keys },
        } as never,
        house.owner.token,
      );
    await expect(mint(3)).rejects.toMatchObject({ code: 'epoch-stale' });
    await expect(mint(2, entries.slice(0, -1), sealedKeys.slice(0, -1))).rejects.toMatchObject({
      message: /middle of a change/,
    });
    await expect(mint(2, entries, sealedKeys.slice(0, -1))).rejects.toMatchObject({ code: 'bad-request' });
    await mint(2);
    await mint(2);
  });
});
