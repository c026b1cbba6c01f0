import { crc32 as reference } from 'node:zlib';
import { describe, expect, it } from '@jest/globals';
import { AppError } from '@heirloom/contracts';
import fc from 'fast-check';
import { crc32 } from './crc32.ts';
import { uniqueNames } from './unique-names.ts';
import { directoryEnd, zip, type ZipFile } from './zip.ts';

async function* pieces(...all: (string | Error)[]): AsyncGenerator<Uint8Array> {
  for (const one of all)
    if (one instanceof Error) throw one;
    else yield Buffer.from(one);
}
const file = (name: string, sizeBytes: number, ...all: (string | Error)[]): ZipFile => ({
  name,
  sizeBytes,
  modifiedAt: Date.UTC(2021, 5, 5, 12, 30, 20),
  body: pieces(...all),
});
async function written(files: Iterable<ZipFile>, passOver: (error: unknown) => boolean = () => false) {
  const all: Uint8Array[] = [];
  const feed = (async function* () {
    yield* files;
  })();
  for await (const piece of zip(feed, (_file, error) => passOver(error))) all.push(piece);
  return Buffer.concat(all);
}

/** Reads as unpackers do: from the directory at the end. */
function filesIn(archive: Buffer): { name: string; text: string; seconds: number }[] {
  const end = archive.length - 22;
  expect(archive.readUInt32LE(end)).toBe(0x06054b50);
  let at = archive.readUInt32LE(end + 16);
  return Array.from({ length: archive.readUInt16LE(end + 10) }, () => {
    expect(archive.readUInt32LE(at)).toBe(0x02014b50);
    const [size, nameLength, extraLength] = [24, 28, 30].map((field, i) =>
      i === 0 ? archive.readUInt32LE(at + field) : archive.readUInt16LE(at + field),
    ) as [number, number, number];
    const name = archive.toString('utf8', at + 46, at + 46 + nameLength);
    const seconds = archive.readUInt32LE(at + 46 + nameLength + 5);
    const head = archive.readUInt32LE(at + 42);
    expect(archive.readUInt32LE(head)).toBe(0x04034b50);
    const from = head + 30 + archive.readUInt16LE(head + 26) + archive.readUInt16LE(head + 28);
    const bytes = archive.subarray(from, from + size);
    expect(archive.readUInt32LE(at + 16)).toBe(reference(bytes));
    expect(archive.readUInt32LE(from + size)).toBe(0x08074b50);
    at += 46 + nameLength + extraLength;
    return { name, text: bytes.toString(), seconds };
  });
}

describe('an archive', () => {
  it('holds files as they are, with their names and times', async () => {
    const archive = await written([file('Ærø 🌞.txt', 5, 'he', 'llo'), file('empty', 0), file('b', 1, 'b')]);
    const seconds = Date.UTC(2021, 5, 5, 12, 30, 20) / 1000;
    expect(filesIn(archive)).toEqual([
      { name: 'Ærø 🌞.txt', text: 'hello', seconds },
      { name: 'empty', text: '', seconds },
      { name: 'b', text: 'b', seconds },
    ]);
  });

  it('has nothing of a file that ended in the middle, or is not as long as it was said to be', async () => {
    const files = () => [
      file('good', 4, 'good'),
      file('torn', 8, 'torn', new AppError('damaged')),
      file('short', 9, 'short'),
      file('last', 4, 'last'),
    ];
    const passed: unknown[] = [];
    const archive = await written(files(), (error) => passed.push(error) > 0);
    expect(filesIn(archive).map(({ name }) => name)).toEqual(['good', 'last']);
    expect(passed).toEqual([
      expect.objectContaining({ code: 'damaged' }),
      expect.objectContaining({ code: 'damaged' }),
    ]);
    await expect(written(files())).rejects.toMatchObject({ code: 'damaged' });
  });

  it.each([
    ['files than sixteen bits count', 0x1_0001, 1000],
    ['bytes than thirty-two bits count', 3, 2 ** 33],
  ])('may hold more %s', (_what, count, from) => {
    const end = Buffer.from(directoryEnd(count, from, from + 500));
    expect([end.readUInt32LE(0), end.readUInt32LE(56), end.readUInt32LE(76)]).toEqual([
      0x06064b50, 0x07064b50, 0x06054b50,
    ]);
    const [files, length, at] = [32, 40, 48].map((field) => Number(end.readBigUInt64LE(field)));
    expect([files, length, at, end.length]).toEqual([count, 500, from, 98]);
    expect(Number(end.readBigUInt64LE(64))).toBe(from + 500);
  });
});

describe('its checksum', () => {
  it('is that of zlib, for any bytes in any pieces', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), fc.nat(200), (bytes, cut) => {
        const whole = crc32(bytes.subarray(cut), crc32(bytes.subarray(0, cut)));
        expect(whole).toBe(reference(bytes));
      }),
    );
  });
});

describe('names in it', () => {
  it('differ, also where small letters and large ones are the same', () => {
    const nameOf = uniqueNames();
    const given = ['a.jpg', 'A.JPG', 'a.jpg', 'a (2).jpg', '../a.jpg', 'a.jpg', ''];
    expect(given.map(nameOf)).toEqual([
      'a.jpg',
      'A (2).JPG',
      'a (3).jpg',
      'a (2) (2).jpg',
      '___a.jpg',
      'a (4).jpg',
      'photo',
    ]);
  });
});
