import fc from 'fast-check';
import {
  digestSource,
  objectPlanFormat,
  plannedLength,
  planShape,
  sealObject,
  signerFromSeed,
  type ObjectPlan,
} from '../src/index.ts';
import {
  assert,
  assertBytes,
  assertEqual,
  check,
  collect,
  flipBit,
  hex,
  join,
  rangesOf,
  refuses,
  sample,
  unhex,
  type Check,
  type SuiteInput,
} from './check.ts';
import { make, openBytes, readWhole, sealWith, sourcesOf } from './object-samples.ts';

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

export function objectSealingChecks(input: SuiteInput): Check[] {
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
