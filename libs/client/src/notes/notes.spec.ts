import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { limits, newId, type PhotoId } from '@heirloom/contracts';
import { openAccount } from '../account/account.ts';
import { addToAlbum } from '../albums/album-items.ts';
import { shareAlbum } from '../family/sharing.ts';
import type { IndexedPhoto } from '../library/photo.ts';
import { Vault } from '../library/vault.ts';
import { MemoryIndex, MemoryLog } from '../testing/memory-stores.spec-helper.ts';
import { RealHome, type Dweller } from '../testing/real-home.spec-helper.ts';
import { setCaption, setFavourite } from './notes.ts';

let home: RealHome;
let ada: Dweller;
beforeAll(async () => {
  home = await RealHome.start();
  ada = await home.owner('Ada');
}, 60_000);
afterAll(() => home[Symbol.asyncDispose]());

/** The same person on a device that knows nothing yet. */
const freshDevice = async (of: Dweller) =>
  Vault.open(await openAccount(of.profile), { log: new MemoryLog(), index: new MemoryIndex() });
/** A feed may lag behind by the transactions that are under way. */
async function eventually<T>(
  vault: Vault,
  read: () => Promise<T>,
  wanted: (found: T) => boolean,
): Promise<T> {
  for (let i = 0; ; i++) {
    await vault.syncLibrary();
    const found = await read();
    if (wanted(found) || i === 100) return found;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}
const synced = (
  vault: Vault,
  { photo }: IndexedPhoto,
  wanted: (notes: Awaited<ReturnType<typeof vault.photoNotes.get>>) => boolean,
) => eventually(vault, () => vault.photoNotes.get(photo), wanted);

describe('notes on photos', () => {
  it('reach the person’s other devices, and are merged there', async () => {
    const { photo } = await ada.store('lake.jpg');
    const other = await freshDevice(ada);
    await setCaption(ada.vault, photo.photo, ' Opa am See ');
    await setFavourite(ada.vault, [photo.photo], true);
    const known = { caption: 'Opa am See', favourite: true, hidden: false, problem: null };
    expect(await ada.vault.photoNotes.get(photo.photo)).toEqual(known);
    expect(await synced(other, photo, (notes) => notes?.favourite === true)).toEqual(known);
    // Both write without having heard of each other.
    await setCaption(ada.vault, photo.photo, 'Opa');
    await setFavourite(other, [photo.photo], false);
    expect(await other.photoNotes.get(photo.photo)).toEqual({ ...known, caption: 'Opa', favourite: false });
    await setCaption(other, photo.photo, '');
    expect(await synced(ada.vault, photo, (notes) => notes?.caption === null)).toMatchObject({
      caption: null,
      favourite: false,
    });
    expect((await ada.vault.photoNotes.all()).get(photo.photo)).toMatchObject({ caption: null });
  });

  it('may be on photos of albums, and are the reader’s own', async () => {
    const { photo } = await ada.store('shared.jpg');
    const album = await ada.vault.albums.create('Shared');
    await addToAlbum(ada.vault, album, [photo]);
    const vera = await ada.bring('Vera', { role: 'viewer' });
    await setCaption(ada.vault, photo.photo, 'Adas Wort');
    await expect(setFavourite(vera.vault, [photo.photo], true)).rejects.toMatchObject({ code: 'not-found' });
    await shareAlbum(ada.vault, album, vera.id, 'viewer');
    await new Promise((resolve) => setTimeout(resolve, limits.standingCacheMs));
    await setFavourite(vera.vault, [photo.photo], true);
    expect(await vera.vault.photoNotes.get(photo.photo)).toMatchObject({ favourite: true, caption: null });
    expect(await synced(ada.vault, photo, () => true)).toMatchObject({
      favourite: false,
      caption: 'Adas Wort',
    });
  }, 30_000);

  it('refuse what makes no sense', async () => {
    const { photo } = await ada.store('plain.jpg');
    await expect(
      setCaption(ada.vault, photo.photo, 'x'.repeat(limits.captionCharacters + 1)),
    ).rejects.toMatchObject({ code: 'bad-request' });
    await expect(setCaption(ada.vault, newId<PhotoId>(), 'x')).rejects.toMatchObject({ code: 'not-found' });
    expect(await ada.vault.photoNotes.get(photo.photo)).toBeNull();
  });
});

describe('a server that lies about notes', () => {
  type Entry = { kind: string; notes: { photoId: string; revision: number; record: string } };
  /** Changes the notes that a fresh device is shown. */
  const shown = async (
    device: Vault,
    change: (notes: Entry['notes']) => Partial<Entry['notes']>,
    photo: IndexedPhoto,
  ) => {
    home.tamper = (request, answer) => {
      if (!request.includes('/feed')) return answer;
      const page = answer as { entries: Entry[] };
      for (const entry of page.entries)
        if (entry.kind === 'notes' && entry.notes.photoId === photo.photo)
          Object.assign(entry.notes, change(entry.notes));
      return page;
    };
    try {
      return await synced(device, photo, (notes) => notes !== null && notes.problem !== null);
    } finally {
      home.tamper = (_request, answer) => answer;
    }
  };

  it('is not believed: forged, moved and renumbered notes are told and not shown', async () => {
    const { photo } = await ada.store('one.jpg');
    const { photo: second } = await ada.store('two.jpg');
    await setCaption(ada.vault, photo.photo, 'one');
    await setCaption(ada.vault, second.photo, 'two');
    let other = '';
    home.tamper = (request, answer) => {
      if (request.includes('/feed'))
        for (const entry of (answer as { entries: Entry[] }).entries)
          if (entry.kind === 'notes' && entry.notes.photoId === second.photo) other = entry.notes.record;
      return answer;
    };
    await synced(await freshDevice(ada), second, (notes) => notes !== null);
    const flip = (text: string) =>
      Buffer.from(Buffer.from(text, 'base64url').map((b, i) => (i === 150 ? b ^ 1 : b))).toString(
        'base64url',
      );
    const lies: ((notes: Entry['notes']) => Partial<Entry['notes']>)[] = [
      ({ record }) => ({ record: flip(record) }),
      () => ({ record: other }),
      ({ revision }) => ({ revision: revision + 1 }),
    ];
    for (const lie of lies) {
      const found = await shown(await freshDevice(ada), lie, photo);
      expect(found).toMatchObject({ caption: null, problem: expect.any(String) });
    }
    // A device that knows better keeps what it knows, says so, and heals when the truth comes back.
    const device = await freshDevice(ada);
    await synced(device, photo, (notes) => notes?.caption === 'one');
    await setCaption(ada.vault, photo.photo, 'newer');
    const lie = await shown(device, ({ record }) => ({ record: flip(record) }), photo);
    expect(lie).toMatchObject({ caption: 'one', problem: expect.any(String) });
    await setFavourite(device, [photo.photo], true);
    expect(await device.photoNotes.get(photo.photo)).toMatchObject({ favourite: true, problem: null });
  });

  it('cannot show an older one for the newest', async () => {
    const { photo } = await ada.store('old.jpg');
    await setCaption(ada.vault, photo.photo, 'first');
    let first: Entry['notes'] | undefined;
    home.tamper = (request, answer) => {
      if (request.includes('/feed'))
        for (const entry of (answer as { entries: Entry[] }).entries)
          if (entry.kind === 'notes' && entry.notes.photoId === photo.photo) first ??= { ...entry.notes };
      return answer;
    };
    const device = await freshDevice(ada);
    await synced(device, photo, (notes) => notes?.caption === 'first');
    await setCaption(ada.vault, photo.photo, 'second');
    await synced(device, photo, (notes) => notes?.caption === 'second');
    await setCaption(ada.vault, photo.photo, 'third');
    const found = await shown(device, () => first!, photo);
    expect(found).toMatchObject({ caption: 'second', problem: expect.stringContaining('older') });
  });
});
