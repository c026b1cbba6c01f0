import { randomBytes } from 'node:crypto';
import { newId, type DeviceId } from '@heirloom/contracts';
import { digestSource } from '@heirloom/crypto';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { openAccount } from '../account/account.ts';
import type { Profile } from '../account/profile.ts';
import { addToAlbum } from '../albums/album-items.ts';
import type { localServer } from '../testing/local-server.spec-helper.ts';
import {
  MemoryIndex,
  MemoryJournal,
  MemoryLog,
  MemoryProfile,
} from '../testing/memory-stores.spec-helper.ts';
import { TinyHome } from '../testing/tiny-home.spec-helper.ts';
import { Uploader } from '../upload/uploader.ts';
import { downloadOriginal } from './download.ts';
import { Vault } from './vault.ts';
import { verifyPhoto } from './verify.ts';

let home: TinyHome;
let server: Awaited<ReturnType<typeof localServer>>;
let profile: Profile;

beforeEach(async () => {
  home = await TinyHome.create();
  server = await home.listen();
  profile = home.profile(server.origin);
});
afterEach(() => server[Symbol.asyncDispose]());

const openVault = async (who = profile, index = new MemoryIndex(), log = new MemoryLog()) =>
  await Vault.open(await openAccount(new MemoryProfile(who)), { index, log });

const otherDevice = () =>
  openVault({
    ...profile,
    deviceId: newId<DeviceId>(),
    deviceSeed: randomBytes(32),
    localKey: randomBytes(32),
  });

async function storeSome(vault: Vault, count: number): Promise<void> {
  const uploader = new Uploader(vault, { journal: new MemoryJournal() });
  for (let i = 0; i < count; i++) {
    const bytes = new Uint8Array(randomBytes(2000 + i));
    const digest = await digestSource(bytes);
    const { outcome } = await uploader.send({
      digest,
      async *original() {
        await Promise.resolve();
        yield bytes;
      },
      describe: () =>
        Promise.resolve({
          metadata: {
            name: `${i}.bin`,
            mediaType: 'application/octet-stream',
            size: digest.size,
            sha256: digest.sha256,
          },
        }),
    });
    expect((await outcome).status).toBe('stored');
  }
}

const names = async (index: { all(): Promise<{ metadata: { name: string } | null }[]> }) =>
  (await index.all()).map((photo) => photo.metadata?.name);

describe('Vault', () => {
  it('shows another device all photos, page by page, and only what is new afterwards', async () => {
    const first = await openVault();
    await storeSome(first, 7);
    const second = await otherDevice();
    await second.syncLibrary();
    expect(await names(second.library)).toEqual([
      '0.bin',
      '1.bin',
      '2.bin',
      '3.bin',
      '4.bin',
      '5.bin',
      '6.bin',
    ]);
    const before = home.requests.length;
    await second.syncLibrary();
    expect(home.requests.length - before).toBe(1);
  });

  it('begins again when the catalogue was rebuilt', async () => {
    const vault = await openVault();
    await storeSome(vault, 4);
    await vault.syncLibrary();
    home.feeds.get(vault.libraryId)?.shift();
    Object.assign(home, { incarnation: '8c9d3f0e-6a5e-4f8e-9d55-0a8f2c7c9d10' });
    await vault.syncLibrary();
    expect(await names(vault.library)).toEqual(['1.bin', '2.bin', '3.bin']);
  });

  it('keeps albums with their names, and shows another device what is in them', async () => {
    const vault = await openVault();
    await storeSome(vault, 3);
    const album = await vault.albums.create('  Summer 2026 ');
    const [one, two] = await vault.library.all();
    if (!one || !two) throw new Error('there are no photos');
    await addToAlbum(vault, album, [one, two]);
    const second = await otherDevice();
    await second.albums.sync();
    expect((await second.albums.list()).map(({ name, role }) => [name, role])).toEqual([
      ['Summer 2026', 'manager'],
    ]);
    const index = await second.syncAlbum(await second.albums.named('Summer 2026'));
    expect(await names(index)).toEqual(['0.bin', '1.bin']);
    await expect(second.albums.named('Winter')).rejects.toMatchObject({ code: 'not-found' });
    await expect(vault.albums.create(' ')).rejects.toMatchObject({ code: 'bad-request' });
  });

  it('refuses a key that nobody granted', async () => {
    const vault = await openVault();
    await vault.albums.create('Summer');
    const [row] = home.collections;
    if (!row) throw new Error('there is no collection');
    home.collections.push({ ...row, collectionId: newId() });
    const second = await otherDevice();
    await expect(second.albums.sync()).rejects.toMatchObject({
      code: 'log-invalid',
      message: expect.stringMatching(/never given/),
    });
    home.collections.pop();
    await second.albums.sync();
    expect(await second.albums.list()).toHaveLength(1);
  });

  it('notices an item that somebody else put into an album', async () => {
    const vault = await openVault();
    await storeSome(vault, 2);
    const album = await vault.albums.create('Summer');
    const [one, two] = await vault.library.all();
    if (!one || !two) throw new Error('there are no photos');
    await addToAlbum(vault, album, [one, two]);
    const [first, second] = home.feeds.get(album.albumId) ?? [];
    if (first?.kind === 'item' && second?.kind === 'item')
      Object.assign(first.item, { statement: second.item.statement });
    const reader = await otherDevice();
    await reader.albums.sync();
    const index = await reader.syncAlbum(album);
    expect((await index.all()).map((photo) => photo.problem !== null)).toEqual([true, false]);
  });

  it('notices swapped, cut and flipped objects, each with what is wrong', async () => {
    const vault = await openVault();
    await storeSome(vault, 2);
    const [one, two] = await vault.library.all();
    if (!one || !two) throw new Error('there are no photos');
    const good = home.objects.get(one.version) ?? Buffer.alloc(0);
    const damaged = { code: expect.stringMatching(/^(damaged|object-malformed)$/) };
    const other = home.objects.get(two.version) ?? Buffer.alloc(0);
    const flipped = Buffer.from(good);
    flipped[300] = (flipped[300] ?? 0) ^ 4;
    for (const bad of [flipped, Buffer.concat([good.subarray(0, -1), Buffer.of(0)]), other]) {
      home.objects.set(one.version, bad);
      await expect(verifyPhoto(vault, one)).rejects.toMatchObject(damaged);
    }
    home.objects.set(one.version, flipped);
    const read = async () => {
      for await (const piece of downloadOriginal(vault, one)) void piece;
    };
    home.objects.set(one.version, other);
    await expect(read()).rejects.toMatchObject(damaged);
    home.objects.set(one.version, good);
    await expect(verifyPhoto(vault, one)).resolves.toBe(good.length);
    await expect(read()).resolves.toBeUndefined();
  });

  it('keeps nothing readable in its index', async () => {
    const index = new MemoryIndex();
    const vault = await openVault(profile, index);
    await storeSome(vault, 1);
    const [photo] = await vault.library.all();
    const everything = Buffer.concat(
      [...index.feeds.values()].flatMap(({ rows }) =>
        [...rows.values()].flatMap((row) => [row.sealed, row.contentKey ?? new Uint8Array()]),
      ),
    );
    expect(everything.includes('0.bin')).toBe(false);
    expect(everything.includes(Buffer.from(photo?.metadata?.sha256 ?? 'none'))).toBe(false);
    expect(everything.includes(Buffer.from(photo?.fileKey ?? 'none'))).toBe(false);
  });
});
