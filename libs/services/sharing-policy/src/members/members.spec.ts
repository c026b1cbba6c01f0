import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { familyRoutes, limits, memberRoutes, type Cursor } from '@heirloom/contracts';
import { randomBytes, writeRemoval } from '@heirloom/crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { Household, type Dweller } from '../household.spec-helper.ts';
import { call, eventually, startSystem, type TestSystem } from '../system.spec-helper.ts';

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
  Object.assign(system.neighbour, { up: true, busy: undefined });
  house = await Household.found(system);
  adult = await house.member('adult');
});

describe('somebody who is removed', () => {
  it('may do nothing any more, from the answer on', async () => {
    const { status } = await house.remove(house.owner, adult);
    expect(status).toBe('effective');
    expect(await system.standing(adult.token)).toMatchObject({ family: null, libraryId: null, albums: [] });
    const query = { from: 0, limit: 10 };
    await expect(call(system.url, familyRoutes.log, { query }, adult.token)).rejects.toMatchObject({
      code: 'forbidden',
    });
    await expect(call(system.url, memberRoutes.members, {}, adult.token)).rejects.toMatchObject({
      code: 'forbidden',
    });
    await expect(call(system.url, familyRoutes.mine, {}, adult.token)).rejects.toMatchObject({
      code: 'no-family',
    });
    expect(system.neighbour.fences.get(house.vault)).toBe(1);
    expect((await system.standing(house.owner.token)).albums).toMatchObject([{ rotationDue: true }]);
  });

  it('gets no key that is made afterwards', async () => {
    const album = await house.album(house.owner);
    await house.share(house.owner, album, adult, 'contributor');
    await house.remove(house.owner, adult);
    await house.rotateAll();
    const { rows } = await system.sql.query<{ epoch: number; removed: boolean }>(
      'SELECT epoch, removed FROM grants WHERE account_id = $1',
      [adult.account],
    );
    expect(rows).toEqual(Array.from({ length: 3 }, () => ({ epoch: 1, removed: true })));
    expect((await system.standing(house.owner.token)).albums).toMatchObject([
      { epoch: 2, rotationDue: false },
      { epoch: 2, rotationDue: false },
    ]);
  });

  it('is told to every service, after whatever they knew', async () => {
    const { cursor } = await system.neighbour.changesSince();
    await house.remove(house.owner, adult);
    const heard = await eventually(
      () => system.neighbour.changesSince(cursor),
      ({ changes }) => changes.some(({ accountId }) => accountId === adult.account),
    );
    const less = new Map(heard.changes.map((change) => [change.accountId, change.less]));
    expect([less.get(adult.account), less.get(house.owner.account)]).toEqual([true, false]);
    const all = async (from: Cursor) => (await system.neighbour.changesSince(from)).changes;
    const last = await eventually(
      () => system.neighbour.changesSince(cursor),
      (page) => page.cursor !== cursor,
    );
    expect(await all(last.cursor)).toEqual([]);
    await expect(system.neighbour.changesSince('x' as Cursor)).rejects.toMatchObject({ code: 'bad-request' });
  });

  it('is removed also when vault does not answer; the fence is set when it does', async () => {
    system.neighbour.up = false;
    const removal = await writeRemoval(await house.as(house.owner), adult.account);
    expect((await house.sendRemoval(removal, house.owner, adult)).status).toBe('fencing');
    expect((await system.standing(adult.token)).family).toBeNull();
    expect((await house.sendRemoval(removal, house.owner, adult)).status).toBe('fencing');
    system.neighbour.up = true;
    const held = await eventually(
      () => Promise.resolve(system.neighbour.fences.get(house.vault)),
      (epoch) => epoch !== undefined,
    );
    expect(held).toBe(1);
    const answer = () => house.sendRemoval(removal, house.owner, adult);
    expect((await eventually(answer, ({ status }) => status === 'effective')).status).toBe('effective');
  });

  it('can come back by another invite, with their library', async () => {
    await house.remove(house.owner, adult);
    await house.rotateAll();
    await house.join(await house.invite('child'), adult);
    expect(await system.standing(adult.token)).toMatchObject({
      family: { role: 'child' },
      libraryId: adult.library,
      albums: [{ albumId: house.vault, epoch: 2 }],
    });
  });

  it('cannot be removed by who may not', async () => {
    const child = await house.member('child');
    for (const [by, whom] of [
      [adult, child],
      [child, adult],
      [adult, house.owner],
    ] as const) {
      const entries = await house.forced(by, { kind: 'member-removed', account: whom.account });
      await expect(house.sendRemoval({ entries } as never, by, whom)).rejects.toMatchObject({
        code: 'forbidden',
      });
    }
    expect((await system.standing(child.token)).family).not.toBeNull();
  });

  it('is told that they have left, however many have heard of it before', async () => {
    const removal = await writeRemoval(await house.as(adult), adult.account);
    const begun = Promise.withResolvers<void>();
    system.neighbour.busy = begun.promise;
    const answer = house.sendRemoval(removal, adult, adult);
    // Every service has pulled the change long before vault holds the fences, for which the answer waits.
    const heard = () => call(system.url, memberRoutes.members, {}, adult.token).catch(String);
    await eventually(heard, (said) => typeof said === 'string' && said.includes('permission'));
    await sleep(2 * limits.revocationPullMs);
    begun.resolve();
    expect((await answer).status).toBe('effective');
  });

  it('may leave, but the owner may not', async () => {
    await house.remove(adult, adult);
    expect((await system.standing(adult.token)).family).toBeNull();
    const entries = await house.forced(house.owner, { kind: 'member-removed', account: house.owner.account });
    await expect(house.sendRemoval({ entries } as never, house.owner, house.owner)).rejects.toMatchObject({
      code: 'log-invalid',
    });
  });
});

describe('a member', () => {
  it('gets another role by the owner alone', async () => {
    const { account: accountId } = adult;
    const change = async (by: Dweller) => {
      const entries = await house.forced(by, { kind: 'role-changed', account: accountId, role: 'viewer' });
      return call(
        system.url,
        memberRoutes.changeRole,
        { params: { accountId }, body: { entries } },
        by.token,
      );
    };
    await expect(change(adult)).rejects.toMatchObject({ code: 'forbidden' });
    await change(house.owner);
    expect((await system.standing(adult.token)).family?.role).toBe('viewer');
  });

  it('names themselves and nobody else, under the newest key', async () => {
    const name = (by: Dweller, { account: accountId }: Dweller, epoch = 1) =>
      call(
        system.url,
        memberRoutes.nameMember,
        { params: { accountId }, body: { sealedName: randomBytes(92), epoch } },
        by.token,
      );
    await name(adult, adult);
    await expect(name(house.owner, adult)).rejects.toMatchObject({ code: 'forbidden' });
    await expect(name(adult, adult, 2)).rejects.toMatchObject({ code: 'epoch-stale' });
  });
});
