import { describe, expect } from '@jest/globals';
import { newId, type AccountId, type CollectionId } from '@heirloom/contracts';
import { type Person, random } from '../../../test/family-log.ts';
import { album, allowed, refused, type Act, type House } from '../../../test/house.ts';
import { epochStatement, mayMint, signedEnvelope } from '../../index.ts';

describe('new keys', () => {
  allowed({
    'are made by a contributor when they are due': [
      async ({ log, owner, adult, child, vault, everyone }) => {
        await log.append({ author: owner, event: { kind: 'member-removed', account: child.account } });
        expect(mayMint(log.state, adult.account, vault)).toBe(true);
        await log.mint(adult, everyone, vault);
      },
      ({ log, vault, adult }) => {
        expect(log.state.collections.get(vault)).toMatchObject({ epoch: 3, rotationDue: false });
        expect(log.state.collections.get(vault)!.minted.get(3)).toMatchObject({ mintedBy: adult.account });
        expect(mayMint(log.state, adult.account, vault)).toBe(false);
      },
    ],
    'are made by a manager at any time': [
      ({ log, owner, everyone, album: id }) => log.mint(owner, everyone, id),
      ({ log, album: id }) => expect(log.epoch(id)).toBe(2),
    ],
  });

  const mint =
    (of: (h: House) => CollectionId, by: (h: House) => Person, epoch?: number, change = {}): Act =>
    async (h) => ({ author: by(h), event: await h.log.minted(by(h), of(h), epoch, change) });
  refused({
    'by a contributor when they are not due': [
      'not-allowed',
      /without the right/,
      mint(
        (h) => h.vault,
        (h) => h.adult,
      ),
    ],
    'by a viewer': [
      'not-allowed',
      /without the right/,
      async (h) => {
        await h.log.append({ author: h.owner, event: { kind: 'member-removed', account: h.child.account } });
        return { author: h.viewer, event: await h.log.minted(h.viewer, h.vault) };
      },
    ],
    'of the family by a child': [
      'not-allowed',
      /without the right/,
      mint(
        (h) => h.log.familyKey,
        (h) => h.child,
      ),
    ],
    'by who does not have the album': [
      'not-allowed',
      /without the right/,
      mint(
        (h) => h.album,
        (h) => h.adult,
      ),
    ],
    'of an album that there is not': [
      'unknown',
      /does not have/,
      mint(
        () => newId<CollectionId>(),
        (h) => h.owner,
      ),
    ],
    'that skip a number': [
      'wrong-epoch',
      /number 3 does not follow number 1/,
      mint(
        (h) => h.album,
        (h) => h.owner,
        3,
      ),
    ],
    'that repeat a number': [
      'stale',
      /number 2 does not follow number 2/,
      mint(
        (h) => h.vault,
        (h) => h.owner,
        2,
      ),
    ],
    'in the name of another': [
      'not-allowed',
      /somebody else/,
      mint(
        (h) => h.album,
        (h) => h.owner,
        2,
        { mintedBy: newId<AccountId>() },
      ),
    ],
    'whose statement another key has signed': [
      'wrong-signature',
      /another key/,
      async ({ log, owner, adult, album: id }) => ({
        author: owner,
        event: await log.minted(owner, id, 2, {}, adult.key),
      }),
    ],
    'whose statement was changed': [
      'wrong-signature',
      /forged or changed/,
      async ({ log, owner, album: id }) => {
        const event = await log.minted(owner, id);
        const envelope = signedEnvelope.decode(event.statement);
        const payload = epochStatement.payload.encode({
          ...epochStatement.payload.decode(envelope.payload),
          keyCheck: random(32),
        });
        return {
          author: owner,
          event: { ...event, statement: signedEnvelope.encode({ ...envelope, payload }) },
        };
      },
    ],
    'that leave somebody out': [
      'unfinished',
      /did not get the key/,
      async ({ log, owner, adult, everyone, album: id }) => {
        await log.share(owner, id, adult, 'viewer');
        const event = await log.minted(owner, id);
        const [first] = log.mintGrants(owner, everyone, id);
        return [{ author: owner, event }, first!, { author: owner, event: album() }];
      },
    ],
    'that let somebody in': [
      'unfinished',
      /does not name/,
      async ({ log, owner, adult, album: id }) => [
        { author: owner, event: await log.minted(owner, id) },
        { author: owner, event: log.granted(id, adult, 'viewer', { epoch: 2 }) },
      ],
    ],
    'that are finished by another member': [
      'unfinished',
      /middle/,
      async ({ log, owner, adult, album: id }) => [
        { author: owner, event: await log.minted(owner, id) },
        { author: adult, event: log.granted(id, owner, 'manager', { epoch: 2 }) },
      ],
    ],
    'for someone who was removed': [
      'removed-member',
      /not in the family/,
      async ({ log, owner, adult, vault }) => {
        await log.append({ author: owner, event: { kind: 'member-removed', account: adult.account } });
        return [
          { author: owner, event: await log.minted(owner, vault) },
          { author: owner, event: log.granted(vault, adult, 'contributor', { epoch: 3 }) },
        ];
      },
    ],
  });
});
