import { describe, expect, it } from '@jest/globals';
import { Person, TestLog, type Draft } from '../../../test/family-log.ts';
import { album, allowed, deviceAdded, refused } from '../../../test/house.ts';
import { replayLog, rotationsDue } from '../../index.ts';

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

describe('a family that is dissolved', () => {
  const dissolution = (author: Person): Draft => ({ author, event: { kind: 'family-dissolved' } });

  /** A family of one with an album, a device and an open invite. */
  const alone = async () => {
    const [log, owner] = [new TestLog(), new Person()];
    await log.found(owner);
    await log.album(owner, true);
    await log.album(owner);
    await log.append({ author: owner, event: deviceAdded(owner) });
    return { log, owner, invite: await log.invite(owner) };
  };

  it('has nobody any more, no key is fresh and no invite open', async () => {
    const { log, owner, invite } = await alone();
    await log.append(dissolution(owner));
    const { members, former, devices, invites, collections } = log.state;
    expect([members.size, devices.size]).toEqual([0, 0]);
    expect(former.get(owner.account)?.identity).toEqual(owner.identity);
    expect(invites.get(invite.id)!.state).toBe('revoked');
    for (const { holders, invited, rotationDue } of collections.values())
      expect([holders.size, invited.size, rotationDue]).toEqual([0, 0, true]);
    expect(await replayLog(log.family, log.entries)).toEqual(log.state);
  });

  it('takes no entry more, whoever writes it', async () => {
    const { log, owner, invite } = await alone();
    const join = { author: new Person() };
    const joined = await log.joined(invite, join.author);
    await log.append(dissolution(owner));
    const refusal = (draft: Draft) => expect(log.append(draft)).rejects;
    await refusal({ author: owner, event: album() }).toMatchObject({ fault: 'removed-member' });
    await refusal({ ...dissolution(owner), signer: owner.device.key }).toMatchObject({
      fault: 'removed-member',
    });
    await refusal({ ...join, event: joined }).toMatchObject({ fault: 'invite-closed' });
    const { publicKey: sign } = owner.key;
    await refusal({ author: owner, event: { kind: 'family-created', sign, kem: owner.kem } }).toMatchObject({
      fault: 'repeated',
    });
  });

  refused({
    'while there are others': ['not-allowed', /others in it/, ({ owner }) => dissolution(owner)],
    'by somebody else than the owner': ['not-allowed', /only the owner/, ({ adult }) => dissolution(adult)],
  });
});
