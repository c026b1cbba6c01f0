import { decodeTrailer, makeTrailer, partContext, readTrailer, type PartPlace } from '@heirloom/formats';
import fc from 'fast-check';
import {
  digestSource,
  objectPlanFormat,
  open,
  partKey,
  plannedLength,
  planShape,
  seal,
  sealObject,
  signerFromSeed,
  verifyObject,
  wrapKey,
  type ObjectPlan,
} from '../src/index.ts';
import {
  assert,
  assertBytes,
  assertEqual,
  check,
  collect,
  counting,
  flipBit,
  hex,
  inParallel,
  inPieces,
  join,
  rangesOf,
  refuses,
  sample,
  unhex,
  type Check,
  type SuiteInput,
} from './check.ts';
import {
  album,
  ids,
  library,
  make,
  openBytes,
  otherLibrary,
  otherPhoto,
  otherVersion,
  plan,
  readWhole,
  sealWith,
  signerSeed,
  sourcesOf,
} from './object-samples.ts';

const anyDamage = [
  'header',
  'chunk',
  'length',
  'signature',
  'signer',
  'place',
  'wrap',
  'object-malformed',
  'block',
  'object',
];

async function frozenObject({ ports, vectors: { object } }: SuiteInput) {
  const labels = Object.keys(object.sizes) as ('thumbnail' | 'metadata' | 'original')[];
  const parts = await Promise.all(
    labels.map(async (label, i) => ({
      label,
      salt: unhex(object.salts[i]!),
      digest: await digestSource(sample(object.sizes[label]!), ports),
    })),
  );
  const planned: ObjectPlan = {
    suite: 1,
    ...object.ids,
    revision: 1,
    createdAt: 1_790_000_000_000,
    wrap: { library: object.ids.library, epoch: 3, key: unhex(object.wrap) },
    parts,
    original: parts.find((part) => part.label === 'original')!.digest.sha256,
  };
  return {
    planned,
    sources: Object.fromEntries(labels.map((label) => [label, sample(object.sizes[label]!)])),
  };
}

function sealingChecks(input: SuiteInput): Check[] {
  const { ports, vectors } = input;
  return [
    check('objects: the frozen one is made again, byte for byte', async () => {
      const { planned, sources } = await frozenObject(input);
      const frozen = vectors.object;
      const signer = await signerFromSeed(unhex(frozen.signerSeed));
      const sealing = sealObject(planned, { sources, libraryKey: unhex(frozen.libraryKey), signer, ports });
      const bytes = await collect(sealing);
      assertEqual(hex(sealing.result.trailer), frozen.trailer, 'trailer');
      assertEqual(sealing.result.name, frozen.sha256, 'name');
      assertEqual(hex(await ports.digest(bytes)), frozen.sha256, 'SHA-256');
    }),
    check('objects: lengths are known before, and every part comes back', async () => {
      for (const size of [0, 1, 16_384, 1_048_576, 2_100_000]) {
        const { planned, bytes, result } = await make(sample(size), input);
        assertEqual(bytes.length, plannedLength(planned), `length for ${size}`);
        assertEqual(result.length, bytes.length, 'length of the result');
        assertEqual(result.name, hex(await ports.digest(bytes)), 'name');
        const parts = await readWhole(bytes, input);
        assertBytes(parts.original!, sample(size), 'original');
        assertBytes(parts.thumbnail!, sample(700), 'thumbnail');
        const opened = await openBytes(bytes, input);
        assertBytes(await opened.read('metadata', rangesOf(bytes)), sample(120), 'metadata');
      }
    }),
    check('objects: ranges of the original equal the slices', async () => {
      const original = sample(1_200_000);
      const { bytes } = await make(original, input);
      const reader = await (await openBytes(bytes, input)).ranges('original', rangesOf(bytes));
      const offset = fc.nat({ max: original.length });
      await fc.assert(
        fc.asyncProperty(offset, offset, async (a, b) => {
          const [from, to] = [Math.min(a, b), Math.max(a, b)];
          assertBytes(
            await collect(reader.range(from, to - from)),
            original.subarray(from, to),
            `${from} to ${to}`,
          );
        }),
        { numRuns: 15 },
      );
    }),
    check('objects: an interrupted upload goes on with the same bytes, by the journal alone', async () => {
      const original = sample(1_100_000);
      const { planned, bytes, result } = await make(original, input);
      const journal = objectPlanFormat.encode(planned);
      const { offset: start } = planShape(planned).parts[2]!;
      const edges = [
        0,
        1,
        start - 1,
        start,
        start + 56,
        bytes.length - result.trailer.length,
        bytes.length - 1,
      ];
      const random = fc.sample(fc.nat({ max: bytes.length }), 8);
      for (const from of [...edges, ...random, bytes.length]) {
        const sealing = await sealWith(objectPlanFormat.decode(journal), input, { original, from });
        assertBytes(await collect(sealing), bytes.subarray(from), `from ${from}`);
        assertEqual(sealing.result.name, result.name, 'name');
      }
    }),
    check('objects: a file that changed is never sealed under the old key', async () => {
      const original = sample(2_500_000);
      const { planned, bytes } = await make(original, input);
      const changes: [string, Uint8Array][] = [
        ['first byte', flipBit(original, 0)],
        ['a byte in the middle', flipBit(original, 8 * 1_300_000)],
        ['last byte', flipBit(original, 8 * original.length - 1)],
        ['longer', join([original, Uint8Array.of(1)])],
        ['shorter', original.subarray(0, -1)],
        ['empty', new Uint8Array()],
        ['much longer', join([original, original])],
        ['cut at a block', original.subarray(0, 1024 * 1024)],
      ];
      for (const [what, changed] of changes) {
        for (const from of [0, 1_000_000]) {
          const emitted: Uint8Array[] = [];
          const sealing = await sealWith(planned, input, { original: changed, from });
          await refuses(
            async () => {
              for await (const piece of sealing) emitted.push(piece);
            },
            ['source-changed'],
            what,
          );
          const sent = join(emitted);
          assertBytes(sent, bytes.subarray(from, from + sent.length), `${what}: what was sealed before`);
          assertThrows(() => sealing.result, what);
        }
      }
      const sources = { ...sourcesOf(original), thumbnail: sample(701) };
      const sealing = await sealWith(planned, input, { sources });
      await refuses(() => collect(sealing), ['source-changed'], 'another thumbnail');
    }),
    check('objects: every plan has a key and salts of its own', async () => {
      const one = await make(sample(500), input);
      const two = await make(sample(500), input);
      assert(one.result.name !== two.result.name, 'the same object twice');
      const parts = one.planned.parts.map((part, i) => hex(part.salt) !== hex(two.planned.parts[i]!.salt));
      assert(parts.every(Boolean), 'a salt twice');
    }),
  ];
}

function assertThrows(work: () => unknown, what: string): void {
  let threw = false;
  try {
    work();
  } catch {
    threw = true;
  }
  assert(threw, `${what}: did not throw`);
}

const places: [string, Partial<PartPlace>][] = [
  ['part', { label: 'preview' }],
  ['photo', { photo: otherPhoto }],
  ['version', { version: otherVersion }],
  ['library', { library: otherLibrary }],
  ['revision', { revision: 2 }],
];

function refusalChecks(input: SuiteInput): Check[] {
  const { ports } = input;
  return [
    check('objects: a part opens in its own place alone', async () => {
      const place = { ...ids, library: library.library, label: 'thumbnail', revision: 1 };
      const key = partKey(counting(32), 'thumbnail');
      const sealed = await collect(seal(inPieces(sample(90)), { key, context: partContext(place), ports }));
      for (const [what, change] of places) {
        const context = partContext({ ...place, ...change });
        await refuses(
          () => collect(open(inPieces(sealed), { key, context, ports })),
          ['header'],
          `another ${what}`,
        );
      }
      const other = { key: partKey(counting(32), 'preview'), context: partContext(place), ports };
      await refuses(() => collect(open(inPieces(sealed), other)), ['header'], "another part's key");
    }),
    check('objects: no flipped bit goes unnoticed', async () => {
      const { bytes } = await make(sample(90), input);
      await inParallel(bytes.length, (byte) =>
        refuses(() => readWhole(flipBit(bytes, byte * 8 + (byte % 8)), input), anyDamage, `byte ${byte}`),
      );
    }),
    check('objects: cut, extended, or with the trailer of another', async () => {
      const { bytes, result } = await make(sample(3000), input);
      const cuts = [
        0,
        1,
        15,
        16,
        100,
        bytes.length - result.trailer.length,
        bytes.length - 16,
        bytes.length - 1,
      ];
      for (const cut of cuts) {
        await refuses(() => readWhole(bytes.subarray(0, cut), input), anyDamage, `cut to ${cut}`);
        await refuses(
          () => readWhole(bytes.subarray(cut + 1), input),
          anyDamage,
          `without the first ${cut + 1}`,
        );
      }
      await refuses(() => readWhole(join([bytes, Uint8Array.of(0)]), input), anyDamage, 'one byte more');
      const twin = await make(sample(3000), input);
      const body = bytes.subarray(0, bytes.length - result.trailer.length);
      await refuses(
        () => readWhole(join([body, twin.result.trailer]), input),
        ['header'],
        "a twin's trailer",
      );
    }),
    check('objects: another photo, version, library or signer than was asked for', async () => {
      const { bytes } = await make(sample(300), input);
      const asked = (expected: object) => () => openBytes(bytes, input, { expected });
      await refuses(asked({ photo: otherPhoto }), ['place'], 'photo');
      await refuses(asked({ version: otherVersion }), ['place'], 'version');
      await refuses(asked({ library: otherLibrary }), ['place'], 'library');
      const stranger = (await signerFromSeed(counting(32, 1))).publicKey;
      await refuses(() => openBytes(bytes, input, { signers: [stranger] }), ['signer'], 'signer');
      await refuses(() => openBytes(bytes, input, { signers: [] }), ['signer'], 'no signer');
      const key = { libraryKey: flipBit(library.key, 0) };
      await refuses(() => openBytes(bytes, input, { key }), ['wrap'], 'library key');
      const opened = await openBytes(bytes, input);
      await refuses(() => opened.read('preview', rangesOf(bytes)), ['place'], 'a part that is not there');
    }),
    check("objects: open with an album's wrap, for that album and epoch alone", async () => {
      const { bytes } = await make(sample(300), input);
      const { fileKey } = await openBytes(bytes, input);
      const place = {
        purpose: 'file-key',
        collection: album.id,
        epoch: album.epoch,
        object: ids.version,
      } as const;
      const key = {
        albumKey: album.key,
        album: album.id,
        epoch: album.epoch,
        wrappedFileKey: await wrapKey(album.key, place, fileKey),
      };
      const opened = await openBytes(bytes, input, { key });
      assertBytes(await opened.read('original', rangesOf(bytes)), sample(300), 'original');
      const wrong = [{ epoch: 5 }, { album: library.library }, { albumKey: counting(32) }];
      for (const change of wrong) {
        await refuses(
          () => openBytes(bytes, input, { key: { ...key, ...change } }),
          ['wrap'],
          JSON.stringify(change),
        );
      }
    }),
    check('objects: an original that the manifest does not commit to', async () => {
      const { bytes, result } = await make(sample(300), input);
      const { manifest, wrap } = decodeTrailer(result.trailer);
      const forged = await makeTrailer(
        { ...manifest, commitment: counting(32) },
        wrap,
        await signerFromSeed(signerSeed),
      );
      const body = bytes.subarray(0, bytes.length - result.trailer.length);
      await refuses(() => readWhole(join([body, forged]), input), ['commitment'], 'another commitment');
    }),
    check('objects: verified without a key, to the block', async () => {
      const { bytes, result } = await make(sample(2_500_000), input);
      const trailer = await readTrailer(rangesOf(bytes), bytes.length);
      const { publicKey } = await signerFromSeed(signerSeed);
      const inputs = { trailer, signers: [publicKey], name: result.name, ports };
      const verify = (changed: Uint8Array, change: object = {}) =>
        verifyObject(inPieces(changed, [100_003]), { ...inputs, ...change });
      await verify(bytes);
      const blocks = Math.ceil((bytes.length - trailer.trailerLength) / 1024 ** 2);
      for (let block = 0; block < blocks; block++) {
        await refuses(() => verify(flipBit(bytes, (block * 1024 ** 2 + 9) * 8)), ['block'], `block ${block}`);
      }
      await refuses(() => verify(flipBit(bytes, bytes.length * 8 - 200)), anyDamage, 'the trailer');
      await refuses(() => verify(bytes.subarray(0, -1)), ['object'], 'a cut');
      await refuses(() => verify(join([bytes, Uint8Array.of(1)])), ['object'], 'one byte more');
      await refuses(() => verify(bytes, { name: '0'.repeat(64) }), ['object'], 'another name');
      await refuses(() => verify(bytes, { signers: [counting(32)] }), ['signature'], 'another signer');
      const twin = await make(sample(2_500_000), input);
      await refuses(() => verify(twin.bytes), ['block'], 'a twin');
    }),
    check('objects: plans are read strictly', async () => {
      const journal = objectPlanFormat.encode(await plan(sample(10), input));
      await refuses(async () => objectPlanFormat.decode(journal.subarray(1)), ['damaged'], 'a cut');
      await refuses(async () => objectPlanFormat.decode(flipBit(journal, 3)), ['damaged'], 'a flipped bit');
    }),
  ];
}

export const objectChecks = (input: SuiteInput): Check[] => [
  ...sealingChecks(input),
  ...refusalChecks(input),
];
