import { mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { newId, type AccountId, type DeviceId, type LibraryId } from '@heirloom/contracts';
import type { Profile } from '@heirloom/client';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { profileFolder } from './profile-folder.ts';
import { ProfileOnDisk } from './profile.ts';

let home = '';
beforeEach(async () => (home = await mkdtemp(path.join(tmpdir(), 'heirloom-home-'))));
afterEach(() => rm(home, { recursive: true, force: true }));

const key = new Uint8Array(32).fill(7);
const keys: Profile = {
  format: 1,
  server: 'http://localhost:8080',
  email: 'anna@example.org',
  name: 'Anna',
  accountId: newId<AccountId>(),
  deviceId: newId<DeviceId>(),
  deviceSeed: key,
  identity: { signSeed: key, kemSeed: key },
  libraries: [{ libraryId: newId<LibraryId>(), epoch: 1, key }],
  localKey: key,
  logKey: 'key',
  tokens: { access: 'a', accessUntil: 1, refresh: 'r' },
};

describe('a profile on disk', () => {
  it('keeps its secrets for its owner, in a folder for its owner', async () => {
    const folder = path.join(home, 'deep', 'profile');
    using profile = await ProfileOnDisk.open(folder, { patienceMs: 0 });
    expect(await profile.load()).toBeNull();
    await profile.save(keys);
    expect(await profile.load()).toEqual(keys);
    expect((await stat(folder)).mode & 0o777).toBe(0o700);
    for (const name of await readdir(folder))
      expect([name, (await stat(path.join(folder, name))).mode & 0o777]).toEqual([name, 0o600]);
  });

  it('is the old one or the new one, whatever was left half written', async () => {
    using profile = await ProfileOnDisk.open(home, { patienceMs: 0 });
    await profile.save(keys);
    await writeFile(path.join(home, 'keys.json.new'), '{"half');
    expect(await profile.load()).toEqual(keys);
    await profile.save({ ...keys, name: 'Bea' });
    expect((await profile.load())?.name).toBe('Bea');
  });

  it('forgets keys and records when it is cleared', async () => {
    using profile = await ProfileOnDisk.open(home, { patienceMs: 0 });
    await profile.save(keys);
    profile.database.seenFiles.note(key, 'stamp', key);
    await profile.clear();
    expect(await profile.load()).toBeNull();
    for (const name of await readdir(home))
      expect((await readFile(path.join(home, name))).includes(Buffer.from(key))).toBe(false);
    expect(profile.database.seenFiles.find(key, 'stamp')).toBeNull();
  });
});

describe('profileFolder', () => {
  it('is HEIRLOOM_HOME, or lies where XDG says', () => {
    expect(profileFolder({ HEIRLOOM_HOME: '/some/where', XDG_DATA_HOME: '/data' })).toBe('/some/where');
    expect(profileFolder({ XDG_DATA_HOME: '/data' })).toBe('/data/heirloom');
    expect(profileFolder({ XDG_DATA_HOME: 'relative' })).toMatch(/\/\.local\/share\/heirloom$/);
    expect(profileFolder({})).toMatch(/\/\.local\/share\/heirloom$/);
  });
});
