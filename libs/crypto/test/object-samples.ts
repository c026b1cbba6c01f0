import type { AccountId, AlbumId, DeviceId, LibraryId, PhotoId, VersionId } from '@heirloom/contracts';
import { readTrailer, type PartLabel } from '@heirloom/formats';
import {
  digestSource,
  openObject,
  planObject,
  sealObject,
  signerFromSeed,
  type FileKeyOpener,
  type ObjectPlan,
  type PartSource,
} from '../src/index.ts';
import { collect, counting, inPieces, rangesOf, sample, type SuiteInput } from './check.ts';

const uuid = <T extends string>(n: number) =>
  `01890000-0000-7000-8000-${n.toString(16).padStart(12, '0')}` as T;
export const library = { library: uuid<LibraryId>(3), epoch: 2, key: counting(32, 77) };
export const album = { id: uuid<AlbumId>(6), epoch: 4, key: counting(32, 78) };
export const ids = {
  photo: uuid<PhotoId>(4),
  version: uuid<VersionId>(5),
  author: uuid<AccountId>(1),
  device: uuid<DeviceId>(2),
  createdAt: 1_790_000_000_000,
};
export const otherPhoto = uuid<PhotoId>(14);
export const otherVersion = uuid<VersionId>(15);
export const otherLibrary = uuid<LibraryId>(13);
export const signerSeed = counting(32);

/** Parts as a client has them: small ones at hand, the original read anew each time. */
export const sourcesOf = (original: Uint8Array): Record<string, PartSource> => ({
  thumbnail: sample(700),
  metadata: sample(120),
  original: () => inPieces(original, [4096, 1, 70_000]),
});
const labels: PartLabel[] = ['thumbnail', 'metadata', 'original'];

export async function plan(
  original: Uint8Array,
  { ports }: SuiteInput,
  change: object = {},
): Promise<ObjectPlan> {
  const sources = sourcesOf(original);
  const parts = await Promise.all(
    labels.map(async (label) => ({ label, digest: await digestSource(sources[label]!, ports) })),
  );
  return planObject({ ...ids, ...change }, library, parts);
}

export async function sealWith(
  planned: ObjectPlan,
  { ports }: SuiteInput,
  options: { original?: Uint8Array; sources?: Record<string, PartSource>; from?: number } = {},
) {
  return sealObject(planned, {
    sources: options.sources ?? sourcesOf(options.original ?? new Uint8Array()),
    libraryKey: library.key,
    signer: await signerFromSeed(signerSeed),
    ports,
    ...(options.from === undefined ? {} : { from: options.from }),
  });
}

/** A complete object of one original. */
export async function make(original: Uint8Array, input: SuiteInput, change: object = {}) {
  const planned = await plan(original, input, change);
  const sealing = await sealWith(planned, input, { original });
  const bytes = await collect(sealing);
  return { planned, bytes, result: sealing.result };
}

/** Opens an object that lies in memory, as the reader who asked for it. */
export async function openBytes(
  bytes: Uint8Array,
  { ports }: SuiteInput,
  options: { key?: FileKeyOpener; expected?: object; signers?: Uint8Array[] } = {},
) {
  return openObject({
    trailer: await readTrailer(rangesOf(bytes), bytes.length),
    signers: options.signers ?? [(await signerFromSeed(signerSeed)).publicKey],
    expected: { photo: ids.photo, version: ids.version, library: library.library, ...options.expected },
    key: options.key ?? { libraryKey: library.key },
    ports,
  });
}

/** Opens every part of an object, each to its end. */
export async function readWhole(bytes: Uint8Array, input: SuiteInput): Promise<Record<string, Uint8Array>> {
  const opened = await openBytes(bytes, input);
  const parts: Record<string, Uint8Array> = {};
  for (const { label } of opened.manifest.parts)
    parts[label] = await collect(opened.stream(label, rangesOf(bytes)));
  return parts;
}
