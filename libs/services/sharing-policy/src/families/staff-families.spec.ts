import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import {
  familyStaffRoutes,
  inviteRoutes,
  libraryMessages,
  newId,
  type AccountId,
  type FamilyId,
} from '@heirloom/contracts';
import { Household, type Dweller } from '../household.spec-helper.ts';
import { call, startSystem, type TestSystem } from '../system.spec-helper.ts';

let system: TestSystem;
let operator: string;
let support: string;
let houses: Household[];
let adult: Dweller;
beforeAll(async () => {
  system = await startSystem();
  operator = await system.token(newId<AccountId>(), 'operator');
  support = await system.token(newId<AccountId>(), 'support');
  houses = [];
  for (let i = 0; i < 3; i++) houses.push(await Household.found(system));
  adult = await houses[1]!.member('adult');
});
afterAll(async () => {
  await system[Symbol.asyncDispose]();
});

const families = (query: { after?: FamilyId; limit: number }) =>
  call(system.url, familyStaffRoutes.families, { query }, operator);
const read = (familyId: FamilyId, token = support) =>
  call(system.url, familyStaffRoutes.family, { params: { familyId } }, token);
const invites = (query: object) =>
  call(system.url, familyStaffRoutes.invites, { query: { limit: 100, ...query } } as never, operator);

describe('families, as staff see them', () => {
  it('are listed page by page, the newest first, with who is in them', async () => {
    await houses[2]!.invite();
    const first = await families({ limit: 2 });
    expect(first.families).toMatchObject([
      { familyId: houses[2]!.id, members: 1, openInvites: 1 },
      { familyId: houses[1]!.id, members: 2, openInvites: 0 },
    ]);
    const rest = await families({ after: first.next!, limit: 2 });
    expect(rest).toMatchObject({ families: [{ familyId: houses[0]!.id, members: 1 }], next: null });
    expect(Object.keys(rest.families[0]!).sort()).toEqual([
      'createdAt',
      'familyId',
      'members',
      'openInvites',
    ]);
  });

  it('are described by ids, roles, times and counts', async () => {
    const [, house] = houses;
    const family = await read(house!.id);
    expect(family).toEqual({
      familyId: house!.id,
      createdAt: expect.any(Date),
      openInvites: 0,
      albums: 1,
      members: [
        { accountId: house!.owner.account, role: 'owner', joinedAt: expect.any(Date) },
        { accountId: adult.account, role: 'adult', joinedAt: expect.any(Date) },
      ],
    });
    await expect(read(newId<FamilyId>())).rejects.toMatchObject({ code: 'not-found' });
  });

  it('are found by those who belong to them', async () => {
    const stranger = newId<AccountId>();
    const body = { accountIds: [adult.account, stranger, houses[0]!.owner.account] };
    const { accounts } = await call(system.url, familyStaffRoutes.familiesOf, { body }, support);
    expect(new Map(accounts.map(({ accountId, familyId, role }) => [accountId, [familyId, role]]))).toEqual(
      new Map([
        [adult.account, [houses[1]!.id, 'adult']],
        [houses[0]!.owner.account, [houses[0]!.id, 'owner']],
      ]),
    );
  });

  it('are not listed once they were dissolved', async () => {
    const mover = await Household.found(system);
    const invite = await houses[0]!.invite();
    const join = await houses[0]!.writtenJoin(invite, mover.owner);
    await houses[0]!.sendJoin(join, mover.owner, await mover.dissolution());
    const ids = (await families({ limit: 100 })).families.map(({ familyId }) => familyId);
    expect(ids).not.toContain(mover.id);
    expect(ids).toContain(houses[0]!.id);
  });

  it('are for nobody else', async () => {
    const { token } = houses[0]!.owner;
    const refused = { code: 'forbidden' };
    await expect(read(houses[0]!.id, token)).rejects.toMatchObject(refused);
    for (const route of [familyStaffRoutes.families, familyStaffRoutes.invites])
      for (const who of [token, support])
        await expect(call(system.url, route, { query: { limit: 1 } } as never, who)).rejects.toMatchObject(
          refused,
        );
  });
});

describe('invites, as operators see them', () => {
  it('are listed by what became of them', async () => {
    const house = await Household.found(system);
    const [open, used, revoked, expired] = [
      await house.invite(),
      await house.invite(),
      await house.invite('viewer'),
      await house.invite('child'),
    ];
    const joined = await house.join(used!);
    const { entries } = await house.written(house.owner, {
      kind: 'invite-revoked',
      invite: revoked!.inviteId,
    });
    await call(
      system.url,
      inviteRoutes.revokeInvite,
      { params: { inviteId: revoked!.inviteId }, body: { entries } } as never,
      house.owner.token,
    );
    await system.sql.query(`UPDATE invites SET expires_at = now() WHERE id = $1`, [expired!.inviteId]);
    const of = async (state: string) =>
      (await invites({ state })).invites.filter(({ familyId }) => familyId === house.id);
    expect(await of('open')).toMatchObject([{ inviteId: open!.inviteId, state: 'open', usedBy: null }]);
    expect(await of('used')).toMatchObject([{ inviteId: used!.inviteId, usedBy: joined.account }]);
    expect(await of('revoked')).toMatchObject([{ inviteId: revoked!.inviteId, role: 'viewer' }]);
    expect(await of('expired')).toMatchObject([{ inviteId: expired!.inviteId, state: 'expired' }]);
    const ids = [];
    let after: string | null | undefined;
    while (after !== null) {
      const page = await invites({ limit: 2, ...(after ? { after } : {}) });
      ids.push(...page.invites.map(({ inviteId }) => inviteId));
      after = page.next;
    }
    const { invites: all } = await invites({});
    expect(ids).toEqual(all.map(({ inviteId }) => inviteId));
    expect(ids.slice(0, 4)).toEqual([expired, revoked, used, open].map((one) => one!.inviteId));
  });
});

describe('libraries', () => {
  it('are told to vault, of accounts and of the members of families', async () => {
    const [first, second] = houses as [Household, Household];
    const { libraries } = await system.neighbour.bus!.ask(libraryMessages.librariesOf, {
      accountIds: [first.owner.account, newId<AccountId>()],
      familyIds: [second.id],
    });
    expect(new Map(libraries.map(({ libraryId, ...whose }) => [libraryId, whose]))).toEqual(
      new Map([
        [first.owner.library, { accountId: first.owner.account, familyId: first.id }],
        [second.owner.library, { accountId: second.owner.account, familyId: second.id }],
        [adult.library, { accountId: adult.account, familyId: second.id }],
      ]),
    );
    await second.remove(second.owner, adult);
    const now = await system.neighbour.bus!.ask(libraryMessages.librariesOf, {
      accountIds: [adult.account],
      familyIds: [second.id],
    });
    expect(now.libraries).toHaveLength(2);
    expect(now.libraries).toContainEqual({
      libraryId: adult.library,
      accountId: adult.account,
      familyId: null,
    });
  });
});
