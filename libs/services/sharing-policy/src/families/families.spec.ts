import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import {
  familyRoutes,
  newId,
  type AccountId,
  type FamilyId,
  type LibraryId,
  type RouteInput,
} from '@heirloom/contracts';
import { logOrigin, merkleRoot, openCheckpoint } from '@heirloom/formats';
import { keyOfSeed, random, TestFamily } from '../family.spec-helper.ts';
import { call, startSystem, type TestSystem } from '../system.spec-helper.ts';

let system: TestSystem;
beforeAll(async () => {
  system = await startSystem();
});
afterAll(async () => {
  await system[Symbol.asyncDispose]();
});

type Creation = RouteInput<typeof familyRoutes.create>['body'];
const create = async (accountId: AccountId, body: Creation) =>
  call(system.url, familyRoutes.create, { body }, await system.token(accountId));
const mine = async (accountId: AccountId) =>
  call(system.url, familyRoutes.mine, {}, await system.token(accountId));
const open = (family: TestFamily, checkpoint: string) =>
  openCheckpoint(checkpoint, { origin: logOrigin(family.familyId), key: system.logKey });

describe('a family of one', () => {
  it('is made, with a signed head of its log', async () => {
    const family = new TestFamily();
    await expect(mine(family.accountId)).rejects.toMatchObject({ code: 'no-family' });
    const { checkpoint } = await create(family.accountId, await family.creation());
    const head = await open(family, checkpoint);
    expect(head).toMatchObject({ size: 3, root: merkleRoot(family.leaves) });
    const { familyId, libraryId } = family;
    expect(await mine(family.accountId)).toEqual({ familyId, libraryId, role: 'owner', checkpoint });
  });

  it('is made once, however often and at once the request is repeated', async () => {
    const family = new TestFamily();
    const body = await family.creation();
    const answers = await Promise.all(Array.from({ length: 8 }, () => create(family.accountId, body)));
    expect(new Set(answers.map(({ checkpoint }) => checkpoint)).size).toBe(1);
    const { rows } = await system.sql.query('SELECT count(*)::int FROM log_entries WHERE family_id = $1', [
      family.familyId,
    ]);
    expect(rows).toEqual([{ count: 3 }]);
    const again = await create(family.accountId, body);
    expect(again).toEqual(answers[0]);
  });

  it('is the only one that a person belongs to', async () => {
    const family = new TestFamily();
    await create(family.accountId, await family.creation());
    const second = new TestFamily();
    Object.assign(second, { accountId: family.accountId });
    await expect(create(family.accountId, await second.creation())).rejects.toMatchObject({
      code: 'conflict',
    });
    // The same ids with other entries are no repetition.
    Object.assign(second, { familyId: family.familyId, leaves: [] });
    await expect(create(family.accountId, await second.creation())).rejects.toMatchObject({
      code: 'conflict',
    });
  });

  it('cannot take a library or a family that is somebody else’s', async () => {
    const first = new TestFamily();
    await create(first.accountId, await first.creation());
    const thief = new TestFamily();
    Object.assign(thief, { libraryId: first.libraryId });
    await expect(create(thief.accountId, await thief.creation())).rejects.toMatchObject({ code: 'conflict' });
    const other = new TestFamily();
    Object.assign(other, { familyId: first.familyId });
    await expect(create(other.accountId, await other.creation())).rejects.toMatchObject({ code: 'conflict' });
    await expect(mine(thief.accountId)).rejects.toMatchObject({ code: 'no-family' });
  });
});

describe('a creation is refused', () => {
  /** Each makes a creation that is wrong in one way. */
  const wrong: Record<string, [code: string, make: (family: TestFamily) => Promise<Creation>]> = {
    'with a forged signature': [
      'log-invalid',
      async (family) => {
        const body = await family.creation();
        body.entries[1]!.set([body.entries[1]!.at(-1)! ^ 1], body.entries[1]!.length - 1);
        return body;
      },
    ],
    'with an entry signed by another key': [
      'log-invalid',
      async (family) => {
        const body = await family.creation();
        const { leaves } = family;
        leaves.length = 2;
        return {
          ...body,
          entries: [...body.entries.slice(0, 2), await family.entry(family.deviceAdded(), {}, keyOfSeed())],
        };
      },
    ],
    'founded with a key that is not the one that signs': [
      'log-invalid',
      async (family) =>
        family.creation([{ ...family.founding(), sign: random(32) } as never, family.granted()]),
    ],
    'written by somebody else': [
      'forbidden',
      async (family) => {
        const body = await family.creation();
        Object.assign(family, { accountId: newId<AccountId>() });
        return body;
      },
    ],
    'for another family': [
      'bad-request',
      async (family) => ({ ...(await family.creation()), familyId: newId<FamilyId>() }),
    ],
    'that does not begin at the beginning': [
      'bad-request',
      async (family) => ({
        ...(await family.creation([family.founding()])),
        entries: [...(await family.follow()), await family.entry(family.founding(), { index: 1 })],
      }),
    ],
    'that vouches for another history': [
      'log-conflict',
      async (family) => {
        const body = await family.creation([family.founding()]);
        return {
          ...body,
          entries: [...body.entries, await family.entry(family.granted(), { head: random(32) })],
        };
      },
    ],
    'without a grant': ['bad-request', async (family) => family.creation([family.founding()])],
    'that begins with something else': [
      'bad-request',
      async (family) => family.creation([family.granted(), family.founding()]),
    ],
    'with a grant of another key': [
      'bad-request',
      async (family) => ({ ...(await family.creation()), sealedKey: random(1168) }),
    ],
    'with a grant in another role': [
      'log-invalid',
      async (family) => family.creation([family.founding(), family.granted({ role: 'adult' })]),
    ],
    'with a grant to another identity': [
      'log-invalid',
      async (family) => family.creation([family.founding(), family.granted({ granteeIdentity: random(32) })]),
    ],
    'with a grant to another person': [
      'log-invalid',
      async (family) => family.creation([family.founding(), family.granted({ grantee: newId<AccountId>() })]),
    ],
    'with a grant of another epoch': [
      'log-invalid',
      async (family) => family.creation([family.founding(), family.granted({ epoch: 2 })]),
    ],
    'with the device of somebody else': [
      'log-invalid',
      async (family) =>
        family.creation([
          family.founding(),
          family.granted(),
          { ...family.deviceAdded(), account: newId<AccountId>() } as never,
        ]),
    ],
    'with an event that is not known here': [
      'bad-request',
      async (family) =>
        family.creation([family.founding(), family.granted(), { kind: 'crowned', by: 'a later version' }]),
    ],
    'that is no entry at all': [
      'bad-request',
      async (family) => ({ ...(await family.creation()), entries: [random(300)] }),
    ],
  };

  it.each(Object.keys(wrong))('%s', async (name) => {
    const [code, make] = wrong[name]!;
    const family = new TestFamily();
    const body = await make(family);
    await expect(create(family.accountId, body)).rejects.toMatchObject({ code });
    // Nothing of it was kept: the person may still found a family.
    await expect(mine(family.accountId)).rejects.toMatchObject({ code: 'no-family' });
    const good = new TestFamily();
    Object.assign(good, { accountId: family.accountId, libraryId: newId<LibraryId>() });
    await create(family.accountId, await good.creation());
  });
});
