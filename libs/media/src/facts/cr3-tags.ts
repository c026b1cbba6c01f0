import { boxesIn, type Box } from '../containers/boxes.ts';
import { Tiff, type Directory } from '../containers/tiff.ts';
import { partOf, type ByteSource } from '../source/byte-source.ts';
import { canonBoxes } from '../raw/cr3-preview.ts';
import type { Tags } from './tags.ts';

const texts: Readonly<Record<number, string>> = {
  0x10f: 'Make',
  0x110: 'Model',
  0x9003: 'DateTimeOriginal',
  0x9004: 'CreateDate',
  0x9011: 'OffsetTimeOriginal',
  0x9012: 'OffsetTimeDigitized',
  0x9291: 'SubSecTimeOriginal',
  0x9292: 'SubSecTimeDigitized',
  0xa434: 'LensModel',
};
const numbers: Readonly<Record<number, string>> = {
  0x112: 'Orientation',
  0xa002: 'ExifImageWidth',
  0xa003: 'ExifImageHeight',
};

/** EXIF of a CR3: Canon keeps IFD0, EXIF and GPS as three TIFF structures in boxes `CMT1`, `CMT2` and `CMT4`. */
export async function cr3Tags(source: ByteSource): Promise<Tags> {
  const canon = await canonBoxes(source);
  const tags: Record<string, unknown> = {};
  if (!canon) return tags;
  for await (const box of boxesIn(source, canon.start, canon.end)) {
    if (!/^CMT[124]$/.test(box.type)) continue;
    const opened = await directoryOf(source, box);
    if (!opened) continue;
    if (box.type === 'CMT4') Object.assign(tags, await place(opened.tiff, opened.entries));
    else Object.assign(tags, await named(opened.tiff, opened.entries));
  }
  return tags;
}

async function directoryOf(source: ByteSource, box: Box): Promise<{ tiff: Tiff; entries: Directory } | null> {
  const opened = await Tiff.open(partOf(source, box.start, box.end - box.start));
  return opened && { tiff: opened.tiff, entries: (await opened.tiff.directory(opened.first)).entries };
}

async function named(tiff: Tiff, entries: Directory): Promise<Tags> {
  const tags: Record<string, unknown> = {};
  for (const [tag, entry] of entries) {
    const text = texts[tag];
    const number = numbers[tag];
    if (text) tags[text] = await tiff.text(entry);
    else if (number) tags[number] = await tiff.number(entry);
  }
  return tags;
}

async function place(tiff: Tiff, entries: Directory): Promise<Tags> {
  const degrees = async (value: number, reference: number, negative: string) => {
    const [whole = Number.NaN, minutes = 0, seconds = 0] = await tiff.numbers(entries.get(value));
    const sign = (await tiff.text(entries.get(reference)))?.startsWith(negative) ? -1 : 1;
    return sign * (whole + minutes / 60 + seconds / 3600);
  };
  return {
    latitude: await degrees(2, 1, 'S'),
    longitude: await degrees(4, 3, 'W'),
    GPSAltitudeRef: await tiff.number(entries.get(5)),
    GPSAltitude: await tiff.number(entries.get(6)),
  };
}
