import { newId, type AccountId, type CollectionId } from '@heirloom/contracts';
import { randomBytes, sealGrant } from '@heirloom/crypto';
import { headOf } from '@heirloom/formats';
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import type { Profile } from '../account/profile.ts';
import { addToAlbum } from '../albums/album-items.ts';
import {
  flipped,
  onLog,
  onRows,
  otherHead,
  swapped,
  toText,
  type Item,
  type LogPage,
  type Row,
} from '../testing/lies.spec-helper.ts';
import { MemoryProfile } from '../testing/memory-stores.spec-helper.ts';
import { Dweller, RealHome, type Tamper } from '../testing/real-home.spec-helper.ts';
import { removeMember } from './members.ts';
import { shareAlbum, unshareAlbum } from './sharing.ts';

/** Somebody on the wire, or a dishonest server: each lie is refused, and without it the same thing works. */
describe('what a server says of a family', () => {
  let home: RealHome;
  let ada: Dweller;
  let bruno: Dweller;
  let album: string;
  let guests = 0;
  const honest: Tamper = (_request, answer) => answer;

  beforeAll(async () => {
    home = await RealHome.start();
    ada = await home.owner('Ada');
    bruno = await ada.bring('Bruno');
    const summer = await ada.vault.albums.create('Summer');
    album = summer.albumId;
    const { photo } = await ada.store('one.raw');
    await addToAlbum(ada.vault, summer, [photo]);
    await shareAlbum(ada.vault, summer, bruno.id, 'contributor');
  });
  afterEach(() => {
    home.tamper = honest;
  });
  afterAll(async () => home?.[Symbol.asyncDispose]());

  /** Another device of Bruno that has seen nothing yet but knows its installation. */
  function freshDevice(): Dweller {
    const device = new Dweller(home, 'Bruno');
    device.profile.profile = new MemoryProfile(bruno.profile.profile as Profile).profile;
    return device;
  }

  const lies: Record<string, [tamper: () => Promise<Tamper> | Tamper, sentence: RegExp]> = {
    'a forged grant: a key that the server made': [
      async () => {
        const { kem } = bruno.vault.account.identity.public;
        const key = { collection: album, epoch: 1, key: randomBytes(32) };
        const { sealedKey } = await sealGrant(key, 'album', { id: bruno.id, kem });
        return onRows((rows) =>
          rows.map((row) => (row.collectionId === album ? { ...row, sealedKey: toText(sealedKey) } : row)),
        );
      },
      /another key of an album than the one that was signed for/,
    ],
    'an unsigned grant: of an album that no entry gives': [
      () =>
        onRows((rows) => [
          ...rows,
          ...rows.slice(0, 1).map((row) => ({ ...row, collectionId: newId() as string })),
        ]),
      /does not give: it was never given/,
    ],
    'a grant that stands elsewhere in the log': [
      () => onRows((rows) => rows.map((row) => ({ ...row, grantIndex: row.grantIndex + 1 }))),
      /stands elsewhere in the family log/,
    ],
    'a log with a role changed': [
      () =>
        onLog((page) => ({
          ...page,
          entries: page.entries.map(({ index, entry }) => ({
            index,
            entry: swapped(entry, (event) =>
              event.kind === 'granted' && (event.grantee as AccountId) === bruno.id && event.scope === 'album'
                ? { ...event, role: 'manager' }
                : null,
            ),
          })),
        })),
      /forged or changed: its signature is wrong/,
    ],
    "a log with somebody's public key swapped": [
      () =>
        onLog((page) => ({
          ...page,
          entries: page.entries.map(({ index, entry }) => ({
            index,
            entry: swapped(entry, (event) =>
              event.kind === 'family-created' ? { ...event, kem: new Uint8Array(1216) } : null,
            ),
          })),
        })),
      /signature is wrong/,
    ],
    'a log with an entry left out': [
      () => onLog((page) => ({ ...page, entries: page.entries.filter(({ index }) => index !== 4) })),
      /not at its place/,
    ],
    'a log without its end': [
      () => onLog((page) => ({ ...page, entries: page.entries.slice(0, -1) })),
      /holds entries .* back|middle/,
    ],
    'a log whose head another key signed': [
      () =>
        onLog((page) => ({
          ...page,
          checkpoint: page.checkpoint.replace(/[A-Za-z0-9+/]{8}(=*\n)$/, 'AAAAAAAA$1'),
        })),
      /not signed by the key of this installation/,
    ],
  };
  it.each(Object.entries(lies))('is refused: %s', async (_, [make, sentence]) => {
    home.tamper = await make();
    const device = freshDevice();
    await expect(device.open()).rejects.toMatchObject({
      code: 'log-invalid',
      message: expect.stringMatching(sentence),
    });
    home.tamper = honest;
    const vault = await device.open();
    expect((await vault.albums.list()).map(({ name }) => name)).toEqual(['Family vault', 'Summer']);
  });

  it('is refused when the log was rolled back', async () => {
    let old: LogPage | undefined;
    home.tamper = onLog((page) => (old = page));
    await freshDevice().open();
    home.tamper = honest;
    await ada.vault.albums.create('Later');
    await bruno.open();
    home.tamper = onLog((page) => ({ ...(old as LogPage), entries: page.entries.slice(0, 0) }));
    await expect(bruno.open()).rejects.toMatchObject({
      code: 'log-invalid',
      message: expect.stringMatching(/rolled back/),
    });
    home.tamper = honest;
    await bruno.open();
  });

  it('is refused when the owner is said to have no family', async () => {
    home.refuse = { request: /\/family\/mine$/, code: 'no-family' };
    await expect(ada.open()).rejects.toMatchObject({
      code: 'log-invalid',
      message: expect.stringMatching(/hides its log or has lost it/),
    });
    home.refuse = null;
    await ada.open();
  });

  it('is refused when a grant is replayed that was taken back', async () => {
    const rows: Row[] = [];
    home.tamper = onRows((all) => {
      rows.push(...all.filter(({ collectionId }) => collectionId === album));
      return all;
    });
    await freshDevice().open();
    home.tamper = honest;
    await unshareAlbum(ada.vault, await ada.vault.albums.named('Summer'), bruno.id);
    const replay = onRows((all) => [...all.filter(({ collectionId }) => collectionId !== album), ...rows]);
    home.tamper = replay;
    await expect(freshDevice().open()).rejects.toMatchObject({
      code: 'log-invalid',
      message: expect.stringMatching(/was taken back/),
    });
    home.tamper = honest;
    expect((await (await freshDevice().open()).albums.list()).map(({ name }) => name)).not.toContain(
      'Summer',
    );
    await shareAlbum(ada.vault, await ada.vault.albums.named('Summer'), bruno.id, 'contributor');
    // What was given back is a newer key: the old grant stays refused.
    home.tamper = replay;
    await expect(freshDevice().open()).rejects.toMatchObject({ code: 'log-invalid' });
  });

  it('is noticed when a key is held back', async () => {
    home.tamper = onRows((rows) => rows.filter(({ collectionId }) => collectionId !== album));
    const { albums } = await freshDevice().open();
    await expect(albums.named(album)).rejects.toMatchObject({
      code: 'damaged',
      message: expect.stringMatching(/holds it back/),
    });
  });

  it.each([
    [
      'another wrap than was signed for',
      (item: Item) => ({ ...item, wrappedFileKey: toText(randomBytes(60)) }),
      /not the one that somebody signed for/,
    ],
    [
      'a signature that is none',
      (item: Item) => ({ ...item, statement: flipped(item.statement) }),
      /signature|statement|not sign/i,
    ],
  ])('of an item of an album is noticed: %s', async (_, change, sentence) => {
    const device = freshDevice();
    home.tamper = (request, answer: { entries: { kind: string; item?: Item }[] }) =>
      request.endsWith('/feed')
        ? {
            ...answer,
            entries: answer.entries.map((one) => (one.item ? { ...one, item: change(one.item) } : one)),
          }
        : answer;
    expect(Object.values(await device.get('Summer'))).toEqual([expect.stringMatching(sentence)]);
    home.tamper = honest;
    expect(Object.keys(await device.get('Summer'))).toEqual(['one.raw']);
  });

  it.each([
    [
      'whose public key was swapped in the log',
      (page: LogPage) => ({
        ...page,
        entries: page.entries.map(({ index, entry }) => ({
          index,
          entry: swapped(entry, (event) =>
            event.kind === 'invite-created' ? { ...event, kem: new Uint8Array(1216) } : null,
          ),
        })),
      }),
      /signature is wrong/,
    ],
    [
      'whose keys were swapped',
      (page: LogPage) => ({
        ...page,
        sealedKeys: page.sealedKeys?.map((one) => ({ ...one, sealedKey: toText(randomBytes(1168)) })),
      }),
      /another key of an album than the one that was signed for/,
    ],
    [
      'with the log of another family',
      null,
      /not those of the head|history was changed|not signed by the key|rolled back/,
    ],
  ])('of an invite is refused %s, and nobody joins', async (_, change, sentence) => {
    const link = await ada.invite();
    const carla = new Dweller(home, `Guest ${(guests += 1)}`);
    if (change) home.tamper = onLog(change as (page: LogPage) => LogPage);
    const wrong = change ? link : otherHead(link);
    const size = headOf(ada.vault.log.state).size;
    await expect(carla.accept(wrong)).rejects.toMatchObject({
      code: 'log-invalid',
      message: expect.stringMatching(sentence),
    });
    home.tamper = honest;
    expect(carla.profile.profile).toBeNull();
    await ada.open();
    expect(headOf(ada.vault.log.state).size).toBe(size);
    await carla.accept(link);
    await removeMember(ada.vault, { accountId: carla.id });
  });

  it('is refused by whoever was shown a fork, on their next look', async () => {
    await bruno.open();
    const kept = bruno.log.kept;
    if (!kept) throw new Error('there is no log');
    const [first, ...rest] = kept.entries;
    bruno.log.kept = { ...kept, entries: [new Uint8Array(first ?? []).fill(1, 10, 20), ...rest] };
    await expect(bruno.open()).rejects.toMatchObject({ code: 'damaged' });
    bruno.log.kept = kept;
    await bruno.open();
    expect(await bruno.vault.albums.keyOf(album as CollectionId)).not.toBeNull();
  });
});
