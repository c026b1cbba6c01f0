import { describe, expect, it } from '@jest/globals';
import { newId, type FamilyId } from '@heirloom/contracts';
import { Person, random, TestLog } from '../../test/family-log.ts';
import { album, allowed, deviceAdded, house, refused } from '../../test/house.ts';
import { replayLog } from '../index.ts';

describe('the chain', () => {
  allowed({
    'an entry of a kind that is not known here counts and is remarked': [
      ({ adult }) => ({ author: adult, event: { kind: 'picnic', where: 'the lake' } }),
      ({ log }) => expect(log.state.notUnderstood).toBe(1),
    ],
    'a device speaks for its person': [
      async ({ log, adult }) => {
        const { id, key } = adult.device;
        await log.append({ author: adult, event: deviceAdded(adult) });
        return {
          author: adult,
          event: { kind: 'device-revoked', account: adult.account, device: id },
          signer: key,
        };
      },
      ({ log, adult }) => expect(log.state.devices.get(adult.device.id)).toMatchObject({ revoked: true }),
    ],
  });

  refused({
    'an entry of another family': [
      'other-family',
      /another family/,
      ({ owner }) => ({ author: owner, event: album(), wrong: { family: newId<FamilyId>() } }),
    ],
    'an entry that leaves one out': [
      'misplaced',
      /left out/,
      ({ owner, log }) => ({ author: owner, event: album(), wrong: { index: log.entries.length + 1 } }),
    ],
    'an entry at a place that is taken': [
      'misplaced',
      /repeated/,
      ({ owner, log }) => ({ author: owner, event: album(), wrong: { index: log.entries.length - 1 } }),
    ],
    'an entry on another history': [
      'forked',
      /another history/,
      ({ owner }) => ({ author: owner, event: album(), wrong: { head: random(32) } }),
    ],
    'an entry in the name of another member': [
      'foreign-key',
      /key changed without an entry/,
      ({ owner, adult }) => ({ author: owner, event: album(), signer: adult.key }),
    ],
    'an entry of a stranger': [
      'stranger',
      /not in the family/,
      () => ({ author: new Person(), event: album() }),
    ],
    'an entry of someone who was removed': [
      'removed-member',
      /had been removed/,
      ({ removed }) => ({ author: removed, event: album() }),
    ],
    'an entry by a device that was signed out': [
      'revoked-device',
      /signed out/,
      async ({ log, adult }) => {
        const { account, device } = adult;
        await log.append({ author: adult, event: deviceAdded(adult) });
        await log.append({ author: adult, event: { kind: 'device-revoked', account, device: device.id } });
        return { author: adult, event: album(), signer: device.key };
      },
    ],
    'an entry by a device of another member': [
      'foreign-key',
      /not signed by its author/,
      async ({ log, adult, owner }) => {
        await log.append({ author: adult, event: deviceAdded(adult) });
        return { author: owner, event: album(), signer: adult.device.key };
      },
    ],
    'a device of a person who was removed': [
      'removed-member',
      /removed/,
      async ({ log, owner, adult }) => {
        await log.append({ author: adult, event: deviceAdded(adult) });
        await log.append({ author: owner, event: { kind: 'member-removed', account: adult.account } });
        return { author: adult, event: album(), signer: adult.device.key };
      },
    ],
    'a second founding': [
      'repeated',
      /twice/,
      ({ owner }) => ({
        author: owner,
        event: { kind: 'family-created', sign: owner.key.publicKey, kem: owner.kem },
      }),
    ],
  });

  it('refuses a log that does not begin with a founding', async () => {
    const log = new TestLog();
    await expect(log.append({ author: new Person(), event: album() })).rejects.toMatchObject({
      fault: 'misplaced',
    });
  });

  it('refuses a founding that another key signs', async () => {
    const [log, owner] = [new TestLog(), new Person()];
    const event = { kind: 'family-created', sign: random(32), kem: owner.kem };
    await expect(log.append({ author: owner, event })).rejects.toMatchObject({ fault: 'foreign-key' });
  });

  it('refuses a log that ends before the owner has the key of the family', async () => {
    const [log, owner] = [new TestLog(), new Person()];
    await log.append({
      author: owner,
      event: { kind: 'family-created', sign: owner.key.publicKey, kem: owner.kem },
    });
    await expect(replayLog(log.family, log.entries)).rejects.toMatchObject({ fault: 'unfinished' });
  });

  it('says where the wrong entry stands', async () => {
    const { log, adult } = await house();
    const index = log.entries.length;
    await expect(
      log.append({ author: adult, event: deviceAdded(adult) }, { author: adult, event: deviceAdded(adult) }),
    ).rejects.toMatchObject({
      fault: 'repeated',
      index: index + 1,
      account: adult.account,
    });
  });
});
