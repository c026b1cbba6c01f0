import type { Exifr as ExifrClass } from 'exifr';
import { webpChunk } from '../containers/riff.ts';
import { heifExif } from '../containers/heif-exif.ts';
import { partOf, windowed, type ByteSource } from '../source/byte-source.ts';
import type { Tags } from './tags.ts';

/** exifr's reader of Blobs, of which it shows no types; ours reads any source through it. */
interface ChunkedReader {
  ensureChunk(offset: number, length: number): Promise<void>;
  read(): Promise<void>;
  set(bytes: ArrayBuffer | Uint8Array, offset: number, extend: boolean): unknown;
  buffer: ArrayBufferLike;
  byteOffset: number;
  byteLength: number;
}
interface ExifrModule {
  Exifr: new (options: unknown) => ExifrClass & { file: ChunkedReader; options: unknown };
  fileReaders: Map<string, new (input: unknown, options: unknown) => ChunkedReader>;
}

const options = {
  tiff: true,
  ifd0: {},
  exif: true,
  gps: true,
  interop: false,
  iptc: false,
  xmp: false,
  icc: false,
  jfif: false,
  makerNote: false,
  userComment: false,
  translateValues: false,
  reviveValues: false,
  silentErrors: true,
};
/** exifr keeps one buffer that reaches to the last byte it read. */
const maxReachBytes = 64 * 1024 * 1024;

/** EXIF tags of a JPEG, PNG, HEIC, AVIF, WebP or TIFF-like RAW file; none where they cannot be read. */
export async function exifTags(source: ByteSource, mediaType: string): Promise<Tags> {
  try {
    const tiff = await exifPart(source, mediaType);
    return tiff && tiff.size > 8 ? await readTags(tiff) : {};
  } catch {
    return {};
  }
}

async function readTags(source: ByteSource): Promise<Tags> {
  const { Exifr, fileReaders } = await loadExifr();
  const BlobReader = fileReaders.get('blob');
  if (!BlobReader) return {};

  class SourceReader extends BlobReader {
    async _readChunk(offset: number, length: number): Promise<unknown> {
      if (offset + length > maxReachBytes) throw new RangeError('EXIF is too far into the file');
      return this.set(await source.read(offset, length), offset, true);
    }
    /** exifr's own grows by memory that holds what was there before, and might show it as a tag. */
    _extend(length: number): { uintView: Uint8Array; dataView: DataView } {
      if (length > maxReachBytes) throw new RangeError('EXIF is too far into the file');
      const uintView = new Uint8Array(length);
      uintView.set(new Uint8Array(this.buffer, this.byteOffset, this.byteLength));
      return { uintView, dataView: new DataView(uintView.buffer) };
    }
  }

  const exifr = new Exifr(options);
  exifr.file = new SourceReader(source, exifr.options);
  await exifr.file.read();
  return ((await exifr.parse()) as Tags | undefined) ?? {};
}

/** Browsers' bundles have the module's names beside a default; Node sees a CommonJS module. */
async function loadExifr(): Promise<ExifrModule> {
  const module = (await import('exifr')) as unknown as ExifrModule & { default: ExifrModule };
  return module.Exifr ? module : module.default;
}

/** What exifr is to read: the file itself, or the TIFF structure inside of containers that it does not know well. */
async function exifPart(source: ByteSource, mediaType: string): Promise<ByteSource | undefined> {
  if (mediaType === 'image/webp') return await webpExif(windowed(source));
  if (/^image\/(heic|heif|avif)$/.test(mediaType)) return await heifExif(windowed(source));
  return source;
}

/** The chunk `EXIF`; some writers put JPEG's prefix before it. */
async function webpExif(source: ByteSource): Promise<ByteSource | undefined> {
  const chunk = await webpChunk(source, 'EXIF');
  if (!chunk) return undefined;
  const prefix = new TextDecoder('latin1').decode(await chunk.read(0, 6));
  const skip = prefix === 'Exif\0\0' ? 6 : 0;
  return partOf(chunk, skip, chunk.size - skip);
}
