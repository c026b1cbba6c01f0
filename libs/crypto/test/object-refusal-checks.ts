import { decodeTrailer, makeTrailer, partContext, readTrailer, type PartPlace } from '@heirloom/formats';
import {
  objectPlanFormat,
  open,
  partKey,
  seal,
  signerFromSeed,
  verifyObject,
  wrapKey,
} from '../src/index.ts';
import {
  assertBytes,
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
  signerSeed,
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

const places: [string, Partial<PartPlace>][] = [
  ['part', { label: 'preview' }],
  ['photo', { photo: otherPhoto }],
  ['version', { version: otherVersion }],
  ['library', { library: otherLibrary }],
  ['revision', { revision: 2 }],
];

export function objectRefusalChecks(input: SuiteInput): Check[] {
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
