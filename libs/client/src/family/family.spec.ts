import { memberRoutes, vaultRoutes, type AlbumItem, type CollectionId } from '@heirloom/contracts';
import { DamagedError, unwrapKey, writeRemoval, type EpochKey } from '@heirloom/crypto';
import { decodeInviteLink, rotationsDue } from '@heirloom/formats';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { signUp } from '../account/sign-in.ts';
import { addToAlbum } from '../albums/album-items.ts';
import { Dweller, RealHome } from '../testing/real-home.spec-helper.ts';
import { changeFamily } from './change-family.ts';
import { changeRole } from './change-role.ts';
import { invitePerson, listOpenInvites, revokeInvite } from './invite.ts';
import { readInvitation } from './join.ts';
import { listMembers, memberByEmail, removeMember } from './members.ts';
import { rotateDue } from './rotation.ts';
import { shareAlbum, unshareAlbum } from './sharing.ts';

const refused = (code: string, message: RegExp) => ({ code, message: expect.stringMatching(message) });
const idOf = ({ albumId }: { albumId: string }) => albumId as CollectionId;

/** Removes somebody as a client does that dies right after it. */
const removeOnly = async (by: Dweller, person: Dweller) =>
  await changeFamily(
    by.vault,
    (inputs) => writeRemoval(inputs, person.id),
    ({ entries }) =>
      by.vault.account.http.call(memberRoutes.removeMember, {
        params: { accountId: person.id },
        body: { entries },
      }),
  );

/** Everything that somebody who was removed may still have of an album. */
async function keysOf(person: Dweller, album: CollectionId): Promise<EpochKey[]> {
  const keys: EpochKey[] = [];
  for (let epoch = 1; epoch < 10; epoch++) {
    const key = await person.vault.albums.keyOf(album, epoch);
    if (key) keys.push(key);
  }
  return keys;
}

async function itemsOf(person: Dweller, collectionId: CollectionId): Promise<AlbumItem[]> {
  const { entries } = await person.vault.account.http.call(vaultRoutes.feed, {
    params: { collectionId },
    query: { limit: 100 },
  });
  return entries.flatMap((entry) => (entry.kind === 'item' ? [entry.item] : []));
}

/** Told in order: each step stands on the one before. */
describe('a family, by the real services', () => {
  let home: RealHome;
  let ada: Dweller;
  let bruno: Dweller;
  let carla: Dweller;
  const stored: Record<string, Uint8Array> = {};

  beforeAll(async () => {
    home = await RealHome.start();
    ada = await home.owner('Ada');
  });
  afterAll(async () => home?.[Symbol.asyncDispose]());

  it('lets nobody sign up without a code or an invite', async () => {
    const stranger = new Dweller(home, 'Stranger');
    await expect(signUp(stranger.profile, stranger.signIn)).rejects.toMatchObject({
      code: 'invitation-needed',
    });
  });

  it('lets somebody without an account join by a link, while the inviter sleeps and answers get lost', async () => {
    const link = await ada.invite();
    home.lose = /POST \/api\/family\/members$/;
    const asked: string[] = [];
    home.tamper = (request, answer) => (asked.push(request), answer);
    bruno = await new Dweller(home, 'Bruno').accept(link);
    home.tamper = (_request, answer) => answer;
    expect(home.lose).toBeNull();
    // No family of one is founded for somebody who comes by an invite.
    expect(asked).toContain('POST /api/family/members');
    expect(asked).not.toContain('POST /api/family/families');
    expect(
      (await listMembers(bruno.vault)).map(({ name, email, role, isYou }) => [name, email, role, isYou]),
    ).toEqual([
      ['Ada', 'ada@example.org', 'owner', false],
      ['Bruno', 'bruno@example.org', 'adult', true],
    ]);
    expect((await bruno.vault.albums.list()).map(({ name, role, isVault }) => [name, role, isVault])).toEqual(
      [['Family vault', 'contributor', true]],
    );
    await expect(new Dweller(home, 'Late').accept(link)).rejects.toMatchObject(
      refused('invite-closed', /used/),
    );
  });

  it('shares an old album whole, and what a contributor adds', async () => {
    const summer = await ada.vault.albums.create('Summer');
    for (const name of ['one.raw', 'two.raw']) {
      const { photo, bytes } = await ada.store(name);
      stored[name] = bytes;
      await addToAlbum(ada.vault, summer, [photo]);
    }
    expect(await shareAlbum(ada.vault, summer, bruno.id, 'contributor')).toBe(true);
    expect(await shareAlbum(ada.vault, summer, bruno.id, 'contributor')).toBe(false);
    expect(await bruno.get('Summer')).toEqual(stored);
    const { photo, bytes } = await bruno.store('three.raw');
    stored['three.raw'] = bytes;
    expect(await addToAlbum(bruno.vault, await bruno.vault.albums.named('Summer'), [photo])).toBe(1);
    expect(await ada.get('Summer')).toEqual(stored);
  });

  it('gives a later guest of the album all of it, as a viewer who only looks', async () => {
    carla = await ada.bring('Carla', { role: 'viewer' });
    const summer = await ada.vault.albums.named('Summer');
    await expect(shareAlbum(ada.vault, summer, carla.id, 'contributor')).rejects.toMatchObject(
      refused('bad-request', /only be a viewer/),
    );
    await shareAlbum(ada.vault, summer, carla.id, 'viewer');
    expect(await carla.get('Summer')).toEqual(stored);
    const seen = await carla.vault.albums.named('Summer');
    expect([seen.role, seen.owner, seen.people]).toEqual(['viewer', ada.id, 3]);
    await expect(addToAlbum(carla.vault, seen, [])).rejects.toMatchObject(refused('forbidden', /not add/));
    await expect(shareAlbum(carla.vault, seen, bruno.id, 'viewer')).rejects.toMatchObject(
      refused('forbidden', /manage/),
    );
    await expect(removeMember(carla.vault, { accountId: bruno.id })).rejects.toMatchObject(
      refused('forbidden', /owner/),
    );
    await expect(invitePerson(bruno.vault)).rejects.toMatchObject(refused('forbidden', /owner/));
  });

  it('takes an album back, with a new key', async () => {
    const summer = await ada.vault.albums.named('Summer');
    expect(await unshareAlbum(ada.vault, summer, carla.id)).toBe('effective');
    expect((await ada.vault.albums.named('Summer')).keys.map(({ epoch }) => epoch)).toEqual([1, 2]);
    await expect(carla.get('Summer')).rejects.toMatchObject({ code: 'not-found' });
    expect(await bruno.get('Summer')).toEqual(stored);
    await expect(unshareAlbum(ada.vault, summer, carla.id)).rejects.toMatchObject({ code: 'not-found' });
    await shareAlbum(ada.vault, await ada.vault.albums.named('Summer'), carla.id, 'viewer');
    expect(await carla.get('Summer')).toEqual(stored);
  });

  it('lets whoever writes first renew a key, and two at once agree', async () => {
    const dora = await ada.bring('Dora', { role: 'child' });
    const summer = await ada.vault.albums.named('Summer');
    await shareAlbum(ada.vault, summer, dora.id, 'contributor');
    const { photo, bytes } = await dora.store('four.raw');
    stored['four.raw'] = bytes;
    await dora.open();
    await addToAlbum(dora.vault, await dora.vault.albums.named('Summer'), [photo]);
    await bruno.open();
    const before = await bruno.store('five.raw');
    stored['five.raw'] = before.bytes;
    await removeOnly(ada, dora);
    expect(rotationsDue(ada.vault.log.state)).toContain(idOf(summer));
    // Bruno's device has not heard of it: the vault refuses the old key, so his device makes the next one.
    const known = await bruno.vault.albums.named('Summer');
    expect(known.rotationDue).toBe(false);
    await Promise.all([addToAlbum(bruno.vault, known, [before.photo]), rotateDue(ada.vault)]);
    await ada.open();
    await bruno.open();
    expect(rotationsDue(ada.vault.log.state)).toEqual([]);
    expect(await bruno.vault.albums.keyOf(idOf(summer))).toEqual(await ada.vault.albums.keyOf(idOf(summer)));
    expect((await itemsOf(ada, idOf(summer))).map(({ epoch }) => epoch)).toEqual([1, 1, 1, 2, 3]);
    for (const person of [ada, bruno, carla]) expect(await person.get('Summer')).toEqual(stored);
  });

  it('shuts a removed person out: no service answers, and no key that they had opens what comes later', async () => {
    const album = idOf(await ada.vault.albums.named('Summer'));
    const had = await keysOf(bruno, album);
    expect(had.map(({ epoch }) => epoch)).toEqual([1, 2, 3]);
    const { account } = bruno.vault;
    expect(
      await removeMember(ada.vault, memberByEmail(await listMembers(ada.vault), ' Bruno@Example.org ')),
    ).toBe('effective');
    expect(rotationsDue(ada.vault.log.state)).toEqual([]);
    for (const ask of [
      () => account.http.call(vaultRoutes.feed, { params: { collectionId: album }, query: { limit: 1 } }),
      () => listMembers(bruno.vault),
      () => bruno.vault.log.refresh(),
    ])
      await expect(ask()).rejects.toMatchObject({
        code: expect.stringMatching(/not-found|forbidden|no-family/),
      });
    const { photo, bytes } = await ada.store('later.raw');
    stored['later.raw'] = bytes;
    await addToAlbum(ada.vault, await ada.vault.albums.named('Summer'), [photo]);
    const item = (await itemsOf(ada, album)).find(({ photoId }) => photoId === photo.photo);
    expect(item?.epoch).toBe(4);
    const wrap = item?.wrappedFileKey ?? new Uint8Array();
    const opens = (key: Uint8Array, epoch: number) =>
      unwrapKey(key, { purpose: 'file-key', collection: album, epoch, object: photo.version }, wrap);
    for (const { key } of had)
      for (const epoch of [1, 2, 3, 4]) await expect(opens(key, epoch)).rejects.toBeInstanceOf(DamagedError);
    const newest = await ada.vault.albums.keyOf(album);
    expect(await opens(newest?.key ?? new Uint8Array(), 4)).toEqual(new Uint8Array(photo.fileKey ?? []));
    expect(await carla.get('Summer')).toEqual(stored);
  });

  it('refuses at the vault what is stored under an old key', async () => {
    const album = idOf(await ada.vault.albums.named('Summer'));
    const [first] = await itemsOf(ada, album);
    if (!first) throw new Error('there are no items');
    // As it would come from an upload that raced the removal: a photo that is not there yet, under the key of before.
    const { photo } = await ada.store('raced.raw');
    const old = { ...first, photoId: photo.photo, versionId: photo.version };
    const call = ada.vault.account.http.call(vaultRoutes.addAlbumItems, {
      params: { albumId: old.albumId },
      body: { items: [old] },
    });
    await expect(call).rejects.toMatchObject({ code: 'epoch-stale' });
  });

  it('leaves the removed person their own photos, and tells them', async () => {
    const vault = await bruno.open();
    expect(bruno.told.join()).toMatch(/not in your family any more/);
    expect(bruno.news).toEqual(['left']);
    await vault.syncLibrary();
    expect((await vault.library.all()).map(({ metadata }) => metadata?.name).sort()).toEqual([
      'five.raw',
      'three.raw',
    ]);
    expect(await vault.albums.list()).toEqual([]);
  });

  it('tells whoever has the link who made it and what comes along, whenever those were named', async () => {
    const album = await ada.vault.albums.named('Summer');
    const { link, inviteId } = await invitePerson(ada.vault, {
      role: 'child',
      albums: [{ album, role: 'viewer' }],
      livesMs: 3_600_000,
    });
    const { names, expiresAt } = await readInvitation(decodeInviteLink(link));
    expect(names).toEqual({
      inviter: 'Ada',
      albums: [
        { name: null, isVault: true, role: 'contributor' },
        { name: 'Summer', isVault: false, role: 'viewer' },
      ],
    });
    expect(expiresAt.getTime()).toBeLessThanOrEqual(Date.now() + 3_600_000);
    await revokeInvite(ada.vault, inviteId);
  });

  it('changes what somebody is, by the owner', async () => {
    expect(await changeRole(ada.vault, carla.id, 'adult')).toBe(true);
    expect(await changeRole(ada.vault, carla.id, 'adult')).toBe(false);
    await carla.vault.log.refresh();
    expect((await listMembers(carla.vault)).map(({ name, role }) => [name, role])).toEqual([
      ['Ada', 'owner'],
      ['Carla', 'adult'],
    ]);
    await expect(changeRole(carla.vault, ada.id, 'child')).rejects.toMatchObject(
      refused('forbidden', /owner/),
    );
  });

  it('takes an invite back', async () => {
    const { link, inviteId } = await invitePerson(ada.vault);
    expect((await listOpenInvites(ada.vault)).map((one) => one.inviteId)).toEqual([inviteId]);
    await revokeInvite(ada.vault, inviteId);
    expect(await listOpenInvites(ada.vault)).toEqual([]);
    await expect(readInvitation(decodeInviteLink(link))).rejects.toMatchObject(
      refused('invite-closed', /taken back/),
    );
    expect(rotationsDue(ada.vault.log.state)).toEqual([]);
  });
});
