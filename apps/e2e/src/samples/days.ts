import { mkdir } from 'node:fs/promises';
import path from 'node:path';
import { makeJpeg } from './samples.ts';

/** A photo to make: its file's name, and when the camera says it was taken. */
export interface Dated {
  name: string;
  /** `2021:05:12 09:30:00`, as EXIF has it. */
  taken: string;
}

/** Pictures of known days, each with a look of its own. */
export async function makeDatedPhotos(folder: string, photos: readonly Dated[]): Promise<void> {
  await mkdir(folder, { recursive: true });
  for (const [seed, { name, taken }] of photos.entries())
    await makeJpeg(path.join(folder, name), seed, { IFD2: { DateTimeOriginal: taken } });
}
