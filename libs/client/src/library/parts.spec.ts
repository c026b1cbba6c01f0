import { randomBytes } from 'node:crypto';
import { digestSource } from '@heirloom/crypto';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { openAccount } from '../account/account.ts';
import type { localServer } from '../testing/local-server.spec-helper.ts';
import {
  MemoryIndex,
  MemoryJournal,
  MemoryLog,
  MemoryProfile,
} from '../testing/memory-stores.spec-helper.ts';
import { TinyHome } from '../testing/tiny-home.spec-helper.ts';
import { Uploader } from '../upload/uploader.ts';
import { openPart, partRange, readOriginalRange, readPart, readSealedPart } from './parts.ts';
import type { IndexedPhoto } from './photo.ts';
import { Vault } from './vault.ts';

let home: TinyHome;
let server: Awaited<ReturnType<typeof localServer>>;
let vault: Vault;
let photo: IndexedPhoto;
const original = new Uint8Array(randomBytes(200_000));
const thumbnail = new Uint8Array(randomBytes(5_000));

beforeEach(async () => {
  home = await TinyHome.create();
  server = await home.listen();
  const account = await openAccount(new MemoryProfile(home.profile(server.origin)));
  vault = await Vault.open(account, { index: new MemoryIndex(), log: new MemoryLog() });
  const digest = await digestSource(original);
  const { size, sha256 } = digest;
  const { outcome } = await new Uploader(vault, { journal: new MemoryJournal() }).send({
    digest,
    async *original() {
      await Promise.resolve();
      yield original;
    },
    describe: () =>
      Promise.resolve({ metadata: { name: 'a.bin', mediaType: 'image/jpeg', size, sha256 }, thumbnail }),
  });
  await outcome;
  await vault.syncLibrary();
  [photo] = (await vault.library.all()) as [IndexedPhoto];
});
afterEach(() => server[Symbol.asyncDispose]());

const fetched = () => home.requests.filter((one) => one.endsWith('/object')).length;
const range = async (start: number, end: number) => {
  const pieces: Uint8Array[] = [];
  for await (const piece of readOriginalRange(vault, photo, start, end)) pieces.push(piece);
  return Buffer.concat(pieces);
};
const damage = (label: 'thumbnail' | 'original', at: number) =>
  partRange(vault, photo, label).then((found) => {
    const bytes = home.objects.get(photo.version)!;
    bytes[found!.offset + at]! ^= 1;
  });

describe('a part', () => {
  it('is read by one request, and opened again from its ciphertext by none', async () => {
    const before = fetched();
    expect(await readPart(vault, photo, 'thumbnail')).toEqual(thumbnail);
    expect(fetched() - before).toBe(1);
    const sealed = await readSealedPart(vault, photo, 'thumbnail');
    expect(sealed).toHaveLength((await partRange(vault, photo, 'thumbnail'))!.length);
    const then = fetched();
    expect(await openPart(vault, photo, 'thumbnail', sealed)).toEqual(thumbnail);
    expect(fetched()).toBe(then);
  });

  it('that is not there, damaged, cut or another one is damaged', async () => {
    expect(await partRange(vault, photo, 'preview')).toBeNull();
    const sealed = await readSealedPart(vault, photo, 'thumbnail');
    const damaged = { code: 'damaged' };
    await expect(readPart(vault, photo, 'preview')).rejects.toMatchObject(damaged);
    await expect(openPart(vault, photo, 'thumbnail', sealed.subarray(1))).rejects.toMatchObject(damaged);
    await expect(openPart(vault, photo, 'metadata', sealed)).rejects.toMatchObject(damaged);
    await damage('thumbnail', 100);
    await expect(readPart(vault, photo, 'thumbnail')).rejects.toMatchObject(damaged);
    await expect(
      readPart(vault, { ...photo, trailer: new Uint8Array(50) }, 'thumbnail'),
    ).rejects.toMatchObject(damaged);
    await expect(readPart(vault, { ...photo, fileKey: null }, 'thumbnail')).rejects.toMatchObject(damaged);
  });
});

describe('a range of the original', () => {
  it('is what lies there, by one request once the first was made', async () => {
    for (const [start, end] of [
      [0, 10],
      [16_383, 16_385],
      [100_000, 150_000],
      [199_999, 300_000],
      [5, 5],
    ] as const)
      expect(await range(start, end)).toEqual(Buffer.from(original.subarray(start, end)));
    const before = fetched();
    await range(50_000, 60_000);
    expect(fetched() - before).toBe(1);
    await expect(range(200_001, 200_002)).rejects.toMatchObject({ code: 'range-not-satisfiable' });
    await expect(range(-1, 2)).rejects.toMatchObject({ code: 'range-not-satisfiable' });
  });

  it('is damaged where its own chunks are, and nowhere else', async () => {
    await damage('original', 56 + 16_400 + 10);
    expect(await range(0, 16_384)).toEqual(Buffer.from(original.subarray(0, 16_384)));
    await expect(range(16_384, 16_390)).rejects.toMatchObject({ code: 'damaged' });
  });
});
