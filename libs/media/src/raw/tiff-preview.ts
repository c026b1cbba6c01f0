import { Tiff, type Directory } from '../containers/tiff.ts';
import { latin, type ByteSource } from '../source/byte-source.ts';
import type { Extent } from './raw-preview.ts';

const tag = {
  panasonicJpeg: 0x2e,
  compression: 0x103,
  stripOffsets: 0x111,
  stripByteCounts: 0x117,
  subDirectories: 0x14a,
  jpegOffset: 0x201,
  jpegLength: 0x202,
  exif: 0x8769,
  makerNote: 0x927c,
  olympusCameraSettings: 0x2020,
  olympusPreviewStart: 0x101,
  olympusPreviewLength: 0x102,
} as const;
const maxDirectories = 32;

/** Places in a TIFF-like RAW file (DNG, CR2, NEF, ARW, ORF, RW2, PEF) that may hold a JPEG. */
export async function tiffCandidates(source: ByteSource): Promise<Extent[]> {
  const opened = await Tiff.open(source);
  if (!opened) return [];
  const { tiff, first } = opened;
  const found: Extent[] = [];
  const seen = new Set<number>();
  const waiting = [first];
  for (let at = waiting.shift(); at !== undefined; at = waiting.shift()) {
    if (at === 0 || seen.has(at) || seen.size >= maxDirectories) continue;
    seen.add(at);
    const directory = await tiff.directory(at).catch(() => null);
    if (!directory) continue;
    const { entries, next } = directory;
    found.push(...(await jpegsOf(tiff, entries)));
    waiting.push(next, ...(await tiff.numbers(entries.get(tag.subDirectories)).catch(() => [])));
  }
  const main = await tiff.directory(first).catch(() => null);
  if (main) found.push(...(await olympusPreview(tiff, main.entries).catch(() => [])));
  return found;
}

async function jpegsOf(tiff: Tiff, entries: Directory): Promise<Extent[]> {
  const found: Extent[] = [];
  const panasonic = entries.get(tag.panasonicJpeg);
  if (panasonic?.type === 7) found.push({ offset: panasonic.offset, length: panasonic.count });
  const pair = async (start: number, size: number) => {
    const [offset, more] = await tiff.numbers(entries.get(start)).catch(() => []);
    const length = await tiff.number(entries.get(size)).catch(() => undefined);
    if (offset !== undefined && length !== undefined && more === undefined) found.push({ offset, length });
  };
  await pair(tag.jpegOffset, tag.jpegLength);
  const compression = await tiff.number(entries.get(tag.compression)).catch(() => undefined);
  if (compression === 6 || compression === 7) await pair(tag.stripOffsets, tag.stripByteCounts);
  return found;
}

/** Olympus keeps its preview in the maker note, with offsets that count from there. */
async function olympusPreview(tiff: Tiff, main: Directory): Promise<Extent[]> {
  const exif = await tiff.number(main.get(tag.exif));
  const note = exif && (await tiff.directory(exif)).entries.get(tag.makerNote);
  if (!note) return [];
  const head = latin(await tiff.source.read(note.offset, 12));
  if (!head.startsWith('OLYMPUS\0') && !head.startsWith('OM SYSTEM\0\0\0')) return [];
  const inner = tiff.from(note.offset);
  const { entries } = await inner.directory(head.startsWith('OLYMPUS') ? 12 : 16);
  const settings = await inner.number(entries.get(tag.olympusCameraSettings));
  if (settings === undefined) return [];
  const camera = (await inner.directory(settings)).entries;
  const offset = await inner.number(camera.get(tag.olympusPreviewStart));
  const length = await inner.number(camera.get(tag.olympusPreviewLength));
  return offset && length ? [{ offset: note.offset + offset, length }] : [];
}
