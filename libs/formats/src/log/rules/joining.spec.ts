import { describe } from '@jest/globals';
import { newId, type AccountId } from '@heirloom/contracts';
import { newInvite, Person, random } from '../../../test/family-log.ts';
import { album, refused } from '../../../test/house.ts';
import { nodeSigner } from '../../../test/samples.ts';

describe('joining', () => {
  refused({
    'twice by the same invite': [
      'invite-closed',
      /used before/,
      async ({ log, owner }) => {
        const invite = await log.invite(owner);
        await log.join(invite);
        const late = new Person();
        return { author: late, event: await log.joined(invite, late) };
      },
    ],
    'by an invite that was taken back': [
      'invite-closed',
      /taken back/,
      async ({ log, owner }) => {
        const invite = await log.invite(owner);
        await log.append({ author: owner, event: { kind: 'invite-revoked', invite: invite.id } });
        await log.join(invite);
      },
    ],
    'by an invite that has expired': [
      'invite-closed',
      /expired/,
      async ({ log, owner }) => {
        const invite = await log.invite(owner, 'adult', log.at + 10);
        log.at += 100;
        await log.join(invite);
      },
    ],
    'by an invite that there is not': [
      'invite-closed',
      /there is not/,
      ({ log }) => log.join(newInvite()).then(() => undefined),
    ],
    'with an acceptance by another key': [
      'not-accepted',
      /does not vouch/,
      async ({ log, owner }) => {
        const invite = await log.invite(owner);
        await log.join({ ...invite, key: nodeSigner(random(32)) });
      },
    ],
    "with keys swapped for another person's": [
      'not-accepted',
      /does not vouch/,
      async ({ log, owner }) => {
        const invite = await log.invite(owner);
        const [bruno, mallory] = [new Person(), new Person()];
        const event = await log.joined(invite, mallory, bruno.identity);
        return { author: mallory, event };
      },
    ],
    'with keys that did not sign': [
      'foreign-key',
      /not signed by themselves/,
      async ({ log, owner }) => {
        const person = new Person();
        return {
          author: person,
          event: await log.joined(await log.invite(owner), person),
          signer: owner.key,
        };
      },
    ],
    'in the name of somebody else': [
      'not-allowed',
      /in the name/,
      async ({ log, owner }) => {
        const person = new Person();
        return {
          author: person,
          event: await log.joined(await log.invite(owner), person),
          wrong: { author: newId<AccountId>() },
        };
      },
    ],
    'as someone who is there already': [
      'repeated',
      /in it already/,
      async ({ log, owner, adult }) => {
        const invite = await log.invite(owner);
        return { author: adult, event: await log.joined(invite, adult) };
      },
    ],
    'without sealing the keys to oneself': [
      'unfinished',
      /middle/,
      async ({ log, owner }) => {
        const invite = await log.invite(owner);
        const person = new Person();
        return [
          { author: person, event: await log.joined(invite, person) },
          { author: owner, event: album() },
        ];
      },
    ],
    'with a higher role in the vault': [
      'not-allowed',
      /another role/,
      async ({ log, owner, vault }) => {
        const invite = await log.invite(owner);
        const person = new Person();
        return [
          { author: person, event: await log.joined(invite, person) },
          { author: person, event: log.granted(vault, person, 'manager') },
        ];
      },
    ],
    'with an album that the invite did not give': [
      'unfinished',
      /does not name/,
      async ({ log, owner, album: id }) => {
        const invite = await log.invite(owner);
        const person = new Person();
        return [
          { author: person, event: await log.joined(invite, person) },
          { author: person, event: log.granted(id, person, 'viewer') },
        ];
      },
    ],
  });
});
