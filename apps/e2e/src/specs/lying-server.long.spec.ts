import type { Collection } from '@heirloom/contracts';
import { randomBytes, sealGrant, signerFromSeed, type LogAuthor } from '@heirloom/crypto';
import { decodeInviteLink } from '@heirloom/formats';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { CliDevice } from '../cli/cli.ts';
import {
  altered,
  earlier,
  entriesOf,
  followedBy,
  forkOf,
  newest,
  replaced,
  signedBy,
  unsigned,
} from '../proxy/entries.ts';
import { authorOf, plantedKey, swappedFamily } from '../proxy/insiders.ts';
import { Household } from '../proxy/household.ts';
import {
  holdBack,
  newestAlbum,
  showCollections,
  showHandover,
  showInvitation,
  showLog,
  type Forgery,
  type InvitationForgery,
} from '../proxy/lies.ts';
import { LyingServer, type Lie } from '../proxy/lying-server.ts';
import { Notary } from '../proxy/notary.ts';
import { boot, type Scene } from '../system/boot.ts';

const minute = 60_000;
const albums = ['album', 'ls'];
const historyChanged = /its history was changed/;

/**
 * A server that has all that a server can have: the database, what clients send, and the installation's keys. Each lie is
 * told to the real program, which must say what happened; the same run without the lie passes.
 */
describe('a server that lies', () => {
  let scene: Scene;
  let server: LyingServer;
  let notary: Notary;
  let house: Household;
  let ada: CliDevice;
  let bruno: CliDevice;
  let dora: CliDevice;
  let asBruno: LogAuthor;
  let asDora: LogAuthor;
  let stranger: LogAuthor['signer'];

  const log = (forge: Forgery) => ({ 'GET /api/family/log': showLog(notary, forge) });
  const feed = (make: (all: Collection[]) => Collection[]) => ({
    'GET /api/family/collections': showCollections(make),
  });
  const opening = (forge: InvitationForgery) => ({
    'POST /api/family/invites/*/opening': showInvitation(notary, forge),
  });

  /** The run ends with the sentence while the server lies. */
  async function hearsLie(
    who: CliDevice,
    args: readonly string[],
    lies: Readonly<Record<string, Lie>>,
    sentence: RegExp,
  ): Promise<void> {
    const { code, json } = await server.while(lies, () => who.run(...args));
    const message = expect.stringMatching(sentence) as unknown as string;
    expect(json).toMatchObject({ error: { code: 'log-invalid', message } });
    expect(code).toBeGreaterThan(0);
  }

  /** And it passes when the server does not. */
  async function refuses(...run: Parameters<typeof hearsLie>): Promise<void> {
    await hearsLie(...run);
    const [who, args] = run;
    await who.ok(...args);
  }

  beforeAll(async () => {
    scene = await boot('home');
    server = await LyingServer.start(scene.system.address);
    notary = await Notary.of(scene.system);
    house = new Household(scene.folder, server.address);
    ada = await house.found();
    [bruno, dora] = [await house.bring('bruno'), await house.bring('dora')];
    for (const one of [ada, bruno]) await one.ok(...albums);
    [asBruno, asDora] = [await authorOf(bruno), await authorOf(dora)];
    stranger = await signerFromSeed(randomBytes(32));
  }, 3 * minute);
  afterAll(async () => {
    await server?.[Symbol.asyncDispose]();
    await scene?.[Symbol.asyncDispose]();
  }, minute);

  describe('shows a grant', () => {
    const wrong = /forged or changed: its signature is wrong/;
    type Grant = ReturnType<typeof newest<'granted'>>;

    it.each([
      [
        'that another key signed',
        /not signed by its author's keys/,
        ({ entry }: Grant) => signedBy(stranger, entry),
      ],
      [
        'that says more than what was signed',
        wrong,
        ({ entry, event }: Grant) => altered(entry, { ...event, role: 'manager' }),
      ],
      ['that nobody signed', wrong, ({ entry }: Grant) => unsigned(entry)],
    ])('%s', async (what, sentence, forge) => {
      await house.newAlbum(what, 'bruno');
      const lie = log(async (entries) => {
        const grant = newest(entries, 'granted');
        return replaced(entries, grant.index, await forge(grant));
      });
      await refuses(bruno, albums, lie, sentence);
    });

    it('with a key that the server made, sealed rightly', async () => {
      await house.newAlbum('Planted', 'bruno');
      const { account: id } = asBruno;
      const key = { collection: '', epoch: 1, key: randomBytes(32) };
      let sealedKey: Uint8Array<ArrayBuffer>;
      const lies = {
        ...log(async (entries) => {
          const { kem } = entriesOf(entries, 'member-joined').find(
            ({ event }) => event.account === id,
          )!.event;
          const { collection } = newest(entries, 'granted').event;
          sealedKey = (await sealGrant({ ...key, collection }, 'album', { id, kem })).sealedKey;
          return entries;
        }),
        ...feed((all) => [{ ...newestAlbum(all), sealedKey }]),
      };
      await refuses(bruno, albums, lies, /another key of an album than the one that was signed for/);
    });

    it('by which a viewer of an album makes somebody else its manager', async () => {
      await house.newAlbum('Overstepped', 'bruno');
      const { account: grantee } = asDora;
      const lie = log((entries) => {
        const { event } = newest(entries, 'granted');
        const [first] = entriesOf(entries, 'granted').filter((one) => one.event.grantee === grantee);
        const { granteeIdentity } = first?.event ?? event;
        return followedBy(entries, asBruno, { ...event, grantee, granteeIdentity, role: 'manager' });
      });
      await refuses(dora, albums, lie, /shared an album without the right to do so/);
    });

    it('by which a viewer of an album makes themselves its manager', async () => {
      await house.newAlbum('Climbed', 'bruno');
      const sealedKeyHash = randomBytes(32);
      const lie = log((entries) => {
        const { event } = newest(entries, 'granted');
        return followedBy(entries, asBruno, { ...event, sealedKeyHash, role: 'manager' });
      });
      await refuses(ada, albums, lie, /shared an album without the right to do so/);
    });
  });

  describe('shows again what was true before', () => {
    const taken: Collection[] = [];

    beforeAll(async () => {
      await house.newAlbum('Lent', 'dora');
      await house.share('Lent', 'bruno');
      await server.while(
        feed((all) => {
          taken.push(newestAlbum(all));
          return [];
        }),
        () => dora.ok(...albums),
      );
      await ada.ok('album', 'unshare', 'Lent', '--with', 'dora@example.org');
      for (const one of [bruno, dora]) await one.ok(...albums);
    }, minute);

    it('a grant that was taken back, in the log', async () => {
      const lie = log((entries) => {
        const own = entriesOf(entries, 'granted').filter(({ event }) => event.grantee === asDora.account);
        return [...entries, own.at(-1)?.entry ?? new Uint8Array()];
      });
      await refuses(dora, albums, lie, /not at its place: entries were left out, repeated/);
    });

    it('a sealed key that was taken back', async () => {
      const lie = feed(() => taken);
      await refuses(dora, albums, lie, /never given, or was taken back/);
    });

    it('the sealed key of an earlier epoch as that of the newest', async () => {
      const lie = feed((all) => {
        const of = all.filter(({ collectionId }) => collectionId === taken[0]?.collectionId);
        const [first, second] = [1, 2].map((epoch) => of.find((row) => row.epoch === epoch));
        if (!first || !second) throw new Error('the album does not have two keys');
        return [{ ...second, sealedKey: first.sealedKey }];
      });
      await refuses(bruno, albums, lie, /another key of an album than the one that was signed for/);
    });

    it('the sealed key of one album as that of another', async () => {
      const lie = feed((all) => {
        const [one, other] = all.filter(({ kind, epoch }) => kind === 'album' && epoch === 1);
        if (!one || !other) throw new Error('there are no two albums');
        return [{ ...one, collectionId: other.collectionId }];
      });
      await refuses(bruno, albums, lie, /stands elsewhere in the family log, or nowhere/);
    });

    it('the whole log, to somebody who has seen more', async () => {
      await refuses(bruno, albums, log(earlier), /this device has seen \d+: it was rolled back/);
    });

    it('the log of before, under the head of now', async () => {
      await house.newAlbum('Hidden', 'bruno');
      await refuses(
        bruno,
        albums,
        { 'GET /api/family/log': holdBack },
        /holds entries of the family log back/,
      );
    });
  });

  describe('shows another history', () => {
    it.each([
      ['as long as the true one', 0, historyChanged],
      ['longer than the true one', 1, /vouches for another history/],
    ])('%s', async (_, longer, sentence) => {
      const lie = log((entries) => forkOf(entries, asDora, entries.length + longer));
      await refuses(bruno, albums, lie, sentence);
    });

    it('under a head that another installation signed', async () => {
      const other = await notary.impostor();
      const lie = { 'GET /api/family/log': showLog(other, (entries) => entries) };
      await refuses(bruno, albums, lie, /not signed by the key of this installation/);
    });

    it('under a head of a new key that the old one did not hand over to', async () => {
      const other = await notary.impostor();
      const lies = {
        'GET /api/family/log': showLog(other, (entries) => entries),
        'GET /api/family/log-key': showHandover(other),
      };
      await refuses(bruno, albums, lies, /not signed by the key of this installation/);
    });
  });

  describe('lies about an invite', () => {
    let erik: CliDevice;
    let link: string;
    let accept: string[];

    beforeAll(async () => {
      erik = house.device('erik');
      link = await house.invite();
      accept = house.join('erik', link);
    }, minute);

    /** The run without a lie comes last: a link works once. */
    const refusesLink = (lies: Readonly<Record<string, Lie>>, sentence: RegExp) =>
      hearsLie(erik, accept, lies, sentence);

    it('with other keys of the owner, in a family of its own making', async () => {
      const { head } = decodeInviteLink(link);
      const owner = (await authorOf(ada)).account;
      await refusesLink(
        opening((shown) => swappedFamily(shown, owner, head.size)),
        historyChanged,
      );
    });

    it('with other keys of the invite', async () => {
      const lie = opening(async ({ entries, sealedKeys }) => {
        const { index, entry, event } = newest(entries, 'invite-created');
        const swapped = await signedBy(stranger, entry, { ...event, sign: stranger.publicKey });
        return { entries: replaced(entries, index, swapped), sealedKeys };
      });
      await refusesLink(lie, /not signed by its author's keys/);
    });

    it('with a log from before it', async () => {
      const lie = opening(async (shown) => ({ ...shown, entries: await earlier(shown.entries) }));
      await refusesLink(lie, /the invite was made when it had \d+: it was rolled back/);
    });

    it('with another key of the family, sealed rightly to the invite', async () => {
      await refusesLink(opening(plantedKey), /another key of an album than the one that was signed for/);
    });

    it('and lets the invited one join by the same link when it does not', async () => {
      await erik.ok(...accept);
    });

    it('with other keys of the one who joined by it', async () => {
      const lie = log(async (entries) => {
        const { index, entry, event } = newest(entries, 'member-joined');
        const swapped = await signedBy(stranger, entry, { ...event, sign: stranger.publicKey });
        return replaced(entries, index, swapped);
      });
      await refuses(ada, ['family', 'ls'], lie, /joined with keys that the invite does not vouch for/);
    });
  });
});
