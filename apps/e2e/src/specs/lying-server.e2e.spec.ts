import path from 'node:path';
import type { Collection } from '@heirloom/contracts';
import { randomBytes, sealGrant, signerFromSeed, type LogAuthor } from '@heirloom/crypto';
import { decodeInviteLink, replayLog } from '@heirloom/formats';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { CliDevice } from '../cli/cli.ts';
import {
  altered,
  earlier,
  entriesOf,
  followedBy,
  newest,
  replaced,
  signedBy,
  unsigned,
  type Bytes,
} from '../proxy/entries.ts';
import { authorOf, newDevice, swappedFamily } from '../proxy/insiders.ts';
import { holdBack, showCollections, showInvitation, showLog, type Forgery } from '../proxy/lies.ts';
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
  let ada: CliDevice;
  let bruno: CliDevice;
  let dora: CliDevice;
  let asBruno: LogAuthor;
  let asDora: LogAuthor;
  let stranger: LogAuthor['signer'];

  const device = (name: string) =>
    new CliDevice(path.join(scene.folder, `${name}/profile`), server.address, `password of ${name}`);
  const invite = async () => (await ada.ok<{ link: string }>('family', 'invite')).link;
  const join = (name: string, link: string) => {
    const email = `${name.toLowerCase()}@example.org`;
    return ['family', 'accept', link, '--name', name, '--email', email];
  };
  const share = (album: string, name: string) =>
    ada.ok('album', 'share', album, '--with', `${name}@example.org`, '--role', 'viewer');
  /** Gives somebody an album of which their device has not heard yet. */
  const newAlbum = async (album: string, name: string) => {
    await ada.ok('album', 'create', album);
    await share(album, name);
  };
  const log = (forge: Forgery) => ({ 'GET /api/family/log': showLog(notary, forge) });
  const feed = (make: (all: Collection[]) => Collection[]) => ({
    'GET /api/family/collections': showCollections(make),
  });
  const opening = (...[forge]: [Parameters<typeof showInvitation>[1]]) => ({
    'POST /api/family/invites/*/opening': showInvitation(notary, forge),
  });

  /** The run ends with the sentence while the server lies, and passes when it does not. */
  async function refuses(
    who: CliDevice,
    args: readonly string[],
    lies: Readonly<Record<string, Lie>>,
    sentence: RegExp,
  ): Promise<void> {
    const { code, json } = await server.while(lies, () => who.run(...args));
    const message = expect.stringMatching(sentence) as unknown as string;
    expect(json).toMatchObject({ error: { code: 'log-invalid', message } });
    expect(code).toBeGreaterThan(0);
    await who.ok(...args);
  }

  beforeAll(async () => {
    scene = await boot('home');
    server = await LyingServer.start(scene.system.address);
    notary = await Notary.of(scene.system);
    [ada, bruno, dora] = [device('ada'), device('bruno'), device('dora')];
    await ada.signUp('Ada', 'ada@example.org');
    await bruno.ok(...join('Bruno', await invite()));
    await dora.ok(...join('Dora', await invite()));
    for (const one of [ada, bruno]) await one.ok(...albums);
    asBruno = await authorOf(bruno);
    asDora = await authorOf(dora);
    stranger = await signerFromSeed(randomBytes(32));
  }, 3 * minute);
  afterAll(async () => {
    await server?.[Symbol.asyncDispose]();
    await scene?.[Symbol.asyncDispose]();
  }, minute);

  describe('shows a grant', () => {
    it('that another key signed', async () => {
      await newAlbum('Forged', 'bruno');
      const lie = log(async (entries) => {
        const { index, entry } = newest(entries, 'granted');
        return replaced(entries, index, await signedBy(stranger, entry));
      });
      await refuses(bruno, albums, lie, /not signed by its author's keys/);
    });

    it('that says more than what was signed', async () => {
      await newAlbum('Changed', 'bruno');
      const lie = log((entries) => {
        const { index, entry, event } = newest(entries, 'granted');
        return replaced(entries, index, altered(entry, { ...event, role: 'manager' }));
      });
      await refuses(bruno, albums, lie, /forged or changed: its signature is wrong/);
    });

    it('that nobody signed', async () => {
      await newAlbum('Unsigned', 'bruno');
      const lie = log((entries) => {
        const { index, entry } = newest(entries, 'granted');
        return replaced(entries, index, unsigned(entry));
      });
      await refuses(bruno, albums, lie, /forged or changed: its signature is wrong/);
    });

    it('with a key that the server made, sealed rightly', async () => {
      await newAlbum('Planted', 'bruno');
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
      await newAlbum('Overstepped', 'bruno');
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
      await newAlbum('Climbed', 'bruno');
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
      await newAlbum('Lent', 'dora');
      await share('Lent', 'bruno');
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
      await refuses(
        dora,
        albums,
        feed(() => taken),
        /never given, or was taken back/,
      );
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
      await newAlbum('Hidden', 'bruno');
      await refuses(
        bruno,
        albums,
        { 'GET /api/family/log': holdBack },
        /holds entries of the family log back/,
      );
    });
  });

  describe('shows another history', () => {
    /** A log that follows all rules, and parts from the true one before its newest change. */
    const fork = async (entries: readonly Bytes[], longer: number) => {
      let other = await earlier(entries);
      while (other.length < entries.length + longer)
        other = await followedBy(other, asDora, newDevice(asDora.account));
      await replayLog(newest(entries, 'family-created').family, other);
      return other;
    };

    it.each([
      ['as long as the true one', 0, historyChanged],
      ['longer than the true one', 1, /vouches for another history/],
    ])('%s', async (_, longer, sentence) => {
      const lie = log((entries) => fork(entries, longer));
      await refuses(bruno, albums, lie, sentence);
    });

    it('under a head that another installation signed', async () => {
      const other = await notary.impostor();
      const lie = { 'GET /api/family/log': showLog(other, (entries) => entries) };
      await refuses(bruno, albums, lie, /not signed by the key of this installation/);
    });
  });

  describe('lies about an invite', () => {
    let erik: CliDevice;
    let link: string;
    let accept: string[];

    beforeAll(async () => {
      erik = device('erik');
      link = await invite();
      accept = join('Erik', link);
    }, minute);

    /** As {@link refuses}, without the true run, which comes last: a link works once. */
    const refusesLink = async (lies: Readonly<Record<string, Lie>>, sentence: RegExp) => {
      const { code, json } = await server.while(lies, () => erik.run(...accept));
      const message = expect.stringMatching(sentence) as unknown as string;
      expect(json).toMatchObject({ error: { code: 'log-invalid', message } });
      expect(code).toBeGreaterThan(0);
    };

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
      const lie = opening(async ({ entries, sealedKeys }) => ({
        entries: await earlier(entries),
        sealedKeys,
      }));
      await refusesLink(lie, /the invite was made when it had \d+: it was rolled back/);
    });

    it('with another key of the family, sealed rightly to the invite', async () => {
      const lie = opening(async ({ entries, sealedKeys }) => {
        const { invite: id, kem } = newest(entries, 'invite-created').event;
        const { family } = newest(entries, 'family-created');
        const { epoch } = sealedKeys.find(({ collectionId }) => (collectionId as string) === family) ?? {};
        const key = { collection: family, epoch: epoch ?? 1, key: randomBytes(32) };
        const { sealedKey } = await sealGrant(key, 'family', { id, kem });
        const swap = (row: (typeof sealedKeys)[number]) =>
          (row.collectionId as string) === family ? { ...row, sealedKey } : row;
        return { entries, sealedKeys: sealedKeys.map(swap) };
      });
      await refusesLink(lie, /another key of an album than the one that was signed for/);
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

/** The row of the album that was given last. */
function newestAlbum(all: readonly Collection[]): Collection {
  const row = all.filter(({ kind, removed }) => kind === 'album' && !removed).at(-1);
  if (!row) throw new Error('there is no album');
  return row;
}
