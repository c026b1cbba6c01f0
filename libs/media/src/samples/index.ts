import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { rawKinds, rawSample } from './raw-samples.ts';

export { longFilm } from './long-film.ts';
export { rawKinds, rawSample, type RawKind } from './raw-samples.ts';

/** Files in `fixtures`, all of the same four corners: red and green above blue and white. */
export const fixtureNames = [
  'plain.avif',
  'plain.gif',
  'plain.heic',
  'plain.mkv',
  'plain.mp4',
  'plain.png',
  'plain.webm',
  'turned.heic',
  'turned.jpg',
  'turned.mov',
  'turned.png',
  'turned.webp',
  'wide-gamut.heic',
] as const;
export type FixtureName = (typeof fixtureNames)[number];

export async function fixture(name: FixtureName): Promise<Uint8Array<ArrayBuffer>> {
  return new Uint8Array(await readFile(join(import.meta.dirname, '../../fixtures', name)));
}

/** Every sample by its name: the fixtures, and a RAW file of each kind (`turned.dng` and so on). */
export async function mediaSamples(): Promise<Record<string, Uint8Array<ArrayBuffer>>> {
  const samples: Record<string, Uint8Array<ArrayBuffer>> = {};
  for (const name of fixtureNames) samples[name] = await fixture(name);
  const preview = await fixture('turned.jpg');
  for (const kind of rawKinds) samples[`turned.${kind}`] = rawSample(kind, preview);
  return samples;
}
