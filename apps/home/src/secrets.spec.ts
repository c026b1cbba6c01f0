import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { DataFolderBusyError, lockDataFolder } from './lock.ts';
import { keepSecret } from './secrets.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(path.join(os.tmpdir(), 'heirloom-home-spec-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

describe('a secret', () => {
  it('is made once and stays the same', async () => {
    let made = 0;
    const make = () => `value ${(made += 1)}`;
    expect(await keepSecret(path.join(folder, 'secrets'), 'NAME', make)).toBe('value 1');
    expect(await keepSecret(path.join(folder, 'secrets'), 'NAME', make)).toBe('value 1');
    expect(made).toBe(1);
  });

  it('can be read by its owner alone', async () => {
    await keepSecret(path.join(folder, 'secrets'), 'NAME', () => 'value');
    expect((await stat(path.join(folder, 'secrets'))).mode & 0o777).toBe(0o700);
    expect((await stat(path.join(folder, 'secrets/NAME'))).mode & 0o777).toBe(0o600);
  });
});

describe('the lock of the data folder', () => {
  const file = () => path.join(folder, 'home.lock');

  it('is free again after its holder let it go', async () => {
    const held = await lockDataFolder(file(), folder);
    await held[Symbol.asyncDispose]();
    await using again = await lockDataFolder(file(), folder);
    expect(again).toBeDefined();
    expect(await readFile(file(), 'utf8')).toBe(String(process.pid));
  });

  it('is taken over from a process that died', async () => {
    await writeFile(file(), '999999999');
    await using taken = await lockDataFolder(file(), folder);
    expect(taken).toBeDefined();
  });

  it('is refused while another Node holds it, with a sentence that names the folder', async () => {
    await writeFile(file(), String(process.ppid));
    const refused = lockDataFolder(file(), folder);
    // The parent of a test worker is the test runner, which is a Node.
    await expect(refused).rejects.toThrow(DataFolderBusyError);
    await expect(lockDataFolder(file(), folder)).rejects.toThrow(folder);
  });
});
