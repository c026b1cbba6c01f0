import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { randomBytes } from '@heirloom/crypto';
import { equalBytes, identityHash } from '@heirloom/formats';
import { openAccount } from '../account/account.ts';
import { logIn } from '../account/sign-in.ts';
import { keepSeenNotices, noticesSince, seenNotices } from '../notices/notices-since.ts';
import { MemoryProfile } from '../testing/memory-stores.spec-helper.ts';
import { type Dweller, RealHome } from '../testing/real-home.spec-helper.ts';
import { logOut } from './log-out.ts';
import { listMembers, removeMember, setOwnName } from './members.ts';
import { markCompared, matchesScanned, safetyWith } from './safety.ts';
import { shareAlbum } from './sharing.ts';

let home: RealHome;
let anna: Dweller;
let bruno: Dweller;
beforeAll(async () => {
  home = await RealHome.start();
  anna = await home.owner('Anna');
  bruno = await anna.bring('Bruno');
  await anna.open();
}, 60_000);
afterAll(() => home?.[Symbol.asyncDispose]());

const namesSeenBy = async ({ vault }: Dweller) => (await listMembers(vault)).map(({ name }) => name);

describe('names', () => {
  it('are there from the joining on and can be changed', async () => {
    expect(await namesSeenBy(anna)).toEqual(['Anna', 'Bruno']);
    await expect(setOwnName(bruno.vault, bruno.profile, ' ')).rejects.toMatchObject({ code: 'bad-request' });
    await setOwnName(bruno.vault, bruno.profile, ' Bruno B. ');
    expect(await namesSeenBy(anna)).toEqual(['Anna', 'Bruno B.']);
    expect(bruno.profile.profile?.name).toBe('Bruno B.');
    await setOwnName(anna.vault, anna.profile, 'Mum');
    // An invite tells the name only to a family that knows none.
    await anna.invite();
    expect(await namesSeenBy(bruno)).toEqual(['Mum', 'Bruno B.']);
  }, 30_000);
});

describe('a safety number', () => {
  it('is the same on both sides, and a changed identity is told', async () => {
    const [one, other] = [await safetyWith(anna.vault, bruno.id), await safetyWith(bruno.vault, anna.id)];
    expect(one).toEqual(other);
    expect(one).toMatchObject({ comparedAt: null, changed: false });
    expect(matchesScanned(one, other.qrPayload)).toBe(true);
    expect(() => matchesScanned(one, 'https://example.org')).toThrow('not a safety number');
    await markCompared(anna.vault, bruno.id);
    expect(await safetyWith(anna.vault, bruno.id)).toMatchObject({
      comparedAt: expect.any(Date),
      changed: false,
    });
    await expect(safetyWith(anna.vault, anna.id)).rejects.toMatchObject({ code: 'not-found' });
    const member = anna.vault.log.state.members.get(bruno.id)!;
    const { sign } = member.identity;
    member.identity.sign = new Uint8Array(randomBytes(32));
    expect(equalBytes(identityHash(member.identity), identityHash({ ...member.identity, sign }))).toBe(false);
    expect(await safetyWith(anna.vault, bruno.id)).toMatchObject({
      comparedAt: expect.any(Date),
      changed: true,
    });
    member.identity.sign = sign;
  });
});

describe('notices', () => {
  it('tell what happened since they were seen, once', async () => {
    const kinds = async (who: Dweller) => {
      const { notices, mark } = await noticesSince(who.vault, await seenNotices(who.vault));
      await keepSeenNotices(who.vault, mark);
      return notices.map(({ kind }) => kind);
    };
    expect(await kinds(anna)).toEqual(['member-joined', 'recovery-key-missing']);
    expect(await kinds(anna)).toEqual(['recovery-key-missing']);
    expect(await kinds(bruno)).toEqual(['recovery-key-missing']);
    const album = await anna.vault.albums.create('Summer');
    await shareAlbum(anna.vault, album, bruno.id, 'viewer');
    const carla = await anna.bring('Carla');
    await anna.open();
    await removeMember(anna.vault, { accountId: carla.id });
    const second = new MemoryProfile();
    await logIn(second, bruno.signIn);
    await bruno.open();
    expect(await kinds(bruno)).toEqual([
      'album-shared',
      'member-joined',
      'member-removed',
      'device-signed-in',
      'recovery-key-missing',
    ]);
    // New keys of the album came with the removal: they are no news.
    expect(await kinds(bruno)).toEqual(['recovery-key-missing']);
    await logOut(await openAccount(second), second);
    expect(await kinds(bruno)).toEqual(['device-revoked', 'recovery-key-missing']);
  }, 60_000);
});

describe('signing out', () => {
  it('tells the family that the device signs nothing more', async () => {
    const dora = await anna.bring('Dora');
    const { deviceId } = dora.profile.profile!;
    expect(await logOut(dora.vault.account, dora.profile, dora.log)).toEqual({ told: true });
    expect(dora.profile.profile).toBeNull();
    await anna.open();
    expect(anna.vault.log.state.devices.get(deviceId)?.revoked).toBe(true);
  }, 30_000);
});
