import type { LibraryId, PhotoId, VersionId } from '@heirloom/contracts';
import {
  equalBytes,
  findPart,
  partContext,
  readAll,
  verifyTrailer,
  type Manifest,
  type Part,
  type PartLabel,
  type ReadRange,
  type Trailer,
} from '@heirloom/formats';
import { open, openRanges, type RangeReader } from '../cobblestone/open.ts';
import { once } from '../cobblestone/batches.ts';
import { DamagedError } from '../errors.ts';
import { partKey, plaintextCommitment } from '../keys/derive.ts';
import { unwrapKey } from '../keys/wrap.ts';
import { webPorts, type CryptoPorts } from '../ports/ports.ts';
import { openFileKey } from './plan.ts';

/**
 * What opens the file key: the library key, by the trailer's own wrap; an album key with the album's wrap; or the file key
 * itself, which was opened before.
 */
export type FileKeyOpener =
  | { fileKey: Uint8Array }
  | { libraryKey: Uint8Array }
  | { albumKey: Uint8Array; album: string; epoch: number; wrappedFileKey: Uint8Array };

export interface OpenObjectInputs {
  trailer: Trailer;
  /** Ed25519 public keys of which one must have signed the trailer: the author's identity and devices. */
  signers: readonly Uint8Array[];
  /** What the reader asked for: another object, however well signed, is refused. */
  expected: { photo: PhotoId; version: VersionId; library?: LibraryId };
  key: FileKeyOpener;
  ports?: CryptoPorts;
}

/**
 * Checks a trailer and opens its file key.
 * @throws DamagedError `signer`, `signature`, `place` or `wrap`.
 */
export async function openObject(inputs: OpenObjectInputs): Promise<OpenedObject> {
  const { trailer, signers, expected, key, ports = webPorts } = inputs;
  const { manifest } = trailer;
  if (!signers.some((one) => equalBytes(one, trailer.signer))) {
    throw new DamagedError('signer', 'A photo is signed by a key that may not sign it.');
  }
  if (!(await verifyTrailer(trailer)))
    throw new DamagedError('signature', 'The signature of a photo is wrong.');
  const right =
    manifest.photo === expected.photo &&
    manifest.version === expected.version &&
    (expected.library ?? manifest.library) === manifest.library;
  if (!right) throw new DamagedError('place', 'This is another photo than was asked for.');
  return new OpenedObject(manifest, await fileKeyOf(trailer, key), ports);
}

async function fileKeyOf({ wrap, manifest }: Trailer, key: FileKeyOpener): Promise<Uint8Array> {
  if ('fileKey' in key) return key.fileKey;
  if ('libraryKey' in key) return openFileKey(key.libraryKey, wrap, manifest.version);
  const { albumKey, album, epoch, wrappedFileKey } = key;
  const binding = { purpose: 'file-key', collection: album, epoch, object: manifest.version } as const;
  return unwrapKey(albumKey, binding, wrappedFileKey);
}

/** An object whose trailer is proven and whose file key is at hand. */
export class OpenedObject {
  readonly manifest: Manifest;
  /** 32 bytes; to wrap it for an album. */
  readonly fileKey: Uint8Array;
  readonly #ports: CryptoPorts;

  constructor(manifest: Manifest, fileKey: Uint8Array, ports: CryptoPorts) {
    this.manifest = manifest;
    this.fileKey = fileKey;
    this.#ports = ports;
  }

  /** @throws DamagedError `place` when the object has no such part. */
  part(label: PartLabel): Part {
    const part = findPart(this.manifest, label);
    if (!part) throw new DamagedError('place', `This photo has no part ${label}.`);
    return part;
  }

  #keyOf(label: PartLabel) {
    const context = partContext({ ...this.manifest, label });
    return { key: partKey(this.fileKey, label), context, ports: this.#ports };
  }

  /** Opens a part whose ciphertext is at hand, as feeds carry metadata. */
  async openSealed(label: PartLabel, sealed: Uint8Array): Promise<Uint8Array<ArrayBuffer>> {
    const { length, size } = this.part(label);
    if (sealed.length !== length)
      throw new DamagedError('length', 'A sealed part has another length than it should.');
    const out = new Uint8Array(size);
    let at = 0;
    for await (const bytes of open(once(sealed), this.#keyOf(label))) {
      out.set(bytes, at);
      at += bytes.length;
    }
    return out;
  }

  /** Reads and opens a whole small part. Throws DamagedError, or AppError `object-malformed` on a short read. */
  async read(label: PartLabel, read: ReadRange): Promise<Uint8Array<ArrayBuffer>> {
    const { offset, length } = this.part(label);
    return this.openSealed(label, await readAll(read, offset, length));
  }

  /**
   * Opens a part as a stream. At the end of the original its hash is compared with the signed commitment. What was
   * yielded before an error is authentic but not complete.
   * @throws DamagedError
   */
  async *stream(label: PartLabel, read: ReadRange): AsyncGenerator<Uint8Array<ArrayBuffer>> {
    const { offset, length, size } = this.part(label);
    const hash = label === 'original' ? this.#ports.sha256() : undefined;
    let seen = 0;
    for await (const bytes of open(read(offset, length), this.#keyOf(label))) {
      seen += bytes.length;
      hash?.update(bytes);
      yield bytes;
    }
    if (seen !== size) throw new DamagedError('length', 'A sealed part has another length than it should.');
    if (hash && !equalBytes(plaintextCommitment(this.fileKey, hash.digest()), this.manifest.commitment)) {
      throw new DamagedError('commitment', 'The original is not the one that its manifest commits to.');
    }
  }

  /** Random access to a part. Throws DamagedError. */
  ranges(label: PartLabel, read: ReadRange): Promise<RangeReader> {
    const { offset, length } = this.part(label);
    return openRanges((at, count) => read(offset + at, count), length, this.#keyOf(label));
  }
}
