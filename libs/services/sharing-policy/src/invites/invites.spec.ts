import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { client, ready } from '@serenity-kit/opaque';
import {
  AppError,
  authRoutes,
  inviteRoutes,
  limits,
  memberRoutes,
  newId,
  type AccountId,
  type CollectionId,
} from '@heirloom/contracts';
import { inviteKeys, openGrant, randomBytes, writeInvite } from '@heirloom/crypto';
import { Household } from '../household.spec-helper.ts';
import { call, startSystem, type TestSystem } from '../system.spec-helper.ts';
import { AddressLimit } from './address-limit.ts';

let system: TestSystem;
let house: Household;
beforeAll(async () => {
  await ready;
  system = await startSystem();
});
afterAll(async () => {
  await system[Symbol.asyncDispose]();
});
beforeEach(async () => {
  house = await Household.found(system);
});

const listed = async ({ token } = house.owner) =>
  (await call(system.url, inviteRoutes.invites, {}, token)).invites;
const revoke = async (inviteId: Awaited<ReturnType<Household['invite']>>['inviteId'], by = house.owner) => {
  const { entries } = await house.written(by, { kind: 'invite-revoked', invite: inviteId });
  return call(system.url, inviteRoutes.revokeInvite, { params: { inviteId }, body: { entries } }, by.token);
};

describe('an invite', () => {
  it('lets somebody join who had nothing, while nobody else is there', async () => {
    const invite = await house.invite('adult');
    const bruno = await house.join(invite);
    expect(await system.standing(bruno.token)).toEqual({
      accountId: bruno.account,
      family: { familyId: house.id, role: 'adult' },
      libraryId: bruno.library,
      albums: [{ albumId: house.vault, role: 'contributor', epoch: 1, rotationDue: false }],
    });
    const shown = await house.collections(bruno, ({ length }) => length === 2);
    const state = await house.state(bruno);
    for (const one of shown) {
      const opened = await openGrant(state, { id: bruno.account, kem: bruno.identity.kem }, one);
      expect(opened.key).toEqual(house.keyOf(one.collectionId).key);
    }
    expect(await listed()).toMatchObject([
      { inviteId: invite.inviteId, state: 'used', usedBy: bruno.account },
    ]);
    const { members } = await call(system.url, memberRoutes.members, {}, bruno.token);
    expect(members.map(({ accountId, role }) => [accountId, role])).toEqual([
      [house.owner.account, 'owner'],
      [bruno.account, 'adult'],
    ]);
    expect(members[1]!.name).toMatchObject({ epoch: 1 });
  });

  it('shows nothing to who does not have its code, and nothing of its keys to the server', async () => {
    const invite = await house.invite();
    await expect(house.open(invite, randomBytes(32))).rejects.toMatchObject({ code: 'not-found' });
    const { accessCode } = await inviteKeys(invite.link.secret);
    const { rows } = await system.sql.query<{ all: string }>(
      'SELECT to_jsonb(invites)::text AS all FROM invites',
    );
    for (const secret of [accessCode, invite.link.secret])
      for (const { all } of rows) expect(all).not.toContain(Buffer.from(secret).toString('hex'));
    const { entries, role } = await house.open(invite, undefined, 4);
    expect(role).toBe('adult');
    expect(entries[0]!.index).toBe(4);
  });

  it('brings further albums along', async () => {
    const album = await house.album(house.owner);
    const invite = await house.writtenInvite('child', [
      { collection: album as string as CollectionId, role: 'viewer' },
    ]);
    await house.sendInvite(invite);
    const carla = await house.join(invite);
    const { albums, family } = await system.standing(carla.token);
    expect(family?.role).toBe('child');
    expect(albums.map(({ albumId, role }) => [albumId, role]).sort()).toEqual(
      [
        [house.vault, 'contributor'],
        [album, 'viewer'],
      ].sort(),
    );
  });

  it('is made once and joined once, however often the requests are repeated', async () => {
    const invite = await house.writtenInvite();
    const made = await Promise.all([house.sendInvite(invite), house.sendInvite(invite)]);
    expect(made[0]).toEqual(made[1]);
    expect((await listed()).length).toBe(1);
    const bruno = await house.newcomer();
    const join = await house.writtenJoin(invite, bruno);
    const answers = await Promise.all([house.sendJoin(join, bruno), house.sendJoin(join, bruno)]);
    expect(answers[0]).toEqual(answers[1]);
    expect(await house.sendJoin(join, bruno)).toEqual(answers[0]);
  });

  it('lets in one of two who use it at once', async () => {
    const invite = await house.invite();
    const rivals = await Promise.all([house.newcomer(), house.newcomer()]);
    const joins = await Promise.all(rivals.map((person) => house.writtenJoin(invite, person)));
    const results = await Promise.allSettled(joins.map((join, i) => house.sendJoin(join, rivals[i]!)));
    const refused = results.flatMap((one) =>
      one.status === 'rejected' ? [(one.reason as AppError).code] : [],
    );
    expect(refused).toEqual(['invite-closed']);
  });

  it('is closed when it was used, taken back, or is over, and then nobody signs up by it', async () => {
    const [used, revoked] = [await house.invite(), await house.invite()];
    const signUp = async ({ inviteId, link }: typeof used) => {
      const { registrationRequest } = client.startRegistration({ password: 'correct horse battery' });
      const { accessCode } = await inviteKeys(link.secret);
      const familyInvite = { inviteId, accessCode };
      const email = `${newId()}@example.org`;
      const body = { accountId: newId<AccountId>(), email, registrationRequest, familyInvite };
      return call(system.url, authRoutes.startRegistration, { body });
    };
    // Registration is closed here; an invite that is open is a way in all the same.
    await signUp(used);
    await house.join(used);
    await expect(house.open(used)).rejects.toMatchObject({
      code: 'invite-closed',
      message: /was used already/,
    });
    expect(await revoke(revoked.inviteId)).toMatchObject({ status: 'effective' });
    await expect(house.open(revoked)).rejects.toMatchObject({ code: 'invite-closed', message: /taken back/ });
    for (const closed of [used, revoked])
      await expect(signUp(closed)).rejects.toMatchObject({ code: 'invite-closed' });
    await house.rotateAll();
    const late = await house.invite();
    await system.sql.query('UPDATE invites SET expires_at = now() WHERE id = $1', [late.inviteId]);
    await expect(house.open(late)).rejects.toMatchObject({ code: 'invite-closed', message: /expired/ });
    expect((await listed()).map(({ state }) => state)).toEqual(['used', 'revoked', 'expired']);
  });

  it('that was taken back makes new keys due', async () => {
    const { inviteId } = await house.invite();
    await revoke(inviteId);
    expect((await system.standing(house.owner.token)).albums).toMatchObject([{ rotationDue: true }]);
    await expect(house.writtenInvite()).rejects.toThrow(/had to be changed/);
    await house.rotateAll();
    expect((await system.standing(house.owner.token)).albums).toMatchObject([
      { rotationDue: false, epoch: 2 },
    ]);
  });

  it('that is open gets the keys that are made meanwhile', async () => {
    const invite = await house.invite();
    await house.rotate(house.owner, house.vault);
    await house.rotate(house.owner, house.id);
    const bruno = await house.join(invite);
    expect((await system.standing(bruno.token)).albums).toMatchObject([{ epoch: 2 }]);
  });
});

describe('an invite is refused', () => {
  it.each(['adult', 'child', 'viewer'] as const)('to be made, seen or taken back by: %s', async (role) => {
    const member = await house.member(role);
    const { inviteId, ...invite } = await house.writtenInvite();
    await expect(house.sendInvite({ inviteId, ...invite }, member)).rejects.toMatchObject({
      code: 'forbidden',
    });
    await expect(listed(member)).rejects.toMatchObject({ code: 'forbidden' });
    const open = await house.invite();
    const entries = await house.forced(member, { kind: 'invite-revoked', invite: open.inviteId });
    const input = { params: { inviteId: open.inviteId }, body: { entries } };
    await expect(call(system.url, inviteRoutes.revokeInvite, input, member.token)).rejects.toMatchObject({
      code: 'forbidden',
    });
  });

  it('beyond the size of a family', async () => {
    for (let i = 1; i < limits.membersPerFamily; i++) await house.invite();
    await expect(house.writtenInvite()).rejects.toThrow(/6 members/);
    // A client that does not look is told the same.
    const state = { ...(await house.state()), invites: new Map() };
    const author = { account: house.owner.account, signer: house.owner.identity.signer };
    const one = await writeInvite({ state, author, now: Date.now(), role: 'adult', keyOf: house.keyOf });
    await expect(house.sendInvite(one)).rejects.toMatchObject({ code: 'limit-reached' });
  });

  it('without its keys, or with others', async () => {
    const invite = await house.writtenInvite();
    const [first, second] = invite.sealedKeys;
    const stranger = { ...first!, sealedKey: randomBytes(1168) };
    for (const sealedKeys of [[first!], [stranger, second!], [first!, second!, stranger]])
      await expect(house.sendInvite({ ...invite, sealedKeys })).rejects.toMatchObject({
        code: 'bad-request',
      });
    await house.sendInvite(invite);
  });

  it('to who belongs to a family', async () => {
    const other = await Household.found(system);
    const invite = await house.invite();
    const join = await house.writtenJoin(invite, other.owner);
    await expect(house.sendJoin(join, other.owner)).rejects.toMatchObject({ code: 'conflict' });
  });

  it('to who sends the entries of somebody else, or has no code', async () => {
    const invite = await house.invite();
    const [bruno, mallory] = await Promise.all([house.newcomer(), house.newcomer()]);
    const join = await house.writtenJoin(invite, bruno);
    await expect(house.sendJoin(join, mallory)).rejects.toMatchObject({ code: 'forbidden' });
    const wrongCode = { ...join, accessCode: randomBytes(32) };
    await expect(house.sendJoin(wrongCode, bruno)).rejects.toMatchObject({ code: 'not-found' });
    await house.sendJoin(join, bruno);
  });

  it('when one address asks too often', () => {
    const limit = new AddressLimit();
    for (let i = 0; i < limits.inviteRequestsPerMinute; i++) limit.count('192.0.2.1', 0);
    expect(() => limit.count('192.0.2.1', 1)).toThrow(AppError);
    limit.count('192.0.2.2', 1);
    limit.count('192.0.2.1', 60_000);
  });
});
