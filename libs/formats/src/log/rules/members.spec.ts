import { describe, expect } from '@jest/globals';
import { type Person, type Draft } from '../../../test/family-log.ts';
import { allowed, refused } from '../../../test/house.ts';
import { rotationsDue } from '../../index.ts';

describe('members', () => {
  allowed({
    'are removed by the owner: all that they had is due for new keys': [
      async ({ log, owner, adult, album: id }) => {
        await log.share(owner, id, adult, 'contributor');
        return { author: owner, event: { kind: 'member-removed', account: adult.account } };
      },
      ({ log, adult, vault, album: id }) => {
        expect(rotationsDue(log.state)).toEqual([log.familyKey, vault, id]);
        for (const { holders } of log.state.collections.values())
          expect(holders.has(adult.account)).toBe(false);
        expect(log.state.former.has(adult.account)).toBe(true);
      },
    ],
    'leave by themselves': [
      ({ child }) => ({ author: child, event: { kind: 'member-removed', account: child.account } }),
      ({ log, child }) => expect(log.state.members.has(child.account)).toBe(false),
    ],
    'get another role': [
      ({ owner, child }) => ({
        author: owner,
        event: { kind: 'role-changed', account: child.account, role: 'adult' },
      }),
      ({ log, child }) => {
        expect(log.state.members.get(child.account)!.role).toBe('adult');
        expect(log.state.collections.get(log.familyKey)!.holders.get(child.account)!.role).toBe('adult');
      },
    ],
  });
  const removal = (author: Person, { account }: Person): Draft => ({
    author,
    event: { kind: 'member-removed', account },
  });
  refused({
    'removed by an adult': ['not-allowed', /only the owner/, ({ adult, child }) => removal(adult, child)],
    'the owner, by themselves': ['not-allowed', /owner/, ({ owner }) => removal(owner, owner)],
    'the owner, by an adult': ['not-allowed', /owner/, ({ owner, adult }) => removal(adult, owner)],
    'removed twice': ['unknown', /not in the family/, ({ owner, removed }) => removal(owner, removed)],
    'a role given by an adult': [
      'not-allowed',
      /only the owner/,
      ({ adult, child }) => ({
        author: adult,
        event: { kind: 'role-changed', account: child.account, role: 'adult' },
      }),
    ],
    'the role of the owner taken': [
      'not-allowed',
      /stays/,
      ({ owner }) => ({
        author: owner,
        event: { kind: 'role-changed', account: owner.account, role: 'child' },
      }),
    ],
    'a role that they have': [
      'repeated',
      /already/,
      ({ owner, child }) => ({
        author: owner,
        event: { kind: 'role-changed', account: child.account, role: 'child' },
      }),
    ],
  });
});
