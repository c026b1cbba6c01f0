import { existsSync } from 'node:fs';
import { mkdtemp, readdir, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import sharp from 'sharp';
import { describeMedia } from '../src/index.ts';
import { openFile, sharpDecoder } from '../src/node/index.ts';
import { mediaSamples } from '../src/samples/index.ts';
import { suite } from './suite.ts';

const samples = await mediaSamples();

describe('libs/media with sharp', () => {
  const checks = suite({
    decoder: sharpDecoder,
    samples,
    hasPosters: false,
    unpack: async (bytes) => {
      const { data, info } = await sharp(bytes).ensureAlpha().raw().toBuffer({ resolveWithObject: true });
      return { width: info.width, height: info.height, rgba: new Uint8ClampedArray(data) };
    },
  });
  it.each(checks.map(({ name, run }) => [name, run] as const))('%s', async (_, run) => {
    await run();
  });
});

describe('describeMedia of files on disk', () => {
  let folder = '';
  beforeAll(async () => (folder = await mkdtemp(path.join(tmpdir(), 'heirloom-media-'))));
  afterAll(() => rm(folder, { recursive: true, force: true }));

  async function look(file: string | Buffer) {
    await using source = await openFile(file);
    return await describeMedia(
      { name: path.basename(file.toString()), source, sha256: new Uint8Array(32) },
      sharpDecoder,
    );
  }

  it('makes small renditions of a large picture, without its metadata', async () => {
    const file = path.join(folder, 'large.jpg');
    await sharp({ create: { width: 3000, height: 2000, channels: 3, background: '#a03' } })
      .withMetadata({ orientation: 6, exif: { IFD0: { Copyright: 'canary-in-the-exif' } } })
      .jpeg()
      .toFile(file);
    const { metadata, preview, thumbnail } = await look(file);
    expect(metadata).toMatchObject({
      width: 3000,
      height: 2000,
      orientation: 6,
      preview: { width: 1280, height: 1920, mediaType: 'image/webp' },
      thumbnail: { width: 240, height: 360, mediaType: 'image/webp' },
    });
    for (const bytes of [preview, thumbnail]) expect((await sharp(bytes).metadata()).exif).toBeUndefined();
  });

  it('takes names that are not UTF-8', async () => {
    const file = Buffer.concat([Buffer.from(`${folder}/`), Buffer.from([0xff, 0x2e, 0x6a])]);
    await writeFile(file, samples['turned.jpg']!);
    expect((await look(file)).preview).toBeDefined();
  });

  it('keeps a rendition within its limit at the cost of its quality', async () => {
    const noise = Buffer.alloc(1920 * 1920 * 3);
    for (let i = 0; i < noise.length; i += 1) noise[i] = (i * 2_654_435_761) >>> 13;
    const file = path.join(folder, 'noise.png');
    await sharp(noise, { raw: { width: 1920, height: 1920, channels: 3 } })
      .png({ compressionLevel: 1 })
      .toFile(file);
    const { thumbnail } = await look(file);
    expect(thumbnail?.length).toBeLessThanOrEqual(256 * 1024);
  });

  const real = path.resolve(import.meta.dirname, '../../../../shared/photos');
  (existsSync(real) ? it : it.skip)('shows real photos of cameras', async () => {
    for (const name of await readdir(real)) {
      // A few are enough: the largest take seconds each.
      if ((await stat(path.join(real, name))).size > 150_000 && !/^IMG_2682|mp4$/.test(name)) continue;
      const { metadata, preview } = await look(path.join(real, name));
      const isShown = /\.(jpe?g|png|webp|avif|heic)$/i.test(name);
      expect({ name, isShown: preview !== undefined }).toEqual({
        name,
        isShown: isShown || name.endsWith('.raf'),
      });
      if (/header|with-gps/.test(name)) expect(metadata.takenAt).toBeDefined();
    }
  });
});
