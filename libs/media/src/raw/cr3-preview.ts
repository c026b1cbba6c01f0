import { boxesIn, findBox, type Box } from '../containers/boxes.ts';
import { readExactly, type ByteSource } from '../source/byte-source.ts';
import type { Extent } from './raw-preview.ts';

const canonUuid = '85c0b687820f11e08111f4ce462b6a48';
const previewUuid = 'eaf42b5e1c984b88b9fbb7dc406e4d16';
const maxTracks = 16;

/** The box of Canon's own in `moov`: EXIF and the small thumbnail. */
export async function canonBoxes(source: ByteSource): Promise<Box | undefined> {
  const movie = await findBox(source, 'moov');
  if (!movie) return undefined;
  for await (const box of boxesIn(source, movie.start, movie.end)) if (box.uuid === canonUuid) return box;
  return undefined;
}

/** Places that may hold a JPEG: samples of tracks (the full size), the box `PRVW`, the box `THMB`. */
export async function cr3Candidates(source: ByteSource): Promise<Extent[]> {
  const found: Extent[] = [];
  for await (const box of boxesIn(source)) {
    if (box.type === 'moov') found.push(...(await firstSamples(source, box)));
    // Eight bytes stand before the box in there.
    if (box.uuid === previewUuid)
      found.push(...(await jpegIn(source, { ...box, start: box.start + 8 }, 'PRVW')));
  }
  const canon = await canonBoxes(source);
  if (canon) found.push(...(await jpegIn(source, canon, 'THMB')));
  return found;
}

async function jpegIn(source: ByteSource, parent: Box, type: string): Promise<Extent[]> {
  for await (const box of boxesIn(source, parent.start, parent.end)) {
    if (box.type !== type) continue;
    const head = await source.read(box.start, Math.min(64, box.end - box.start));
    const start = head.findIndex((byte, i) => byte === 0xff && head[i + 1] === 0xd8);
    if (start >= 0) return [{ offset: box.start + start, length: box.end - box.start - start }];
  }
  return [];
}

async function firstSamples(source: ByteSource, movie: Box): Promise<Extent[]> {
  const found: Extent[] = [];
  for await (const track of boxesIn(source, movie.start, movie.end)) {
    if (track.type !== 'trak' || found.length >= maxTracks) continue;
    const table = await findBox(source, 'mdia/minf/stbl', track);
    const sizes = table && (await findBox(source, 'stsz', table));
    if (!sizes) continue;
    const header = await readExactly(source, sizes.start, 16);
    const length = header.getUint32(4) || header.getUint32(12);
    const wide = await findBox(source, 'co64', table);
    const narrow = wide ? undefined : await findBox(source, 'stco', table);
    if (wide) {
      const offset = (await readExactly(source, wide.start + 8, 8)).getBigUint64(0);
      found.push({ offset: Number(offset), length });
    } else if (narrow) {
      found.push({ offset: (await readExactly(source, narrow.start + 8, 4)).getUint32(0), length });
    }
  }
  return found;
}
