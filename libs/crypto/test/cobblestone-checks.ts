import { cobblestone, sealedLength } from '@heirloom/formats';
import fc from 'fast-check';
import {
  iterate,
  open,
  openingStream,
  openRanges,
  seal,
  sealFrom,
  sealingStream,
  toReadable,
} from '../src/index.ts';
import {
  assert,
  assertBytes,
  assertEqual,
  check,
  collect,
  counting,
  flipBit,
  inParallel,
  inPieces,
  join,
  rangesOf,
  refuses,
  sample,
  type Check,
  type SuiteInput,
} from './check.ts';

const { chunkBytes, sealedChunkBytes, headerBytes } = cobblestone;
const salt = counting(24, 3);
const damage = ['header', 'chunk', 'length'];
/** Around everything where the format changes: nothing, one byte, chunk borders, batch borders. */
const sizes = [0, 1, 16_383, 16_384, 16_385, 32_768, 1_048_575, 1_048_576, 1_048_577, 2_200_000];

/** Whole chunks of a sealed part, the short final one last. */
function chunksOf(sealed: Uint8Array): Uint8Array[] {
  const chunks: Uint8Array[] = [];
  for (let at = headerBytes; at < sealed.length; at += sealedChunkBytes) {
    chunks.push(sealed.subarray(at, at + sealedChunkBytes));
  }
  return chunks;
}

export function cobblestoneChecks({ ports }: SuiteInput): Check[] {
  const options = { key: counting(32, 9), context: counting(5), ports };
  const sealWhole = (bytes: Uint8Array, pieces?: number[]) =>
    collect(seal(inPieces(bytes, pieces), { ...options, salt }));
  const openWhole = (bytes: Uint8Array, pieces?: number[]) => collect(open(inPieces(bytes, pieces), options));
  const refusesToOpen = (bytes: Uint8Array, what: string) => refuses(() => openWhole(bytes), damage, what);

  return [
    check('Cobblestone: what is sealed opens, at every border', async () => {
      for (const size of sizes) {
        const sealed = await sealWhole(sample(size));
        assertEqual(sealed.length, sealedLength(size), `length for ${size}`);
        assertBytes(await openWhole(sealed), sample(size), `${size} bytes`);
      }
    }),
    check('Cobblestone: one byte at a time gives the same', async () => {
      const sealed = await sealWhole(sample(40_000));
      assertBytes(await sealWhole(sample(40_000), [1]), sealed, 'sealed byte by byte');
      assertBytes(await openWhole(sealed, [1]), sample(40_000), 'opened byte by byte');
    }),
    check('Cobblestone: pieces of any size give the same', async () => {
      const sealed = await sealWhole(sample(60_000));
      const pieces = fc.array(fc.integer({ min: 0, max: 20_000 }), { minLength: 1, maxLength: 6 });
      await fc.assert(
        fc.asyncProperty(pieces, pieces, async (sealing, opening) => {
          assertBytes(await sealWhole(sample(60_000), sealing), sealed, 'sealed');
          assertBytes(await openWhole(sealed, opening), sample(60_000), 'opened');
        }),
        { numRuns: 25 },
      );
    }),
    check('Cobblestone: every truncation is refused', async () => {
      for (const size of [0, 1, 16_384, 40_000]) {
        const sealed = await sealWhole(sample(size));
        const borders = chunksOf(sealed).map((_, i) => headerBytes + i * sealedChunkBytes);
        const cuts = new Set([...Array(100).keys()]);
        for (const at of [...borders, sealed.length]) for (let i = -20; i <= 20; i++) cuts.add(at + i);
        const lengths = [...cuts].filter((cut) => cut >= 0 && cut < sealed.length);
        await inParallel(lengths.length, (i) =>
          refusesToOpen(sealed.subarray(0, lengths[i]), `${size} bytes cut to ${lengths[i]}`),
        );
      }
    }),
    check('Cobblestone: every extension is refused', async () => {
      for (const size of [0, 100, 16_384, 40_000]) {
        const sealed = await sealWhole(sample(size));
        for (const extra of [1, 15, 16, 17, 16_400, 16_416]) {
          await refusesToOpen(join([sealed, new Uint8Array(extra)]), `${size} bytes and ${extra} more`);
        }
        await refusesToOpen(join([sealed, sealed.subarray(headerBytes)]), `${size} bytes and all again`);
      }
    }),
    check('Cobblestone: reordered, repeated and missing chunks are refused', async () => {
      const sealed = await sealWhole(sample(6 * chunkBytes + 100));
      const [head, chunks] = [sealed.subarray(0, headerBytes), chunksOf(sealed)];
      const order = fc
        .array(fc.nat({ max: chunks.length - 1 }), { minLength: 0, maxLength: 10 })
        .filter((list) => list.join() !== chunks.map((_, i) => i).join());
      await fc.assert(
        fc.asyncProperty(order, (list) =>
          refusesToOpen(join([head, ...list.map((i) => chunks[i]!)]), `order ${list.join()}`),
        ),
        { numRuns: 100 },
      );
      for (let i = 0; i + 1 < chunks.length; i++) {
        const swapped = chunks.with(i, chunks[i + 1]!).with(i + 1, chunks[i]!);
        await refusesToOpen(join([head, ...swapped]), `chunks ${i} and ${i + 1} swapped`);
        await refusesToOpen(join([head, ...chunks.toSpliced(i, 1)]), `chunk ${i} missing`);
        await refusesToOpen(join([head, ...chunks.toSpliced(i, 0, chunks[i]!)]), `chunk ${i} twice`);
      }
    }),
    check('Cobblestone: chunks and headers of another message are refused', async () => {
      const one = await sealWhole(sample(40_000));
      const other = await collect(seal(inPieces(sample(40_000)), { ...options, salt: counting(24, 4) }));
      const border = headerBytes + sealedChunkBytes;
      await refusesToOpen(join([one.subarray(0, border), other.subarray(border)]), 'a foreign tail');
      await refusesToOpen(
        join([one.subarray(0, headerBytes), other.subarray(headerBytes)]),
        'a foreign body',
      );
      await refusesToOpen(join([one.subarray(0, 24), other.subarray(24)]), 'a foreign salt');
    }),
    check('Cobblestone: every flipped bit of a small file is refused', async () => {
      const sealed = await sealWhole(sample(90));
      await inParallel(sealed.length * 8, (bit) => refusesToOpen(flipBit(sealed, bit), `bit ${bit}`));
    }),
    check('Cobblestone: flipped bits of a large file are refused', async () => {
      const sealed = await sealWhole(sample(1_200_000));
      const bit = fc.nat({ max: sealed.length * 8 - 1 });
      await fc.assert(
        fc.asyncProperty(bit, (at) => refusesToOpen(flipBit(sealed, at), `bit ${at}`)),
        { numRuns: 30 },
      );
    }),
    check('Cobblestone: another key or context is refused by the header', async () => {
      const sealed = await sealWhole(sample(100));
      const with_ = (change: object) => () => collect(open(inPieces(sealed), { ...options, ...change }));
      await inParallel(256, (bit) =>
        refuses(with_({ key: flipBit(options.key, bit) }), ['header'], `key bit ${bit}`),
      );
      for (const context of [counting(4), counting(6), counting(5, 1), new Uint8Array()]) {
        await refuses(with_({ context }), ['header'], `context of ${context.length}`);
      }
      for (const length of [0, 31, 33]) {
        await refuses(with_({ key: counting(length) }), ['RangeError'], `key of ${length} bytes`);
      }
    }),
    check('Cobblestone: a random range equals the slice', async () => {
      const plaintext = sample(1_300_000);
      const sealed = await sealWhole(plaintext);
      const reader = await openRanges(rangesOf(sealed), sealed.length, options);
      assertEqual(reader.size, plaintext.length, 'size');
      const compare = async (offset: number, length: number) =>
        assertBytes(
          await collect(reader.range(offset, length)),
          plaintext.subarray(offset, offset + length),
          `${length} bytes from ${offset}`,
        );
      const offset = fc.nat({ max: plaintext.length });
      await fc.assert(
        fc.asyncProperty(offset, offset, async (a, b) => compare(Math.min(a, b), Math.abs(a - b))),
        { numRuns: 25 },
      );
      for (const at of [0, 1, chunkBytes - 1, chunkBytes, chunkBytes + 1, plaintext.length - 1]) {
        await compare(at, 0);
        await compare(at, 1);
        await compare(at, plaintext.length - at);
      }
      await compare(plaintext.length, 0);
      await refuses(() => collect(reader.range(plaintext.length, 1)), ['RangeError'], 'beyond the end');
      await refuses(() => collect(reader.range(-1, 1)), ['RangeError'], 'before the start');
    }),
    check('Cobblestone: a range refuses damage in its chunks and a source that is cut', async () => {
      const sealed = await sealWhole(sample(60_000));
      const range = async (bytes: Uint8Array, offset: number, length: number) => {
        const reader = await openRanges(rangesOf(bytes), sealed.length, options);
        return collect(reader.range(offset, length));
      };
      const hit = flipBit(sealed, (headerBytes + sealedChunkBytes + 5) * 8);
      await refuses(() => range(hit, 16_384, 1), ['chunk'], 'damage inside');
      assertBytes(await range(hit, 0, 100), sample(100), 'damage elsewhere');
      await refuses(() => range(sealed.subarray(0, -1), 59_999, 1), ['length'], 'a cut source');
      await refuses(() => range(sealed.subarray(0, 40_000), 30_000, 20_000), ['length'], 'a shorter source');
      await refuses(
        () => openRanges(rangesOf(sealed), headerBytes + 15, options),
        ['length'],
        'a length that no part has',
      );
    }),
    check('Cobblestone: sealing from an offset equals the tail', async () => {
      const plaintext = sample(1_200_000);
      const sealed = await sealWhole(plaintext);
      const tail = (offset: number) =>
        collect(sealFrom(offset, (from) => inPieces(plaintext.subarray(from)), { ...options, salt }));
      const edges = [
        0,
        1,
        23,
        24,
        55,
        56,
        57,
        56 + 16_399,
        56 + 16_400,
        56 + 16_401,
        sealed.length - 1,
        sealed.length,
      ];
      for (const offset of edges) assertBytes(await tail(offset), sealed.subarray(offset), `from ${offset}`);
      await fc.assert(
        fc.asyncProperty(fc.nat({ max: sealed.length }), async (offset) =>
          assertBytes(await tail(offset), sealed.subarray(offset), `from ${offset}`),
        ),
        { numRuns: 20 },
      );
    }),
    check('Cobblestone: without a given salt every ciphertext is another', async () => {
      const once = await collect(seal(inPieces(sample(10)), options));
      const again = await collect(seal(inPieces(sample(10)), options));
      assert(
        once.subarray(0, 24).some((byte, i) => byte !== again[i]),
        'the same salt twice',
      );
      assertBytes(await openWhole(again), sample(10), 'opened');
    }),
    check('Cobblestone: as WHATWG streams', async () => {
      const through = (bytes: Uint8Array, pair: ReadableWritablePair<Uint8Array, Uint8Array>) =>
        collect(iterate(toReadable(inPieces(bytes)).pipeThrough(pair)));
      const sealed = await through(sample(200_000), sealingStream({ ...options, salt }));
      assertBytes(sealed, await sealWhole(sample(200_000)), 'sealed');
      assertBytes(await through(sealed, openingStream(options)), sample(200_000), 'opened');
      await refuses(() => through(sealed.subarray(0, -1), openingStream(options)), ['chunk'], 'a cut stream');
    }),
    check('Cobblestone: holds a few MiB of a long stream and lets go of its source', async () => {
      const piece = sample(65_536);
      let read = 0;
      let closed = false;
      const source = async function* () {
        try {
          for (; ; read += piece.length) yield await Promise.resolve(piece);
        } finally {
          closed = true;
        }
      };
      let written = 0;
      for await (const bytes of open(seal(source(), options), options)) {
        written += bytes.length;
        assert(read - written < 8 * 1024 * 1024, `${read - written} bytes ahead`);
        if (written > 40 * 1024 * 1024) break;
      }
      assert(closed, 'the source was left open');
    }),
  ];
}
