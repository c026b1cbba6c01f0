import { describe, expect, it } from '@jest/globals';
import { limits, newId, type CollectionId, type InviteId } from '@heirloom/contracts';
import { newInvite, Person, TestLog } from '../../../test/family-log.ts';
import { album, allowed, house, refused } from '../../../test/house.ts';
import { rotationsDue, vaultAlbum } from '../../index.ts';

describe('invites', () => {
  allowed({
    'are made by the owner, with the key of the family and of the vault': [
      ({ log, owner }) => log.invite(owner, 'adult').then(() => undefined),
      ({ log, vault }) => {
        const [id, invite] = [...log.state.invites].at(-1)!;
        expect(invite).toMatchObject({ role: 'adult', state: 'open' });
        expect(log.state.collections.get(vault)!.invited.get(id)).toMatchObject({ role: 'contributor' });
        expect(log.state.collections.get(log.familyKey)!.invited.get(id)).toMatchObject({ role: 'adult' });
        expect(vaultAlbum(log.state)).toBe(vault);
      },
    ],
    'carry more albums, and who joins has all of them': [
      async ({ log, owner, album: id, everyone }) => {
        const invite = await log.invite(owner, 'viewer');
        await log.append({ author: owner, event: log.grantedToInvite(id, invite.id, 'viewer') });
        everyone.push(await log.join(invite));
      },
      ({ log, vault, album: id, everyone }) => {
        const { account } = everyone.at(-1)!;
        expect(log.state.members.get(account)!.role).toBe('viewer');
        for (const one of [vault, id]) {
          expect(log.state.collections.get(one)!.holders.get(account)!.role).toBe('viewer');
          expect(log.state.collections.get(one)!.invited.size).toBe(0);
        }
        expect(rotationsDue(log.state)).toEqual([]);
      },
    ],
    'get the new keys while they are open': [
      async ({ log, owner, vault, everyone }) => {
        const invite = await log.invite(owner);
        await log.mint(owner, everyone, vault);
        everyone.push(await log.join(invite));
      },
      ({ log, vault, everyone }) =>
        expect(
          log.state.collections.get(vault)!.holders.get(everyone.at(-1)!.account)!.keys.has(log.epoch(vault)),
        ).toBe(true),
    ],
    'that are taken back leave new keys to be made': [
      async ({ log, owner }) => ({
        author: owner,
        event: { kind: 'invite-revoked', invite: (await log.invite(owner)).id },
      }),
      ({ log, vault }) => {
        expect(rotationsDue(log.state)).toEqual([log.familyKey, vault]);
        expect([...log.state.invites.values()].at(-1)!.state).toBe('revoked');
      },
    ],
    'that expired get no new keys': [
      async ({ log, owner, vault, everyone }) => {
        await log.invite(owner, 'adult', log.at + 10);
        log.at += 100;
        await log.mint(owner, everyone, vault);
      },
      ({ log }) => {
        expect([...log.state.invites.values()].at(-1)!.state).toBe('expired');
        expect(rotationsDue(log.state)).toEqual([log.familyKey]);
      },
    ],
    'bring somebody back who was removed': [
      async ({ log, owner, removed }) => void (await log.join(await log.invite(owner), removed)),
      ({ log, removed }) => {
        expect(log.state.members.has(removed.account)).toBe(true);
        expect(log.state.former.has(removed.account)).toBe(false);
      },
    ],
  });

  const [when, invite] = [() => newInvite(), newInvite()];
  refused({
    'made by an adult': [
      'not-allowed',
      /only the owner/,
      ({ log, adult }) => ({ author: adult, event: log.invited(when(), 'viewer') }),
    ],
    'made by a child': [
      'not-allowed',
      /only the owner/,
      ({ log, child }) => ({ author: child, event: log.invited(when(), 'viewer') }),
    ],
    'made by a viewer': [
      'not-allowed',
      /only the owner/,
      ({ log, viewer }) => ({ author: viewer, event: log.invited(when(), 'viewer') }),
    ],
    'made twice': [
      'repeated',
      /twice/,
      ({ log, owner }) => [
        { author: owner, event: log.invited(invite, 'adult') },
        ...log.inviteGrants(owner, invite, 'adult'),
        { author: owner, event: log.invited(invite, 'adult') },
      ],
    ],
    'that are over before they begin': [
      'not-allowed',
      /expires before/,
      ({ log, owner }) => ({ author: owner, event: log.invited(when(), 'adult', log.at - 1) }),
    ],
    'that live too long': [
      'not-allowed',
      /lives longer/,
      ({ log, owner }) => ({
        author: owner,
        event: log.invited(when(), 'adult', log.at + limits.inviteMaxMs + 10),
      }),
    ],
    'beyond the size of a family': [
      'limit',
      /6 members/,
      async ({ log, owner }) => {
        await log.invite(owner);
        await log.invite(owner);
        await log.invite(owner);
      },
    ],
    "without the family's key": [
      'unfinished',
      /middle/,
      ({ log, owner }) => [
        { author: owner, event: log.invited(when(), 'adult') },
        { author: owner, event: album() },
      ],
    ],
    'into the vault in a higher role': [
      'not-allowed',
      /another role/,
      ({ log, owner, vault }) => [
        { author: owner, event: log.invited(invite, 'viewer') },
        { author: owner, event: log.grantedToInvite(vault, invite.id, 'contributor') },
      ],
    ],
    'raised in the vault afterwards': [
      'not-allowed',
      /vault/,
      async ({ log, owner, vault }) => ({
        author: owner,
        event: log.grantedToInvite(vault, (await log.invite(owner)).id, 'manager'),
      }),
    ],
    'while a key is due to change': [
      'stale',
      /had to be changed/,
      async ({ log, owner, adult }) => {
        await log.append({ author: owner, event: { kind: 'member-removed', account: adult.account } });
        await log.invite(owner);
      },
    ],
    'given an album by who does not manage it': [
      'not-allowed',
      /managers/,
      async ({ log, owner, adult, album: id }) => ({
        author: adult,
        event: log.grantedToInvite(id, (await log.invite(owner)).id, 'viewer'),
      }),
    ],
    'for a viewer who would be more in an album': [
      'not-allowed',
      /viewer/,
      async ({ log, owner, album: id }) => ({
        author: owner,
        event: log.grantedToInvite(id, (await log.invite(owner, 'viewer')).id, 'contributor'),
      }),
    ],
    'given an album when they have expired': [
      'invite-closed',
      /closed/,
      async ({ log, owner, album: id }) => {
        const late = await log.invite(owner, 'adult', log.at + 10);
        log.at += 100;
        return { author: owner, event: log.grantedToInvite(id, late.id, 'viewer') };
      },
    ],
    'that there are not': [
      'unknown',
      /there is not/,
      ({ log, owner, album: id }) => ({
        author: owner,
        event: log.grantedToInvite(id, newId<InviteId>(), 'viewer'),
      }),
    ],
    'taken back by an adult': [
      'not-allowed',
      /only the owner/,
      async ({ log, owner, adult }) => ({
        author: adult,
        event: { kind: 'invite-revoked', invite: (await log.invite(owner)).id },
      }),
    ],
    'taken back twice': [
      'repeated',
      /already/,
      async ({ log, owner }) => {
        const { id } = await log.invite(owner);
        const event = { kind: 'invite-revoked', invite: id } as const;
        return [
          { author: owner, event },
          { author: owner, event },
        ];
      },
    ],
    'taken back that there are not': [
      'unknown',
      /there is not/,
      ({ owner }) => ({ author: owner, event: { kind: 'invite-revoked', invite: newId<InviteId>() } }),
    ],
  });

  it('give so many albums at most', async () => {
    const { log, owner, album: id } = await house();
    const { id: invite } = await log.invite(owner);
    const collections = new Map(log.state.collections);
    const full = collections.get(log.familyKey)!;
    for (let i = 2; i < limits.collectionsPerInvite; i++) collections.set(newId<CollectionId>(), full);
    log.state = { ...log.state, collections };
    const event = log.grantedToInvite(id, invite, 'viewer');
    await expect(log.append({ author: owner, event })).rejects.toMatchObject({ fault: 'limit' });
  });

  it('need the vault album', async () => {
    const [log, owner] = [new TestLog(), new Person()];
    await log.found(owner);
    await expect(log.append({ author: owner, event: log.invited(newInvite(), 'adult') })).rejects.toThrow(
      /vault album is made before/,
    );
  });
});
