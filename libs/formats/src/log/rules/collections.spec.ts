import { describe, expect, it } from '@jest/globals';
import { limits, newId, type CollectionId } from '@heirloom/contracts';
import { Person, TestLog } from '../../../test/family-log.ts';
import { album, allowed, refused, revoked } from '../../../test/house.ts';
import { mayMint, rotationsDue } from '../../index.ts';

describe('albums', () => {
  allowed({
    'are made by a child, who manages them': [
      async ({ log, child }) => void (await log.album(child)),
      ({ log, child }) =>
        expect([...log.state.collections.values()].at(-1)).toMatchObject({
          createdBy: child.account,
          epoch: 1,
          vault: false,
        }),
    ],
    'are shared by their manager': [
      ({ log, owner, adult, album: id }) => log.share(owner, id, adult, 'contributor'),
      ({ log, adult, album: id }) =>
        expect(log.state.collections.get(id)!.holders.get(adult.account)).toMatchObject({
          role: 'contributor',
        }),
    ],
    'are handed on by a second manager, and given up by the first': [
      async ({ log, owner, adult, album: id }) => {
        await log.share(owner, id, adult, 'manager');
        await log.append({ author: owner, event: revoked(id, owner) });
      },
      ({ log, owner, adult, album: id }) => {
        expect([...log.state.collections.get(id)!.holders.keys()]).toEqual([adult.account]);
        expect(mayMint(log.state, owner.account, id)).toBe(false);
      },
    ],
    'change hands in role': [
      async ({ log, owner, adult, album: id }) => {
        await log.share(owner, id, adult, 'viewer');
        await log.share(owner, id, adult, 'contributor');
      },
      ({ log, adult, album: id }) =>
        expect(log.state.collections.get(id)!.holders.get(adult.account)!.role).toBe('contributor'),
    ],
    'are due for a new key when one person loses them': [
      async ({ log, owner, adult, album: id }) => {
        await log.share(owner, id, adult, 'contributor');
        await log.append({ author: owner, event: revoked(id, adult) });
      },
      ({ log, album: id }) => expect(rotationsDue(log.state)).toEqual([id]),
    ],
    'are sealed again by who has them, in the same role': [
      async ({ log, owner, adult, album: id }) => {
        await log.share(owner, id, adult, 'viewer');
        await log.share(adult, id, adult, 'viewer');
      },
      ({ log, adult, album: id }) =>
        expect(log.state.collections.get(id)!.holders.get(adult.account)!.keys.get(1)!.index).toBe(
          log.entries.length - 1,
        ),
    ],
  });

  refused({
    'made by a viewer': ['not-allowed', /viewer/, ({ viewer }) => ({ author: viewer, event: album() })],
    'made twice': [
      'repeated',
      /twice/,
      ({ owner, album: id }) => ({ author: owner, event: album(id as never) }),
    ],
    'made with the id of the family': [
      'repeated',
      /twice/,
      ({ owner, log }) => ({ author: owner, event: album(log.family as never) }),
    ],
    'a second vault': [
      'repeated',
      /twice/,
      ({ owner }) => ({ author: owner, event: { ...album(), vault: true } }),
    ],
    "a vault of somebody else's": [
      'not-allowed',
      /owner/,
      ({ adult }) => ({ author: adult, event: { ...album(), vault: true } }),
    ],
    'left without the grant to its maker': [
      'unfinished',
      /middle/,
      ({ owner }) => [
        { author: owner, event: album() },
        { author: owner, event: album() },
      ],
    ],
    'shared by a contributor': [
      'not-allowed',
      /without the right/,
      async ({ log, owner, adult, child, album: id }) => {
        await log.share(owner, id, adult, 'contributor');
        await log.share(adult, id, child, 'viewer');
      },
    ],
    'made one’s own': [
      'not-allowed',
      /without the right/,
      ({ log, adult, album: id }) => log.share(adult, id, adult, 'manager'),
    ],
    'raised in role by oneself': [
      'not-allowed',
      /without the right/,
      async ({ log, owner, adult, album: id }) => {
        await log.share(owner, id, adult, 'contributor');
        await log.share(adult, id, adult, 'manager');
      },
    ],
    'shared with a stranger': [
      'unknown',
      /not in the family/,
      ({ log, owner, album: id }) => log.share(owner, id, new Person(), 'viewer'),
    ],
    'shared with someone who was removed': [
      'removed-member',
      /not in the family/,
      ({ log, owner, removed, album: id }) => log.share(owner, id, removed, 'viewer'),
    ],
    'shared with a swapped key': [
      'swapped-key',
      /changed without an entry/,
      ({ log, owner, adult, album: id }) => {
        const swapped = Object.assign(new Person(), { account: adult.account });
        return { author: owner, event: log.granted(id, swapped, 'viewer') };
      },
    ],
    'shared in a role of the family': [
      'not-allowed',
      /not one of an album/,
      ({ log, owner, adult, album: id }) => ({ author: owner, event: log.granted(id, adult, 'owner') }),
    ],
    'a viewer of the family made a contributor': [
      'not-allowed',
      /viewer/,
      ({ log, owner, viewer, album: id }) => log.share(owner, id, viewer, 'contributor'),
    ],
    'the same grant again': [
      'repeated',
      /twice/,
      ({ log, owner, adult, album: id }) => {
        const grant = { author: owner, event: log.granted(id, adult, 'viewer') };
        return [grant, grant];
      },
    ],
    'a key of an epoch that has passed': [
      'stale',
      /number 1/,
      async ({ log, owner, adult, everyone, album: id }) => {
        await log.mint(owner, everyone, id);
        return { author: owner, event: log.granted(id, adult, 'viewer', { epoch: 1 }) };
      },
    ],
    'a key of an epoch that is not there yet': [
      'wrong-epoch',
      /number 2/,
      ({ log, owner, adult, album: id }) => ({
        author: owner,
        event: log.granted(id, adult, 'viewer', { epoch: 2 }),
      }),
    ],
    'a key that is due to change': [
      'stale',
      /had to be changed/,
      async ({ log, owner, adult, child, album: id }) => {
        await log.share(owner, id, adult, 'viewer');
        await log.append({ author: owner, event: revoked(id, adult) });
        await log.share(owner, id, child, 'viewer');
      },
    ],
    'a grant of an album that there is not': [
      'unknown',
      /does not have/,
      ({ log, owner, adult }) => log.share(owner, newId<CollectionId>(), adult, 'viewer'),
    ],
    "an album's grant in the scope of the family": [
      'unknown',
      /does not have/,
      ({ log, owner, adult, album: id }) => ({
        author: owner,
        event: log.granted(id, adult, 'viewer', { scope: 'family' }),
      }),
    ],
    "the family's key given again": [
      'not-allowed',
      /who join/,
      ({ log, owner, adult }) => ({ author: owner, event: log.granted(log.familyKey, adult, 'owner') }),
    ],
    'taken by a contributor': [
      'not-allowed',
      /without the right/,
      async ({ log, owner, adult, album: id }) => {
        await log.share(owner, id, adult, 'contributor');
        return { author: adult, event: revoked(id, owner) };
      },
    ],
    'taken from its last manager': [
      'not-allowed',
      /without a manager/,
      ({ owner, album: id }) => ({ author: owner, event: revoked(id, owner) }),
    ],
    'its last manager made a viewer': [
      'not-allowed',
      /without a manager/,
      ({ log, owner, album: id }) => log.share(owner, id, owner, 'viewer'),
    ],
    'taken from someone who does not have it': [
      'unknown',
      /did not have/,
      ({ owner, adult, album: id }) => ({ author: owner, event: revoked(id, adult) }),
    ],
    'the vault taken from a member': [
      'not-allowed',
      /vault/,
      ({ owner, adult, vault }) => ({ author: owner, event: revoked(vault, adult) }),
    ],
    "the family's key taken from a member": [
      'not-allowed',
      /removed/,
      ({ log, owner, adult }) => ({
        author: owner,
        event: { ...revoked(log.familyKey, adult), scope: 'family' },
      }),
    ],
  });

  it('are so many at most', async () => {
    const log = new TestLog();
    const owner = new Person();
    await log.found(owner);
    const [[, family]] = log.state.collections as unknown as [[CollectionId, never]];
    const full = new Map(
      Array.from({ length: limits.albumsPerFamily + 1 }, () => [newId<CollectionId>(), family]),
    );
    log.state = { ...log.state, collections: full };
    await expect(log.append({ author: owner, event: album() })).rejects.toMatchObject({ fault: 'limit' });
  });
});
