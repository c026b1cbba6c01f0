import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import sharp from 'sharp';
import { renditionsOf } from './renditions.ts';

let folder = '';
beforeAll(async () => (folder = await mkdtemp(path.join(tmpdir(), 'heirloom-renditions-'))));
afterAll(() => rm(folder, { recursive: true, force: true }));

async function jpeg(orientation?: number): Promise<string> {
  const file = path.join(folder, `${orientation ?? 'plain'}.jpg`);
  const picture = sharp({ create: { width: 3000, height: 2000, channels: 3, background: '#a03' } }).withExif({
    IFD0: { Copyright: 'canary-in-the-exif' },
  });
  await (orientation ? picture.withMetadata({ orientation }) : picture).jpeg().toFile(file);
  return file;
}

describe('renditionsOf', () => {
  it('makes both, upright, within their sizes and without metadata', async () => {
    const made = await renditionsOf(await jpeg(6), 'image/jpeg', 1000);
    expect(made).toMatchObject({ width: 3000, height: 2000 });
    expect(made.preview?.about).toEqual({ width: 1280, height: 1920, mediaType: 'image/webp' });
    expect(made.thumbnail?.about).toEqual({ width: 240, height: 360, mediaType: 'image/webp' });
    const plain = await renditionsOf(await jpeg(), 'image/jpeg', 1000);
    for (const rendition of [plain.preview, plain.thumbnail]) {
      expect((await sharp(rendition?.bytes).metadata()).exif).toBeUndefined();
    }
  });

  it('has none for what is no picture, or is broken', async () => {
    const file = path.join(folder, 'broken.jpg');
    await writeFile(file, 'not a picture');
    expect(await renditionsOf(file, 'image/jpeg', 13)).toEqual({});
    expect(await renditionsOf(await jpeg(), 'image/x-nikon-nef', 1000)).toEqual({});
    expect(await renditionsOf(path.join(folder, 'none'), 'image/jpeg', 5)).toEqual({});
  });
});
