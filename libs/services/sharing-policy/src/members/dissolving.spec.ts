import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { familyRoutes, newId, type AppError, type DeviceId } from '@heirloom/contracts';
import { randomBytes } from '@heirloom/crypto';
import { Household, type Dweller } from '../household.spec-helper.ts';
import { call, eventually, startSystem, type TestSystem } from '../system.spec-helper.ts';

let system: TestSystem;
/** The family that somebody joins. */
let house: Household;
/** The family of one that they have before. */
let hut: Household;
let mover: Dweller;
beforeAll(async () => {
  system = await startSystem();
});
afterAll(async () => {
  await system[Symbol.asyncDispose]();
});
beforeEach(async () => {
  [house, hut] = await Promise.all([Household.found(system), Household.found(system)]);
  mover = hut.owner;
});

type Invite = Awaited<ReturnType<Household['invite']>>;

/** Joins the house as somebody who gives the hut up. */
async function move(invite: Invite, into = house, from = hut, person = mover) {
  const dissolves = await from.dissolution(person);
  return into.sendJoin(await into.writtenJoin(invite, person), person, dissolves);
}
const device = () => ({ device: newId<DeviceId>(), sign: randomBytes(32) });
const codes = (results: PromiseSettledResult<unknown>[]) =>
  results.flatMap((one) => (one.status === 'rejected' ? [(one.reason as AppError).code] : []));
const refused = (code: string, message = /\.$/) => ({ code, message: expect.stringMatching(message) });

/** Everything that the database has of a family, and where its owner belongs. */
async function recordsOf({ id, owner }: Household) {
  const { rows } = await system.sql.query<object>(
    `SELECT f.log_size, (SELECT count(*) FROM log_entries WHERE family_id = f.id) AS entries,
       (SELECT json_agg(m) FROM members m WHERE family_id = f.id) AS members,
       (SELECT json_agg(i) FROM invites i WHERE family_id = f.id) AS invites,
       (SELECT json_agg(c ORDER BY c.id) FROM collections c WHERE family_id = f.id) AS collections,
       (SELECT json_agg(g ORDER BY g.seq) FROM grants g WHERE account_id = $2) AS grants
     FROM families f WHERE id = $1`,
    [id, owner.account],
  );
  return { rows, standing: await system.standing(owner.token) };
}

describe('somebody with a family of one', () => {
  it('joins another, with their library, and their own is no more', async () => {
    const album = await hut.album(mover);
    const forgotten = await hut.invite();
    const { cursor } = await system.neighbour.changesSince();
    expect(await move(await house.invite('child'))).toMatchObject({ familyId: house.id });
    expect(await system.standing(mover.token)).toEqual({
      accountId: mover.account,
      family: { familyId: house.id, role: 'child' },
      libraryId: mover.library,
      albums: [{ albumId: house.vault, role: 'contributor', epoch: 1, rotationDue: false }],
    });
    await expect(hut.open(forgotten)).rejects.toMatchObject(refused('invite-closed', /taken back/));
    expect([...system.neighbour.fences.keys()]).toEqual(expect.arrayContaining([hut.vault, album]));
    const { changes } = await eventually(
      () => system.neighbour.changesSince(cursor),
      (page) => page.changes.some(({ accountId, less }) => accountId === mover.account && less),
    );
    expect(changes.map(({ accountId }) => accountId)).not.toContain(house.owner.account);
    const shown = await house.collections(mover, (all) => all.filter(({ removed }) => removed).length === 3);
    const left = shown.filter(({ removed }) => !removed).map(({ collectionId }) => collectionId);
    expect(left.sort()).toEqual([house.id, house.vault].sort());
  });

  it('joins once, however often the request is repeated', async () => {
    const invite = await house.invite();
    const [join, dissolves] = [await house.writtenJoin(invite, mover), await hut.dissolution()];
    const send = () => house.sendJoin(join, mover, dissolves);
    const [first, second] = await Promise.all([send(), send()]);
    expect(second).toEqual(first);
    expect(await send()).toEqual(first);
    const { checkpoint } = await call(system.url, familyRoutes.mine, {}, mover.token);
    expect(checkpoint).toBe(first.checkpoint);
  });

  it('comes to another family again, and back', async () => {
    await move(await house.invite());
    await house.remove(mover, mover);
    await house.rotateAll();
    await house.join(await house.invite('viewer'), mover);
    expect(await system.standing(mover.token)).toMatchObject({
      family: { familyId: house.id, role: 'viewer' },
      libraryId: mover.library,
    });
  });

  it('loses nothing by an invite that does not let them in', async () => {
    await hut.album(mover);
    const [used, invite] = [await house.invite(), await house.invite()];
    const late = await house.writtenJoin(used, mover);
    await house.join(used);
    const before = await recordsOf(hut);
    const dissolves = await hut.dissolution();
    await expect(house.sendJoin(late, mover, dissolves)).rejects.toMatchObject(refused('invite-closed'));
    // What is wrong here is seen when the dissolution has been written already.
    const join = await house.writtenJoin(invite, mover);
    const lacking = { ...join, sealedKeys: join.sealedKeys.slice(1) };
    await expect(house.sendJoin(lacking, mover, dissolves)).rejects.toMatchObject(
      refused('bad-request', /key is missing/),
    );
    const overtaken = { ...join, entries: late.entries };
    await expect(house.sendJoin(overtaken, mover, dissolves)).rejects.toMatchObject({ code: 'bad-request' });
    expect(await recordsOf(hut)).toEqual(before);
    await house.sendJoin(await house.writtenJoin(invite, mover), mover, dissolves);
  });
});

describe('a family is not dissolved', () => {
  it('by an invite alone, nor by an entry that says something else', async () => {
    const invite = await house.invite();
    const join = await house.writtenJoin(invite, mover);
    const before = await recordsOf(hut);
    await expect(house.sendJoin(join, mover)).rejects.toMatchObject(refused('conflict', /family already/));
    const other = (await hut.written(mover, { kind: 'device-added', account: mover.account, ...device() }))
      .entries[0];
    await expect(house.sendJoin(join, mover, other)).rejects.toMatchObject({ code: 'bad-request' });
    const foreign = await house.dissolution();
    await expect(house.sendJoin(join, mover, foreign)).rejects.toMatchObject({ code: 'bad-request' });
    const forged = await hut.dissolution({ ...mover, identity: house.owner.identity });
    await expect(house.sendJoin(join, mover, forged)).rejects.toMatchObject({ code: 'log-invalid' });
    expect(await recordsOf(hut)).toEqual(before);
  });

  it('while somebody else is in it, nor by somebody else', async () => {
    const adult = await hut.member('adult');
    const invite = await house.invite();
    await expect(move(invite)).rejects.toMatchObject(refused('log-invalid', /others in it/));
    await expect(move(invite, house, hut, adult)).rejects.toMatchObject(refused('log-invalid', /owner/));
    const own = await hut.writtenJoin(await hut.invite(), await hut.newcomer());
    await expect(hut.sendJoin(own, mover, await hut.dissolution())).rejects.toMatchObject(
      refused('conflict'),
    );
  });
});

describe('at the same time', () => {
  it('two invites let somebody into one family', async () => {
    const third = await Household.found(system);
    const dissolves = await hut.dissolution();
    const joins = await Promise.all(
      [house, third].map(async (into) => ({
        into,
        join: await into.writtenJoin(await into.invite(), mover),
      })),
    );
    const results = await Promise.allSettled(
      joins.map(({ into, join }) => into.sendJoin(join, mover, dissolves)),
    );
    expect(codes(results)).toEqual(['conflict']);
    const won = joins[results.findIndex(({ status }) => status === 'fulfilled')]!.into;
    expect((await system.standing(mover.token)).family?.familyId).toBe(won.id);
  });

  it('somebody comes into a family or its owner leaves it, never both', async () => {
    const [arriving, leaving, guest] = [await hut.invite(), await house.invite(), await hut.newcomer()];
    const arrival = await hut.writtenJoin(arriving, guest);
    const [came, left] = await Promise.allSettled([hut.sendJoin(arrival, guest), move(leaving)]);
    expect([came.status, left.status].sort()).toEqual(['fulfilled', 'rejected']);
    const [refusal] = codes([came, left]);
    expect(refusal).toBe(came.status === 'rejected' ? 'invite-closed' : 'log-conflict');
    const home = came.status === 'fulfilled' ? hut : house;
    expect((await system.standing(mover.token)).family?.familyId).toBe(home.id);
  });

  it('of two who move in with each other, one does', async () => {
    const [there, back] = [await house.invite(), await hut.invite()];
    const [gone, come] = await Promise.all([
      house.writtenJoin(there, mover),
      hut.writtenJoin(back, house.owner),
    ]);
    const [own, others] = await Promise.all([hut.dissolution(), house.dissolution()]);
    const results = await Promise.allSettled([
      house.sendJoin(gone, mover, own),
      hut.sendJoin(come, house.owner, others),
    ]);
    expect(codes(results)).toHaveLength(1);
    const families = await Promise.all(
      [mover, house.owner].map(async ({ token }) => (await system.standing(token)).family?.familyId),
    );
    expect(new Set(families).size).toBe(1);
  });
});
