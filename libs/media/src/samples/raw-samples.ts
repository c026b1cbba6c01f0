import { directories, long, pointer, short, text, writeTiff, type TiffTags } from './tiff-writer.ts';

export const rawKinds = ['dng', 'cr2', 'nef', 'arw', 'pef', 'orf', 'rw2', 'raf', 'cr3'] as const;
export type RawKind = (typeof rawKinds)[number];

const sensorTurned = 6;

/** What a camera says of itself and of the picture: taken in Berlin's summer, held upright. */
const about = {
  0x10f: text('Heirloom Works'),
  0x110: text('Sample Raw'),
  0x112: short(sensorTurned),
};
const exif = { 0x9003: text('2021:06:05 14:03:02'), 0x9011: text('+02:00') };
const exifDirectory = { 0x8769: directories(exif) };

/** What stands in for a sensor's data: the head of a lossless JPEG of 6000 x 4000, which no ordinary decoder reads. */
const sensor = Uint8Array.of(
  ...[0xff, 0xd8, 0xff, 0xc3, 0, 17, 8, 0x0f, 0xa0, 0x17, 0x70, 3, 1, 17, 0, 2, 17, 1, 3, 17, 1],
);
const sensorStrip = { 0x103: short(7), 0x111: pointer(sensor), 0x117: long(sensor.length) };

/**
 * A RAW file as cameras of that kind build it, small: the sensor's data is a stub, the preview is real.
 *
 * @param jpeg the preview as a camera stores it: rows as the sensor's, EXIF orientation 6
 */
export function rawSample(kind: RawKind, jpeg: Uint8Array): Uint8Array<ArrayBuffer> {
  const bare = withoutExif(jpeg);
  const byPair = (bytes: Uint8Array): TiffTags => ({ 0x201: pointer(bytes), 0x202: long(bytes.length) });
  const byStrip = (bytes: Uint8Array, compression: number): TiffTags => ({
    0x103: short(compression),
    0x111: pointer(bytes),
    0x117: long(bytes.length),
  });
  const main = { ...about, ...exifDirectory };
  switch (kind) {
    case 'dng':
      return writeTiff([{ ...main, 0x14a: directories(sensorStrip, byStrip(bare, 7)), 0xc612: long(4) }]);
    case 'cr2':
      return writeTiff([{ ...main, ...byStrip(bare, 6) }, {}, sensorStrip], 'II*\0\x10\0\0\0CR\x02\0', 16);
    case 'nef':
      return writeTiff([{ ...main, 0x14a: directories(byPair(bare), sensorStrip) }]);
    case 'arw':
      return writeTiff([{ ...main, ...byPair(bare) }]);
    case 'pef':
      return writeTiff([main, {}, byPair(bare)]);
    case 'orf':
      return writeTiff([{ ...about, 0x8769: directories({ ...exif, 0x927c: olympusNote(bare) }) }], 'IIRO');
    case 'rw2':
      return writeTiff([{ ...main, 0x2e: { kind: 'opaque', bytes: jpeg } }], 'IIU\0');
    case 'raf':
      return raf(jpeg);
    case 'cr3':
      return cr3(bare);
  }
}

/** Olympus' maker note is a directory with offsets of its own. */
function olympusNote(jpeg: Uint8Array) {
  const head = 'OLYMPUS\0II\x03\0';
  const preview = writeOlympus(jpeg, head);
  return { kind: 'opaque', bytes: preview } as const;
}

function writeOlympus(jpeg: Uint8Array, head: string): Uint8Array {
  // A directory of one entry at 12, the settings behind it at 30, the JPEG behind them.
  const [settings, preview] = [30, 60];
  const out = new Uint8Array(preview + jpeg.length);
  const view = new DataView(out.buffer);
  out.set([...head].map((letter) => letter.charCodeAt(0)));
  const entry = (at: number, tag: number, value: number) => {
    view.setUint16(at, tag, true);
    view.setUint16(at + 2, 4, true);
    view.setUint32(at + 4, 1, true);
    view.setUint32(at + 8, value, true);
  };
  view.setUint16(12, 1, true);
  entry(14, 0x2020, settings);
  view.setUint16(settings, 2, true);
  entry(settings + 2, 0x101, preview);
  entry(settings + 14, 0x102, jpeg.length);
  out.set(jpeg, preview);
  return out;
}

function raf(jpeg: Uint8Array): Uint8Array<ArrayBuffer> {
  const start = 160;
  const out = new Uint8Array(start + jpeg.length + 64);
  out.set([...'FUJIFILMCCD-RAW 0201FF129502'].map((letter) => letter.charCodeAt(0)));
  const view = new DataView(out.buffer);
  view.setUint32(84, start);
  view.setUint32(88, jpeg.length);
  out.set(jpeg, start);
  return out;
}

function cr3(jpeg: Uint8Array): Uint8Array<ArrayBuffer> {
  const canon = '85c0b687820f11e08111f4ce462b6a48';
  const preview = 'eaf42b5e1c984b88b9fbb7dc406e4d16';
  const parts = (at: number) => {
    const table = box('stbl', box('stsz', long32(0, jpeg.length, 1)), box('co64', long32(0, 1, 0, at)));
    return [
      box('ftyp', latinBytes('crx \0\0\0\x01crx isom')),
      box(
        'moov',
        box('uuid', hexBytes(canon), box('CMT1', writeTiff([about])), box('CMT2', writeTiff([exif]))),
        box('trak', box('mdia', box('minf', table))),
      ),
      box(
        'uuid',
        hexBytes(preview),
        long32(0, 1),
        box('PRVW', new Uint8Array(16), new Uint8Array([0xff, 0xd8, 0xff])),
      ),
    ];
  };
  const before = join(parts(0)).length;
  return join([...parts(before + 8), box('mdat', jpeg)]);
}

function box(type: string, ...content: Uint8Array[]): Uint8Array<ArrayBuffer> {
  const body = join(content);
  return join([long32(body.length + 8), latinBytes(type), body]);
}

function long32(...values: number[]): Uint8Array {
  const view = new DataView(new ArrayBuffer(values.length * 4));
  values.forEach((value, i) => view.setUint32(i * 4, value));
  return new Uint8Array(view.buffer);
}

const latinBytes = (value: string) => Uint8Array.from(value, (letter) => letter.charCodeAt(0));
const hexBytes = (value: string) =>
  Uint8Array.from({ length: value.length / 2 }, (_, i) => parseInt(value.slice(i * 2, i * 2 + 2), 16));

function join(pieces: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  const out = new Uint8Array(pieces.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const piece of pieces) {
    out.set(piece, at);
    at += piece.length;
  }
  return out;
}

/** The JPEG without its segments APP1. */
function withoutExif(jpeg: Uint8Array): Uint8Array<ArrayBuffer> {
  const view = new DataView(jpeg.buffer, jpeg.byteOffset, jpeg.length);
  const kept: Uint8Array[] = [jpeg.subarray(0, 2)];
  let at = 2;
  while (view.getUint8(at + 1) !== 0xda) {
    const end = at + 2 + view.getUint16(at + 2);
    if (view.getUint8(at + 1) !== 0xe1) kept.push(jpeg.subarray(at, end));
    at = end;
  }
  return join([...kept, jpeg.subarray(at)]);
}
