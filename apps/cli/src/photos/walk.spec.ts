import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { walk } from './walk.ts';

let folder = '';
beforeEach(async () => (folder = await mkdtemp(path.join(tmpdir(), 'heirloom-walk-'))));
afterEach(() => rm(folder, { recursive: true, force: true }));

async function walked(...paths: string[]) {
  const files: string[] = [];
  const unreadable: string[] = [];
  for await (const found of walk(paths)) {
    if (found.kind === 'file') files.push(path.relative(folder, found.file.shown));
    else unreadable.push(path.relative(folder, found.shown));
  }
  return { files, unreadable };
}
const put = (name: string) => writeFile(path.join(folder, name), name);

describe('walk', () => {
  it('finds files in order, below folders and each once', async () => {
    await mkdir(path.join(folder, 'trip/day 2'), { recursive: true });
    for (const name of ['b.jpg', 'a.jpg', 'trip/c.NEF', 'trip/day 2/d.xmp']) await put(name);
    expect(await walked(folder, path.join(folder, 'a.jpg'), path.join(folder, 'trip'))).toEqual({
      files: ['a.jpg', 'b.jpg', 'trip/c.NEF', 'trip/day 2/d.xmp'],
      unreadable: [],
    });
  });

  it('leaves hidden files out, save those that a person names', async () => {
    await mkdir(path.join(folder, '.thumbnails'));
    for (const name of ['.DS_Store', '.thumbnails/x.jpg', 'a.jpg']) await put(name);
    expect((await walked(folder)).files).toEqual(['a.jpg']);
    expect((await walked(path.join(folder, '.DS_Store'))).files).toEqual(['.DS_Store']);
  });

  it('follows links where they are named and nowhere below', async () => {
    await mkdir(path.join(folder, 'real'));
    await put('real/a.jpg');
    await symlink('.', path.join(folder, 'real/circle'));
    await symlink('/etc', path.join(folder, 'real/outside'));
    await symlink('real', path.join(folder, 'named'));
    expect((await walked(path.join(folder, 'named'))).files).toEqual(['named/a.jpg']);
  });

  it('reports what is not there and goes on', async () => {
    await put('a.jpg');
    expect(await walked(path.join(folder, 'none'), path.join(folder, 'a.jpg'))).toEqual({
      files: ['a.jpg'],
      unreadable: ['none'],
    });
  });

  it('takes names that are not UTF-8', async () => {
    await writeFile(Buffer.concat([Buffer.from(`${folder}/`), Buffer.from([0x66, 0xff, 0x2e, 0x6a])]), 'x');
    const found = [];
    for await (const entry of walk([folder])) found.push(entry);
    expect(found).toHaveLength(1);
    const [first] = found;
    expect(first?.kind === 'file' && first.file.path.includes(0xff)).toBe(true);
  });
});
