import { decodeInviteLink } from '@heirloom/formats';
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { openAccount } from '../account/account.ts';
import { logIn } from '../account/sign-in.ts';
import { addToAlbum } from '../albums/album-items.ts';
import { Vault } from '../library/vault.ts';
import { Dweller, RealHome } from '../testing/real-home.spec-helper.ts';
import { changeRole } from './change-role.ts';
import type { KeptLog } from './family-log.ts';
import { listMembers, removeMember } from './members.ts';
import { readInvitation } from './join.ts';
import { revokeInvite } from './invite.ts';
import { shareAlbum } from './sharing.ts';

const refused = (code: string, message: RegExp) => ({ code, message: expect.stringMatching(message) });

/** Somebody with a family of one, who goes to another one by a link. */
async function move(person: Dweller, link: string): Promise<void> {
  const invitation = await readInvitation(decodeInviteLink(link));
  person.vault = await Vault.join(await openAccount(person.profile), person.stores, invitation);
  await person.vault.syncAlbums();
}

/** Another device of the same person. */
async function anotherDevice(person: Dweller): Promise<Dweller> {
  const device = new Dweller(person.home, person.name);
  await logIn(device.profile, person.signIn);
  await device.open();
  return device;
}

async function storeIn(person: Dweller, name: string, files: readonly string[]) {
  const album = await person.vault.albums.create(name);
  const stored: Record<string, Uint8Array> = {};
  for (const file of files) {
    const { photo, bytes } = await person.store(file);
    await addToAlbum(person.vault, album, [photo]);
    stored[file] = bytes;
  }
  return stored;
}

const namesOf = async ({ vault }: Dweller) => (await vault.albums.list()).map(({ name }) => name);
const libraryOf = async ({ vault }: Dweller) => {
  await vault.syncLibrary();
  return (await vault.library.all()).map(({ metadata }) => metadata?.name).sort();
};

describe('somebody with a family of one who joins another', () => {
  let home: RealHome;
  let ada: Dweller;
  let bruno: Dweller;
  let tablet: Dweller;

  beforeAll(async () => {
    home = await RealHome.start();
    [ada, bruno] = [await home.owner('Ada'), await home.owner('Bruno')];
  });
  afterEach(() => {
    home.tamper = (_request, answer) => answer;
    home.refuse = null;
  });
  afterAll(async () => home?.[Symbol.asyncDispose]());

  it('takes photos and albums along, also when answers get lost', async () => {
    const trip = await storeIn(bruno, 'Trip', ['lake.raw', 'hut.raw']);
    await bruno.vault.albums.create('Plans');
    const forgotten = await bruno.invite();
    tablet = await anotherDevice(bruno);
    home.lose = /POST \/api\/family\/members$/;
    await move(bruno, await ada.invite());
    expect(home.lose).toBeNull();
    expect(bruno.told.join()).toMatch(/your own family.*given up.*photos came along.*albums/i);
    expect(bruno.news).toEqual(['joined']);
    expect(await namesOf(bruno)).toEqual(['Family vault', 'Plans', 'Trip']);
    expect(await bruno.get('Trip')).toEqual(trip);
    expect(await libraryOf(bruno)).toEqual(['hut.raw', 'lake.raw']);
    expect((await bruno.vault.albums.named('Trip')).people).toBe(1);
    await ada.open();
    expect((await listMembers(ada.vault)).map(({ name, role }) => [name, role])).toEqual([
      ['Ada', 'owner'],
      ['Bruno', 'adult'],
    ]);
    expect(await namesOf(ada)).toEqual(['Family vault']);
    await expect(readInvitation(decodeInviteLink(forgotten))).rejects.toMatchObject(
      refused('invite-closed', /taken back/),
    );
    expect(await bruno.vault.carried.of(bruno.vault.log.state.family)).toEqual([]);
  });

  it('is followed by their other devices, which say so', async () => {
    await tablet.open();
    expect(tablet.told.join()).toMatch(/gone to another family on another device/);
    expect(tablet.vault.log.state.family).toBe(ada.vault.log.state.family);
    expect(await namesOf(tablet)).toEqual(['Family vault', 'Plans', 'Trip']);
    expect(Object.keys(await tablet.get('Trip')).sort()).toEqual(['hut.raw', 'lake.raw']);
    await tablet.open();
    expect(tablet.news).toEqual(['followed']);
  });

  it('is shown no family that they did not go to, or have left', async () => {
    const shown: KeptLog = structuredClone(ada.log.kept!);
    const show = (victim: Dweller) => {
      home.tamper = (request, answer) => {
        if (request === 'GET /api/family/mine') return { ...(answer as object), familyId: shown.family };
        if (request !== 'GET /api/family/log') return answer;
        const entries = shown.entries.map((entry, index) => ({
          index,
          entry: Buffer.from(entry).toString('base64url'),
        }));
        return { entries, checkpoint: shown.checkpoint };
      };
      return victim.open();
    };
    const carla = await home.owner('Carla');
    const before = carla.log.kept;
    await expect(show(carla)).rejects.toMatchObject({ fault: 'other-family' });
    expect(carla.log.kept).toEqual(before);
    // Bruno has signed that he joined that one; he was removed, and has founded his own since.
    home.tamper = (_request, answer) => answer;
    await removeMember(ada.vault, { accountId: bruno.id });
    await bruno.open();
    await expect(show(bruno)).rejects.toMatchObject({ fault: 'other-family' });
    home.tamper = (_request, answer) => answer;
    await bruno.open();
  });

  it('makes the albums again later what could not be made at once', async () => {
    const trip = await storeIn(bruno, 'Return', ['home.raw']);
    home.refuse = { request: /POST \/api\/family\/albums$/, code: 'limit-reached' };
    await move(bruno, await ada.invite());
    expect(bruno.told.join()).toMatch(/not here again yet/);
    expect(await namesOf(bruno)).toEqual(['Family vault']);
    home.refuse = null;
    await bruno.open();
    expect(await bruno.get('Return')).toEqual(trip);
  });

  it('makes albums when a viewer becomes more than that', async () => {
    const dora = await home.owner('Dora');
    const sea = await storeIn(dora, 'Sea', ['wave.raw']);
    await move(dora, await ada.invite({ role: 'viewer' }));
    expect(dora.told.join(' ')).toMatch(/as a viewer you add none.*Your albums wait/);
    expect(dora.news).toEqual(['joined', 'albums-wait']);
    expect(await libraryOf(dora)).toEqual(['wave.raw']);
    await changeRole(ada.vault, dora.id, 'adult');
    expect(await dora.get('Sea')).toEqual(sea);
  });

  it('loses nothing when the invite is taken back meanwhile', async () => {
    const eva = await home.owner('Eva');
    const cats = await storeIn(eva, 'Cats', ['cat.raw']);
    const link = await ada.invite();
    const invitation = await readInvitation(decodeInviteLink(link));
    await revokeInvite(ada.vault, invitation.link.invite);
    const join = Vault.join(await openAccount(eva.profile), eva.stores, invitation);
    await expect(join).rejects.toMatchObject(refused('invite-closed', /taken back/));
    expect(await eva.get('Cats')).toEqual(cats);
    expect(eva.told).toEqual([]);
    await expect(move(eva, await eva.invite())).rejects.toMatchObject(refused('conflict', /already/));
  });

  it('is refused, with what to do, while others are or were there', async () => {
    const eva = await home.owner('Finn');
    const gina = await eva.bring('Gina');
    const link = await ada.invite();
    await expect(move(eva, link)).rejects.toMatchObject(refused('conflict', /Remove the others first/));
    await expect(move(gina, link)).rejects.toMatchObject(refused('conflict', /Leave it first/));
    const album = await eva.vault.albums.create('Party');
    await shareAlbum(eva.vault, album, gina.id, 'contributor');
    await gina.open();
    const { photo } = await gina.store('cake.raw');
    await addToAlbum(gina.vault, await gina.vault.albums.named('Party'), [photo]);
    await removeMember(eva.vault, { accountId: gina.id });
    await expect(move(eva, link)).rejects.toMatchObject(
      refused('conflict', /"Party" holds a photo of people/),
    );
    expect(await namesOf(eva)).toContain('Party');
    await move(gina, link);
    expect(await libraryOf(gina)).toEqual(['cake.raw']);
  });
});
