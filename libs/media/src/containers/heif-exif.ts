import { latin, partOf, readExactly, type ByteSource } from '../source/byte-source.ts';
import { boxesIn, findBox, type Box } from './boxes.ts';

const maxItems = 4096;

/**
 * The TIFF structure in the item `Exif` of a HEIF or AVIF file (ISO/IEC 23008-12, Annex A). Writers disagree on what
 * stands before it, so it is looked for in the item's first bytes.
 */
export async function heifExif(source: ByteSource): Promise<ByteSource | undefined> {
  const meta = await findBox(source, 'meta');
  const information = meta && (await findBox(source, 'iinf', meta));
  const locations = meta && (await findBox(source, 'iloc', meta));
  if (!information || !locations) return undefined;
  const id = await exifItem(source, information);
  const item = id === undefined ? undefined : await itemOf(source, locations, id);
  if (!item) return undefined;
  const start = /II\*\0|MM\0\*/.exec(latin(await item.read(0, 32)))?.index;
  return start === undefined ? undefined : partOf(item, start, item.size - start);
}

async function exifItem(source: ByteSource, { start, end }: Box): Promise<number | undefined> {
  const version = (await readExactly(source, start, 4)).getUint8(0);
  for await (const box of boxesIn(source, start + (version === 0 ? 6 : 8), end)) {
    if (box.type !== 'infe') continue;
    const view = await readExactly(source, box.start, Math.min(14, box.end - box.start));
    const isWide = view.getUint8(0) >= 3;
    const type = isWide ? 10 : 8;
    if (view.byteLength < type + 4) continue;
    if (latin(new Uint8Array(view.buffer, view.byteOffset + type, 4)) === 'Exif')
      return isWide ? view.getUint32(4) : view.getUint16(4);
  }
  return undefined;
}

/** Only items that stand in the file in one piece: Exif does, everywhere. */
async function itemOf(
  source: ByteSource,
  { start, end }: Box,
  wanted: number,
): Promise<ByteSource | undefined> {
  const view = await readExactly(source, start, Math.min(end - start, 64 * 1024));
  let at = 0;
  const take = (bytes: number): number => {
    let value = 0;
    for (let i = 0; i < bytes; i += 1) value = value * 256 + view.getUint8(at + i);
    at += bytes;
    return value;
  };
  const version = take(1);
  at += 3;
  const sizes = take(2);
  const [offsetSize, lengthSize, baseSize, indexSize] = [12, 8, 4, 0].map(
    (shift) => (sizes >> shift) & 15,
  ) as [number, number, number, number];
  const items = take(version < 2 ? 2 : 4);
  for (let i = 0; i < Math.min(items, maxItems); i += 1) {
    const id = take(version < 2 ? 2 : 4);
    const construction = version > 0 ? take(2) & 15 : 0;
    at += 2;
    const base = take(baseSize);
    const extents = take(2);
    let found: ByteSource | undefined;
    for (let extent = 0; extent < extents; extent += 1) {
      if (version > 0) at += indexSize;
      const offset = base + take(offsetSize);
      found = partOf(source, offset, take(lengthSize));
    }
    if (id === wanted) return construction === 0 && extents === 1 ? found : undefined;
  }
  return undefined;
}
