import { writeTiff, directories, long, short } from '../src/samples/tiff-writer.ts';
import { described, ensure, type Check, type SuiteInput } from './suite.ts';

/** Files that lie: they are described all the same, without renditions, and nothing throws. */
export function hostileChecks(input: SuiteInput): Check[] {
  return [
    { name: 'describes files that end too early', run: () => truncated(input) },
    { name: 'describes files with damaged bytes', run: () => damaged(input) },
    { name: 'describes what is empty or no picture', run: () => noPictures(input) },
    { name: 'leaves pictures alone that unfold to more than a device holds', run: () => tooLarge(input) },
    { name: 'does not follow directories in circles or out of the file', run: () => circles(input) },
    { name: 'goes by content, not by name', run: () => wrongNames(input) },
  ];
}

async function truncated(input: SuiteInput): Promise<void> {
  for (const [name, bytes] of Object.entries(input.samples)) {
    for (const part of [0.02, 0.5, 0.95]) {
      const { metadata } = await described(input, name, bytes.slice(0, bytes.length * part));
      ensure(metadata.name === name, 'it has lost its name');
    }
  }
}

/** The same damage every time. */
async function damaged(input: SuiteInput): Promise<void> {
  let state = 7;
  const next = (below: number) => {
    state = (Math.imul(state, 1_103_515_245) + 12_345) >>> 0;
    return (state >>> 8) % below;
  };
  for (const [name, bytes] of Object.entries(input.samples)) {
    for (let round = 0; round < 3; round += 1) {
      const copy = bytes.slice();
      // Most of what steers a reader stands in front.
      for (let i = 0; i < 8; i += 1)
        copy[next(round % 2 === 0 ? Math.min(400, copy.length) : copy.length)] = next(256);
      await described(input, name, copy);
    }
  }
}

async function noPictures(input: SuiteInput): Promise<void> {
  for (const name of ['a.jpg', 'a.heic', 'a.nef', 'a.cr3', 'a.mp4', 'a.txt', 'a.svg', '']) {
    for (const bytes of [
      new Uint8Array(),
      new TextEncoder().encode('not a picture at all, only some words'),
    ]) {
      const { metadata, preview, thumbnail } = await described(input, name, bytes);
      ensure(!preview && !thumbnail && !metadata.preview, `a rendition of ${name}`);
      ensure(metadata.name === (name || 'photo'), 'another name');
    }
  }
}

async function tooLarge(input: SuiteInput): Promise<void> {
  const png = input.samples['plain.png']!.slice();
  const view = new DataView(png.buffer);
  view.setUint32(16, 60_000);
  view.setUint32(20, 60_000);
  const { metadata, preview } = await described(input, 'bomb.png', png);
  ensure(metadata.width === 60_000 && !preview, 'it was decoded');
}

async function circles(input: SuiteInput): Promise<void> {
  const loop = writeTiff([{ 0x10f: short(1), 0x14a: long(8, 8, 8) }]);
  const view = new DataView(loop.buffer);
  view.setUint32(8 + 2 + 24, 8, true);
  const outside = writeTiff([
    {
      0x201: long(0xfffffff0),
      0x202: long(0xffff),
      0x14a: directories({ 0x111: long(5), 0x117: long(2 ** 31), 0x103: short(6) }),
    },
  ]);
  for (const bytes of [loop, outside]) {
    const { metadata, preview } = await described(input, 'a.nef', bytes);
    ensure(metadata.mediaType === 'image/x-nikon-nef' && !preview, 'it found a preview');
  }
}

async function wrongNames(input: SuiteInput): Promise<void> {
  const png = await described(input, 'IMG_1.HEIC', input.samples['plain.png']!);
  ensure(png.metadata.mediaType === 'image/png' && png.preview !== undefined, png.metadata.mediaType);
  const heic = await described(input, 'IMG_2.JPG', input.samples['turned.heic']!);
  ensure(heic.metadata.mediaType === 'image/heic' && heic.preview !== undefined, heic.metadata.mediaType);
  const dng = await described(input, 'no-extension', input.samples['turned.dng']!);
  ensure(dng.metadata.mediaType === 'image/x-adobe-dng' && dng.preview !== undefined, dng.metadata.mediaType);
}
