import {
  BufferSource,
  BufferTarget,
  EncodedPacket,
  EncodedPacketSink,
  EncodedVideoPacketSource,
  Input,
  MP4,
  Mp4OutputFormat,
  Output,
} from 'mediabunny';

/** Two pictures a second. */
const pictureSeconds = 0.5;

/**
 * H.264's own filling (NAL unit 12, Rec. H.264 7.3.2.7), with its length before it as in MP4: players skip it.
 */
function filling(bytes: number): Uint8Array<ArrayBuffer> {
  const unit = new Uint8Array(bytes).fill(0xff);
  new DataView(unit.buffer).setUint32(0, bytes - 4);
  unit[4] = 12;
  unit[bytes - 1] = 0x80;
  return unit;
}

/**
 * A film as long and as large as wanted, which players can play and seek in: one picture of `source` over and over, each as
 * large as if it had been filmed more sharply.
 * @param source - an MP4 with H.264
 * @returns MP4, with its index at the beginning
 */
export async function longFilm(
  source: Uint8Array<ArrayBuffer>,
  seconds: number,
  bytes: number,
): Promise<Uint8Array<ArrayBuffer>> {
  const input = new Input({ source: new BufferSource(source), formats: [MP4] });
  const track = await input.getPrimaryVideoTrack();
  const decoderConfig = (await track?.getDecoderConfig()) ?? undefined;
  const first = track && (await new EncodedPacketSink(track).getFirstPacket());
  if (!first || !decoderConfig) throw new Error('the sample film has no picture');
  const count = Math.round(seconds / pictureSeconds);
  const extra = filling(Math.max(16, Math.floor(bytes / count) - first.byteLength));
  const picture = new Uint8Array(first.byteLength + extra.length);
  picture.set(first.data);
  picture.set(extra, first.byteLength);
  const target = new BufferTarget();
  const output = new Output({ format: new Mp4OutputFormat({ fastStart: 'in-memory' }), target });
  const pictures = new EncodedVideoPacketSource('avc');
  output.addVideoTrack(pictures, { frameRate: 1 / pictureSeconds });
  await output.start();
  for (let i = 0; i < count; i += 1) {
    const packet = new EncodedPacket(picture, 'key', i * pictureSeconds, pictureSeconds);
    await pictures.add(packet, { decoderConfig });
  }
  await output.finalize();
  if (!target.buffer) throw new Error('the film was not written');
  return new Uint8Array(target.buffer);
}
