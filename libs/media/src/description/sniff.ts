import { latin, windowed, type ByteSource } from '../source/byte-source.ts';
import { Tiff } from '../containers/tiff.ts';
import { mediaTypeOf } from './media-type.ts';

const headBytes = 512;
const heicBrands = ['heic', 'heix', 'heim', 'heis', 'hevc', 'hevx', 'hevm', 'hevs'];
/** Formats that are TIFF structures and tell themselves apart by the name only. */
const tiffFamily = new Set([
  'image/tiff',
  'image/x-adobe-dng',
  'image/x-nikon-nef',
  'image/x-sony-arw',
  'image/x-pentax-pef',
]);
const dngVersion = 0xc612;

/** The media type of a file: by its content where that is known here, else by its name. */
export async function sniffMediaType(source: ByteSource, name: string): Promise<string> {
  const byName = mediaTypeOf(name);
  const head = await source.read(0, headBytes);
  return (await byContent(source, head, byName)) ?? byName;
}

async function byContent(source: ByteSource, head: Uint8Array, byName: string): Promise<string | undefined> {
  const text = latin(head.subarray(0, 16));
  if (text.startsWith('\xff\xd8\xff')) return 'image/jpeg';
  if (text.startsWith('\x89PNG\r\n\x1a\n')) return 'image/png';
  if (text.startsWith('GIF87a') || text.startsWith('GIF89a')) return 'image/gif';
  if (text.startsWith('RIFF') && text.slice(8, 12) === 'WEBP') return 'image/webp';
  if (text.startsWith('RIFF') && text.slice(8, 12) === 'AVI ') return 'video/x-msvideo';
  if (text.startsWith('FUJIFILMCCD-RAW')) return 'image/x-fuji-raf';
  if (text.startsWith('\xff\x0a') || text.startsWith('\0\0\0\x0cJXL ')) return 'image/jxl';
  if (/^(IIR[OS]|MMOR)/.test(text)) return 'image/x-olympus-orf';
  if (text.startsWith('IIU\0')) return 'image/x-panasonic-rw2';
  if (text.startsWith('II*\0') || text.startsWith('MM\0*')) return await tiffType(source, text, byName);
  if (text.startsWith('\x1aE\xdf\xa3'))
    return latin(head.subarray(0, 64)).includes('webm') ? 'video/webm' : 'video/x-matroska';
  if (text.slice(4, 8) === 'ftyp') return brandType(head, byName);
  if (['moov', 'mdat', 'wide', 'free', 'skip'].includes(text.slice(4, 8))) return 'video/quicktime';
  if (head[0] === 0x47 && head[188] === 0x47 && head[376] === 0x47) return 'video/mp2t';
  if (head[4] === 0x47 && head[196] === 0x47 && head[388] === 0x47) return 'video/mp2t';
  return undefined;
}

async function tiffType(source: ByteSource, text: string, byName: string): Promise<string> {
  if (text.slice(8, 10) === 'CR') return 'image/x-canon-cr2';
  if (tiffFamily.has(byName) && byName !== 'image/tiff') return byName;
  try {
    const opened = await Tiff.open(windowed(source));
    const isDng = opened && (await opened.tiff.directory(opened.first)).entries.has(dngVersion);
    return isDng ? 'image/x-adobe-dng' : 'image/tiff';
  } catch {
    return 'image/tiff';
  }
}

/** The first brand says what the file is; the generic ones of HEIF leave it to those that follow. */
function brandType(head: Uint8Array, byName: string): string {
  const length = Math.min(new DataView(head.buffer, head.byteOffset).getUint32(0), head.length);
  const brands: string[] = [];
  for (let at = 8; at + 4 <= length; at += at === 8 ? 8 : 4) brands.push(latin(head.subarray(at, at + 4)));
  const [major = ''] = brands;
  const pictures = ['mif1', 'msf1', 'mif2', 'miaf'].includes(major) ? brands : [major];
  if (pictures.some((brand) => brand === 'avif' || brand === 'avis')) return 'image/avif';
  if (pictures.some((brand) => heicBrands.includes(brand))) return 'image/heic';
  if (pictures.length > 1 || major === 'mif1' || major === 'msf1') return 'image/heif';
  if (major === 'crx ') return 'image/x-canon-cr3';
  if (major === 'qt  ') return 'video/quicktime';
  if (major.startsWith('3g')) return 'video/3gpp';
  if (major.startsWith('M4V')) return 'video/x-m4v';
  return byName.startsWith('video/') || byName.startsWith('audio/') ? byName : 'video/mp4';
}
