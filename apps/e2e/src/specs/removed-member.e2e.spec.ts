import { cp, mkdir } from 'node:fs/promises';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { CliDevice } from '../cli/cli.ts';
import { Household } from '../proxy/household.ts';
import { profileOf } from '../proxy/insiders.ts';
import { contentsOf, makeJpeg, sha256File } from '../samples/samples.ts';
import { boot, type Scene } from '../system/boot.ts';
import { keysIn, keysSealedTo } from '../thief/stolen-keys.ts';
import { recordsOf, type ItemRow } from '../thief/stolen-records.ts';
import { breakOpen } from '../thief/thief.ts';

const minute = 60_000;
/** How many uploads are sent one after the other while somebody is removed. */
const racing = 8;

/**
 * Somebody is removed who kept all their keys, and who gets hold of everything that lies on the server: ciphertext and
 * wraps. Told in order.
 */
describe('a removed member with all keys of before, all ciphertext and all wraps', () => {
  let scene: Scene;
  let ada: CliDevice;
  let laptop: CliDevice;
  let kept: string;
  /** SHA-256 of the originals, by when they were sent. */
  const photos: Record<'before' | 'racing' | 'after', string[]> = { before: [], racing: [], after: [] };
  let closedFrom = 0;

  const file = (name: string) => path.join(scene.folder, 'photos', `${name}.jpg`);
  async function photo(name: string, seed: number): Promise<string> {
    await makeJpeg(file(name), seed);
    return await sha256File(file(name));
  }
  const backup = (device: CliDevice, name: string) => device.ok('backup', file(name), '--album', 'Holidays');

  /** What the removed one makes of every item of the album. */
  async function loot(): Promise<{ item: ItemRow; original: string | null }[]> {
    const { items, sealedKeys } = await recordsOf(scene.system);
    const keys = [
      ...(await keysIn(kept)),
      ...(await keysSealedTo(await profileOf({ home: kept }), sealedKeys)),
    ];
    return await Promise.all(
      items.map(async (item) => ({ item, original: await breakOpen(scene.system, item, keys) })),
    );
  }
  const opened = (all: Awaited<ReturnType<typeof loot>>) =>
    all.flatMap(({ original }) => (original === null ? [] : [original])).sort();

  beforeAll(async () => {
    scene = await boot('home');
    await mkdir(path.join(scene.folder, 'photos'));
    const house = new Household(scene.folder, scene.system.address);
    ada = await house.found();
    for (const [seed, name] of ['first', 'second'].entries()) {
      photos.before.push(await photo(name, seed));
      await backup(ada, name);
    }
    const bruno = await house.bring('bruno');
    await house.share('Holidays', 'bruno', 'contributor');
    await bruno.ok('get', '--all', '--album', 'Holidays', '--to', path.join(scene.folder, 'got'));
    expect(await contentsOf(path.join(scene.folder, 'got'))).toEqual([...photos.before].sort());
    laptop = new CliDevice(path.join(scene.folder, 'laptop'), scene.system.address, ada.password);
    await laptop.logIn('ada@example.org', 'laptop');
    kept = path.join(scene.folder, 'kept');
    await cp(bruno.home, kept, { recursive: true });
  }, 3 * minute);
  afterAll(async () => scene?.[Symbol.asyncDispose](), minute);

  it('opens what was there', async () => {
    expect(opened(await loot())).toEqual([...photos.before].sort());
  });

  it('is removed while uploads are under way', async () => {
    for (let i = 0; i < racing; i++) photos.racing.push(await photo(`racing-${i}`, 100 + i));
    const uploads = (async () => {
      for (let i = 0; i < racing; i++) await backup(laptop, `racing-${i}`);
    })();
    const removal = ada
      .ok<{ status: string }>('family', 'remove', 'bruno@example.org')
      .then(({ status }) => ({ status, at: Date.now() }));
    const [{ status, at }] = await Promise.all([removal, uploads]);
    expect(status).toBe('effective');
    closedFrom = at;
  });

  it('opens nothing that was added after the removal, also by an upload that raced it', async () => {
    photos.after.push(await photo('after', 200));
    await backup(ada, 'after');
    const all = await loot();
    expect(all).toHaveLength(photos.before.length + racing + photos.after.length);
    const later = all.filter(({ item }) => item.addedAt >= closedFrom);
    expect(later.length).toBeGreaterThan(photos.after.length);
    expect(opened(later)).toEqual([]);
    // What opens was stored under the key of before, and before whatever was stored under the new one.
    const old = all.filter(({ item }) => item.epoch === 1);
    expect(opened(all)).toEqual(opened(old));
    expect(opened(old)).toHaveLength(old.length);
    expect(opened(old)).toEqual(expect.arrayContaining(photos.before));
    const firstNew = Math.min(...all.filter(({ item }) => item.epoch > 1).map(({ item }) => item.addedAt));
    expect(Math.max(...old.map(({ item }) => item.addedAt))).toBeLessThanOrEqual(firstNew);
  });

  it('is the only one: with the key of now, the same attempt opens everything', async () => {
    const { items, sealedKeys } = await recordsOf(scene.system);
    const keys = await keysSealedTo(await profileOf(ada), sealedKeys);
    const originals = await Promise.all(items.map((item) => breakOpen(scene.system, item, keys)));
    expect(originals.sort()).toEqual([...photos.before, ...photos.racing, ...photos.after].sort());
  });
});
