import { boxesIn, findBox } from '../containers/boxes.ts';
import { latin, partOf, readExactly, windowed, type ByteSource } from '../source/byte-source.ts';
import { displayP3, iccConversion, type ColourConversion } from '../pictures/colour.ts';

const maxProfileBytes = 64 * 1024;
const p3Primaries = 12;

/**
 * How to bring the decoded pixels of a HEIF file to sRGB; undefined where they are sRGB already or nothing is known.
 * libheif leaves colours as they are coded. The file's first `colr` is that of its picture.
 */
export async function colourOf(file: ByteSource): Promise<ColourConversion | undefined> {
  try {
    const source = windowed(file);
    const properties = await findBox(source, 'meta/iprp/ipco');
    if (!properties) return undefined;
    for await (const box of boxesIn(source, properties.start, properties.end)) {
      if (box.type !== 'colr') continue;
      const kind = latin(await source.read(box.start, 4));
      if (kind === 'nclx')
        return (await readExactly(source, box.start + 4, 2)).getUint16(0) === p3Primaries
          ? displayP3
          : undefined;
      const length = Math.min(box.end - box.start - 4, maxProfileBytes);
      if (kind === 'prof' || kind === 'rICC')
        return await iccConversion(partOf(source, box.start + 4, length));
    }
  } catch {
    // A broken profile is no profile.
  }
  return undefined;
}
