/**
 * Pictures described per second under Node, a JPEG of 12 megapixels: as the command line does it (sharp reads a JPEG
 * at about the size that is needed), and by unpacking every pixel first. Needs a build. Usage: node bench/media.mjs [rounds]
 */
import { randomBytes } from 'node:crypto';
import { bytesSource, describeMedia } from '@heirloom/media';
import { sharpDecoder } from '@heirloom/media/node';
import sharp from 'sharp';

const rounds = Number(process.argv[2] ?? 5);
const [width, height] = [4000, 3000];
// Soft noise compresses about as a photo does.
const noise = await sharp(randomBytes(500 * 375 * 3), { raw: { width: 500, height: 375, channels: 3 } })
  .resize(width, height)
  .jpeg({ quality: 90 })
  .toBuffer();

async function rate(run) {
  await run();
  const before = performance.now();
  for (let i = 0; i < rounds; i += 1) await run();
  return (rounds * 1000) / (performance.now() - before);
}

const file = { name: 'photo.jpg', source: bytesSource(noise), sha256: new Uint8Array(32) };
const whole = {
  ...sharpDecoder,
  async open({ source }, longEdge) {
    const bytes = await source.read(0, source.size);
    const rgba = new Uint8ClampedArray(await sharp(bytes).ensureAlpha().raw().toBuffer());
    return await sharpDecoder.open({ kind: 'pixels', pixels: { width, height, rgba } }, longEdge);
  },
};
const small = await rate(() => describeMedia(file, sharpDecoder));
const full = await rate(() => describeMedia(file, whole));
process.stdout.write(
  `12 MP JPEG, ${(noise.length / 1e6).toFixed(1)} MB: ${small.toFixed(1)} pictures/s, unpacked whole ${full.toFixed(1)}   x ${(small / full).toFixed(1)}\n`,
);
