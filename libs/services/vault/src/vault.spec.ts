import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { objectFile } from '@heirloom/blob-store';
import { run } from '@heirloom/service-kit';
import { mkdir, mkdtemp, readFile, readdir, rename, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { eventually, memoryPlaces, sha256, TestVault } from './vault.spec-helper.ts';
import { vaultService } from './vault.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'heirloom-vault-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

describe('the vault', () => {
  it('sets up new directories, and leaves one alone whose disk is away', async () => {
    const directories = ['a', 'b', 'c'].map((id) => ({ id, path: join(folder, id) }));
    for (const { path } of directories) await mkdir(path);
    await using vault = await TestVault.start({ directories });
    const owner = await vault.person();
    const { object } = await vault.store(owner);
    await eventually(async () => (await vault.db.replica.count({ where: { state: 'present' } })) === 3);
    for (const { path } of directories)
      expect(sha256(await readFile(join(path, objectFile(object))))).toBe(object);

    await rename(directories[0]!.path, join(folder, 'away'));
    await mkdir(directories[0]!.path);
    await using again = await vault.second();
    expect(again.port).toBeGreaterThan(0);
    expect(await readdir(directories[0]!.path)).toEqual([]);
    const next = await vault.store(owner);
    expect(next.result).toMatchObject({ status: 'stored', copies: 2 });
  });

  it('fills a location that was added to the configuration', async () => {
    const places = await memoryPlaces('a', 'b');
    await using vault = await TestVault.start({ places });
    const owner = await vault.person();
    const { object } = await vault.store(owner);
    expect(await vault.db.replica.count()).toBe(2);
    vault.places = [...places, ...(await memoryPlaces('new'))];
    await using _second = await vault.second();
    await eventually(async () => {
      const bytes = vault.places[2]!.disk.peek(objectFile(object));
      return bytes !== undefined && sha256(bytes) === object;
    });
    await eventually(async () => (await vault.db.replica.count({ where: { state: 'present' } })) === 3);
  });

  it('does not start with an unclear configuration', async () => {
    const env = {
      HEIRLOOM_VAULT_DATABASE_URL: 'postgres://127.0.0.1:1/none',
      HEIRLOOM_LOCATIONS: JSON.stringify([{ id: 'a', driver: 'directory', path: '/srv/a' }]),
    };
    await expect(run([vaultService], env)).rejects.toThrow(/HEIRLOOM_LOCATIONS: must hold at least as many/);
    await expect(run([vaultService], { ...env, HEIRLOOM_LOCATIONS: '[' })).rejects.toThrow(
      /HEIRLOOM_LOCATIONS/,
    );
    await expect(run([vaultService], {})).rejects.toThrow(/HEIRLOOM_VAULT_DATABASE_URL is not set/);
  });
});
