import { limits } from '@heirloom/contracts/limits';
import type { ByteSource } from '../source/byte-source.ts';
import type { Pixels } from '../pictures/picture-decoder.ts';
import { colourOf } from './heif-colour.ts';

/**
 * The primary picture of a HEIC or HEIF file. libheif applies the file's own rotation, mirroring and crop, which is
 * all there is to apply: EXIF's orientation in such a file is information only (ISO/IEC 23008-12).
 *
 * An instance's memory only ever grows, so each picture has an instance of its own and leaves nothing behind.
 *
 * @returns null for what libheif cannot decode, and for more pixels than `limits.unpackedPixels`
 */
export async function decodeHeic(source: ByteSource): Promise<Pixels | null> {
  const { default: load } = await import('libheif-js/libheif-wasm/libheif-bundle.mjs');
  const heif = load({ print: () => undefined, printErr: () => undefined });
  const context = heif.heif_context_alloc();
  const { code } = heif.heif_context_read_from_memory(context, await source.read(0, source.size));
  if (code !== heif.heif_error_code.heif_error_Ok) return null;
  const handle = heif.heif_js_context_get_primary_image_handle(context);
  if (!handle || 'code' in handle) return null;
  const width = heif.heif_image_handle_get_width(handle);
  const height = heif.heif_image_handle_get_height(handle);
  if (width < 1 || height < 1 || width * height > limits.unpackedPixels) return null;
  const decoded = heif.heif_js_decode_image2(
    handle,
    heif.heif_colorspace.heif_colorspace_RGB,
    heif.heif_chroma.heif_chroma_interleaved_RGBA,
  );
  if (!decoded || 'code' in decoded) return null;
  const plane = decoded.channels.find(({ id }) => id === heif.heif_channel.heif_channel_interleaved);
  if (!plane || plane.width !== width || plane.height !== height) return null;
  return {
    width,
    height,
    rgba: tight(plane.data, width * 4, plane.stride, height),
    colour: await colourOf(source),
  };
}

/** Rows one after the other; where they stand so already, nothing is copied. */
function tight(
  data: Uint8Array<ArrayBuffer>,
  rowBytes: number,
  stride: number,
  rows: number,
): Uint8ClampedArray<ArrayBuffer> {
  if (stride === rowBytes) return new Uint8ClampedArray(data.buffer, data.byteOffset, rowBytes * rows);
  const out = new Uint8ClampedArray(rowBytes * rows);
  for (let row = 0; row < rows; row += 1)
    out.set(data.subarray(row * stride, row * stride + rowBytes), row * rowBytes);
  return out;
}
