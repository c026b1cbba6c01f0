import { limits } from '@heirloom/contracts';
import { metadataFormat } from '@heirloom/formats';
import { bytesSource, describeMedia, type MediaDescription, type PictureDecoder } from '../src/index.ts';
import type { Raster } from '../src/pictures/turn.ts';
import { hostileChecks } from './hostile-checks.ts';

export interface SuiteInput {
  decoder: PictureDecoder;
  /** All samples by name. */
  samples: Readonly<Record<string, Uint8Array<ArrayBuffer>>>;
  /** Unpacks a rendition, to look at its colours. */
  unpack(bytes: Uint8Array<ArrayBuffer>, mediaType: string): Promise<Raster>;
  /** Whether films get a poster. */
  hasPosters: boolean;
}
export interface Check {
  name: string;
  run(): Promise<void>;
}

/** What every picture decoder has to do, for itself and under `describeMedia`. */
export function suite(input: SuiteInput): Check[] {
  return [
    ...Object.keys(input.samples).map((name) => ({
      name: `shows ${name} upright and in its colours`,
      run: () => shows(input, name),
    })),
    { name: 'tells what files say of themselves', run: () => tellsFacts(input) },
    ...hostileChecks(input),
  ];
}

export function ensure(condition: boolean, message: string): asserts condition {
  if (!condition) throw new Error(message);
}

export async function described(
  { decoder }: SuiteInput,
  name: string,
  bytes: Uint8Array,
): Promise<MediaDescription> {
  const found = await describeMedia(
    { name, source: bytesSource(bytes), sha256: new Uint8Array(32) },
    decoder,
  );
  // It must always be storable.
  metadataFormat.decode(metadataFormat.encode(found.metadata));
  return found;
}

const isFilm = (name: string) => /\.(mp4|mov|webm|mkv)$/.test(name);
/** Films were filmed lying, whatever way the camera was held. */
const isLying = (name: string) => name.startsWith('plain') || name.startsWith('wide') || isFilm(name);

async function shows(input: SuiteInput, name: string): Promise<void> {
  const { metadata, preview, thumbnail } = await described(input, name, input.samples[name]!);
  if (isFilm(name) && !input.hasPosters) {
    ensure(!preview && !thumbnail && !metadata.preview, 'a rendition of a film');
    return;
  }
  ensure(preview !== undefined && thumbnail !== undefined, `no rendition of ${JSON.stringify(metadata)}`);
  const lying = isLying(name);
  await compare(input, preview, metadata.preview, lying ? [480, 320] : [320, 480]);
  await compare(input, thumbnail, metadata.thumbnail, lying ? [360, 240] : [240, 360]);
  ensure(preview.length <= limits.previewBytes && thumbnail.length <= limits.thumbnailBytes, 'too large');
}

async function compare(
  { unpack }: SuiteInput,
  bytes: Uint8Array<ArrayBuffer>,
  about: MediaDescription['metadata']['preview'],
  [width, height]: readonly number[],
): Promise<void> {
  ensure(about !== undefined, 'its size is not told');
  ensure(about.width === width && about.height === height, `it is told as ${about.width} x ${about.height}`);
  const raster = await unpack(bytes, about.mediaType);
  ensure(raster.width === width && raster.height === height, `it is ${raster.width} x ${raster.height}`);
  const corners = {
    'top left': '224,32,32',
    'top right': '32,192,32',
    'bottom left': '32,64,224',
    'bottom right': '255,255,255',
  };
  for (const [corner, expected] of Object.entries(corners)) {
    const found = colourAt(
      raster,
      corner.endsWith('right') ? 0.75 : 0.25,
      corner.startsWith('bottom') ? 0.75 : 0.25,
    );
    const far = expected.split(',').some((value, i) => Math.abs(Number(value) - (found[i] ?? -99)) > 14);
    ensure(!far, `${corner} is ${found.join(',')}, not ${expected}`);
  }
}

function colourAt({ width, height, rgba }: Raster, x: number, y: number): number[] {
  const at = (Math.floor(height * y) * width + Math.floor(width * x)) * 4;
  return [...rgba.subarray(at, at + 3)];
}

async function tellsFacts(input: SuiteInput): Promise<void> {
  const names = Object.keys(input.samples).filter((name) =>
    /\.(jpg|webp|heic|avif|dng|cr2|nef|arw|pef|orf|rw2|raf|cr3)$/.test(name),
  );
  for (const name of names.filter((one) => !one.startsWith('wide'))) {
    const { metadata } = await described(input, name, input.samples[name]!);
    const { takenAt, camera, orientation } = metadata;
    ensure(takenAt?.local === '2021-06-05T14:03:02', `${name}: taken at ${takenAt?.local}`);
    ensure(takenAt.offsetMinutes === 120, `${name}: offset ${takenAt.offsetMinutes}`);
    ensure(camera?.make === 'Heirloom Works', `${name}: camera ${camera?.make}`);
    // What a page works out from width, height and orientation must be the shape of the preview.
    const shape =
      (orientation ?? 1) < 5 ? [metadata.width, metadata.height] : [metadata.height, metadata.width];
    ensure(shape[0] === metadata.preview?.width, `${name}: ${shape.join(' x ')} as shown`);
    ensure(shape[1] === metadata.preview?.height, `${name}: ${shape.join(' x ')} as shown`);
  }
  for (const name of Object.keys(input.samples).filter(isFilm)) {
    const { metadata } = await described(input, name, input.samples[name]!);
    ensure(
      metadata.width === 480 && metadata.height === 320,
      `${name}: ${metadata.width} x ${metadata.height}`,
    );
    ensure(Math.abs((metadata.durationMs ?? 0) - 2000) < 150, `${name}: ${metadata.durationMs} ms`);
    if (!/\.(mp4|mov)$/.test(name)) continue;
    ensure(metadata.takenAt?.local === '2021-06-05T12:03:02', `${name}: taken at ${metadata.takenAt?.local}`);
  }
  const { place } = (await described(input, 'a.mov', input.samples['turned.mov']!)).metadata;
  ensure(place?.lat === 52.5 && place.lon === 13.25, `place of a film: ${JSON.stringify(place)}`);
}
