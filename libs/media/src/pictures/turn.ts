/** RGBA pixels, row by row from the top left. */
export interface Raster {
  width: number;
  height: number;
  rgba: Uint8ClampedArray<ArrayBuffer>;
}

/** Turns a picture upright that is stored with this EXIF orientation (1 to 8). */
export function turnUpright(raster: Raster, orientation: number): Raster {
  if (orientation <= 1 || orientation > 8) return raster;
  const { width, height } = raster;
  const from = new Uint32Array(raster.rgba.buffer, raster.rgba.byteOffset, width * height);
  const isSwapped = orientation >= 5;
  const [w, h] = isSwapped ? [height, width] : [width, height];
  const out = new Uint32Array(w * h);
  // EXIF names the edges at which row 0 and column 0 of what is stored are to be seen.
  const [mirrored, upsideDown] = [[2, 3, 6, 7].includes(orientation), [3, 4, 7, 8].includes(orientation)];
  for (let y = 0; y < h; y += 1) {
    for (let x = 0; x < w; x += 1) {
      const u = mirrored ? w - 1 - x : x;
      const v = upsideDown ? h - 1 - y : y;
      out[y * w + x] = from[isSwapped ? u * width + v : v * width + u] ?? 0;
    }
  }
  return { width: w, height: h, rgba: new Uint8ClampedArray(out.buffer) };
}
