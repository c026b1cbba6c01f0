import { createHash } from 'node:crypto';
import { mkdtemp, readdir, readFile, rm, stat, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { RestoreFolder, type WantedFile } from './place-file.ts';

let folder = '';
beforeEach(async () => (folder = await mkdtemp(path.join(tmpdir(), 'heirloom-restore-'))));
afterEach(() => rm(folder, { recursive: true, force: true }));

const wantedOf = (name: string, content: string): WantedFile => ({
  name,
  bytes: Buffer.byteLength(content),
  sha256: new Uint8Array(createHash('sha256').update(content).digest()),
  modifiedAtMs: Date.UTC(2001, 2, 3),
});
async function* pieces(content: string) {
  await Promise.resolve();
  yield Buffer.from(content.slice(0, 2));
  yield Buffer.from(content.slice(2));
}
async function place(restore: RestoreFolder, name: string, content: string, key = 'k') {
  const wanted = wantedOf(name, content);
  const chosen = await restore.choose(wanted);
  const file = chosen.kept ? chosen.path : await restore.write(chosen.path, key, pieces(content), wanted);
  return { name: path.basename(file), kept: chosen.kept };
}

describe('RestoreFolder', () => {
  it('writes a file with its time and leaves nothing else behind', async () => {
    expect(await place(new RestoreFolder(folder), 'a.jpg', 'alpha')).toEqual({ name: 'a.jpg', kept: false });
    expect(await readdir(folder)).toEqual(['a.jpg']);
    expect(await readFile(path.join(folder, 'a.jpg'), 'utf8')).toBe('alpha');
    expect((await stat(path.join(folder, 'a.jpg'))).mtime).toEqual(new Date(Date.UTC(2001, 2, 3)));
  });

  it('gives numbers to different files of one name, and keeps all of them in a second run', async () => {
    for (const kept of [false, true]) {
      const restore = new RestoreFolder(folder);
      expect(await place(restore, 'a.jpg', 'alpha')).toEqual({ name: 'a.jpg', kept });
      expect(await place(restore, 'a.jpg', 'beta')).toEqual({ name: 'a (2).jpg', kept });
      expect(await place(restore, 'A.JPG', 'gamma')).toEqual({ name: 'A (3).JPG', kept });
    }
  });

  it('never replaces a file, a link or what a link points to', async () => {
    await writeFile(path.join(folder, 'mine'), 'precious');
    await writeFile(path.join(folder, 'a.jpg'), 'mine too');
    await symlink('mine', path.join(folder, 'b.jpg'));
    await symlink('nowhere', path.join(folder, 'c.jpg'));
    const restore = new RestoreFolder(folder);
    expect((await place(restore, 'a.jpg', 'alpha')).name).toBe('a (2).jpg');
    expect((await place(restore, 'b.jpg', 'beta')).name).toBe('b (2).jpg');
    expect((await place(restore, 'c.jpg', 'gamma')).name).toBe('c (2).jpg');
    expect(await readFile(path.join(folder, 'mine'), 'utf8')).toBe('precious');
    expect(await readFile(path.join(folder, 'a.jpg'), 'utf8')).toBe('mine too');
  });

  it('takes another name when a file appears there while it writes', async () => {
    const restore = new RestoreFolder(folder);
    const wanted = wantedOf('a.jpg', 'alpha');
    const chosen = await restore.choose(wanted);
    await writeFile(chosen.path, 'someone else');
    expect(path.basename(await restore.write(chosen.path, 'k', pieces('alpha'), wanted))).toBe('a (2).jpg');
    expect(await readFile(chosen.path, 'utf8')).toBe('someone else');
  });

  it('leaves no file when the content turns out wrong, and sweeps what a killed run left', async () => {
    const restore = new RestoreFolder(folder);
    const wanted = wantedOf('a.jpg', 'alpha');
    async function* broken() {
      yield* pieces('al');
      throw new Error('damaged');
    }
    await expect(restore.write(path.join(folder, 'a.jpg'), 'k', broken(), wanted)).rejects.toThrow('damaged');
    expect(await readdir(folder)).toEqual([]);
    await writeFile(path.join(folder, '.heirloom-part-x'), 'half');
    await restore.sweep();
    expect(await readdir(folder)).toEqual([]);
  });

  it('stays inside its folder', async () => {
    const { name } = await place(new RestoreFolder(folder), '../../../outside.jpg', 'alpha');
    expect(await readdir(folder)).toEqual([name]);
  });
});
