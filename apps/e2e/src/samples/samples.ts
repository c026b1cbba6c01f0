import { createCipheriv, createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { cp, mkdir, open, readdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { existsSync } from 'node:fs';
import { fixture, rawSample } from '@heirloom/media/samples';
import sharp, { type Exif } from 'sharp';
import { repository } from '../system/processes.ts';

/** Real camera files that a developer may have beside the clone; tests use them when they are there. */
export const realPhotos = path.resolve(repository, '../shared/photos');

/** A picture with EXIF of its own, different for every seed. */
export async function makeJpeg(file: string, seed: number, exif: Exif = {}): Promise<void> {
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" width="640" height="426"><rect width="640" height="426" fill="hsl(${(seed * 47) % 360},60%,55%)"/><circle cx="${40 + ((seed * 97) % 560)}" cy="${40 + ((seed * 57) % 340)}" r="60" fill="hsl(${(seed * 131) % 360},70%,35%)"/></svg>`;
  await sharp(Buffer.from(svg))
    .jpeg({ quality: 88 })
    .withExif({ IFD0: { Make: 'Heirloom Works', Model: 'Sample One' }, ...exif })
    .toFile(file);
}

/**
 * What phones and cameras make beside JPEG, small and real: a HEIC, a RAW file and two films. All are of the same four
 * corners, red and green above blue and white.
 *
 * @returns the files' paths
 */
export async function makeCameraFiles(
  folder: string,
): Promise<{ heic: string; raw: string; films: string[] }> {
  await mkdir(folder, { recursive: true });
  const put = async (name: string, bytes: Uint8Array): Promise<string> => {
    const file = path.join(folder, name);
    await writeFile(file, bytes);
    return file;
  };
  return {
    heic: await put('IMG_2001.HEIC', await fixture('turned.heic')),
    raw: await put('DSC_2002.NEF', rawSample('nef', await fixture('turned.jpg'))),
    films: [
      await put('IMG_2003.MOV', await fixture('turned.mov')),
      await put('VID_2004.webm', await fixture('plain.webm')),
    ],
  };
}

/** Bytes that look random and are the same for the same seed: the AES-256-CTR key stream. */
export async function makeSeededFile(file: string, sizeBytes: number, seed: string): Promise<void> {
  const cipher = createCipheriv('aes-256-ctr', createHash('sha256').update(seed).digest(), Buffer.alloc(16));
  const zeros = Buffer.alloc(4 * 1024 * 1024);
  await using handle = await open(file, 'w');
  for (let written = 0; written < sizeBytes;) {
    const chunk = cipher.update(zeros.subarray(0, Math.min(zeros.length, sizeBytes - written)));
    await handle.write(chunk);
    written += chunk.length;
  }
}

/** A folder as a camera leaves it: pictures, RAW, HEIC and films, files that only look like them, a sidecar, a duplicate, an empty file. */
export async function makePhotoFolder(folder: string, pictures = 12): Promise<void> {
  await mkdir(path.join(folder, 'DCIM/100CANON'), { recursive: true });
  for (let i = 0; i < pictures; i += 1)
    await makeJpeg(path.join(folder, `DCIM/100CANON/IMG_${1000 + i}.JPG`), i);
  await makeSeededFile(path.join(folder, 'DCIM/100CANON/RAW_0001.NEF'), 3_000_001, 'raw');
  await makeSeededFile(path.join(folder, 'IMG_0007.HEIC'), 700_000, 'heic');
  await makeSeededFile(path.join(folder, 'holiday.mp4'), 5_500_000, 'film');
  await writeFile(
    path.join(folder, 'IMG_1000.xmp'),
    '<x:xmpmeta xmlns:x="adobe:ns:meta/"><note>Grüße aus Łódź</note></x:xmpmeta>',
  );
  await makeCameraFiles(path.join(folder, 'phone'));
  await writeFile(path.join(folder, 'empty.jpg'), '');
  await cp(path.join(folder, 'DCIM/100CANON/IMG_1000.JPG'), path.join(folder, 'copy of IMG_1000.JPG'));
  if (existsSync(realPhotos)) await cp(realPhotos, path.join(folder, 'real'), { recursive: true });
}

export async function sha256File(file: string): Promise<string> {
  const hash = createHash('sha256');
  for await (const chunk of createReadStream(file)) hash.update(chunk as Buffer);
  return hash.digest('hex');
}

/** Every file below a folder, as paths relative to it, in order. */
export async function filesBelow(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true }).catch(() => []);
  return entries
    .filter((entry) => entry.isFile())
    .map((entry) => path.relative(folder, path.join(entry.parentPath, entry.name)))
    .sort();
}

/** The hashes of all files below a folder, sorted: two folders with the same list hold the same contents. */
export async function contentsOf(folder: string): Promise<string[]> {
  const hashes: string[] = [];
  for (const file of await filesBelow(folder)) hashes.push(await sha256File(path.join(folder, file)));
  return hashes.sort();
}
