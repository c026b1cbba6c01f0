import { AppError, limits } from '@heirloom/contracts';
import { z } from 'zod';
import { concatBytes, equalBytes } from '../encoding/bytes.ts';
import { encodeCanonical, recordFormat } from '../encoding/canonical.ts';
import {
  byteString,
  ed25519KeyField,
  ed25519SignatureField,
  epochField,
  libraryField,
  wrappedKeyField,
} from '../encoding/fields.ts';
import { suite, suiteField } from '../encoding/suite.ts';
import { signedMessage, verifyEd25519, type Signer } from '../statements/signing.ts';
import { blockCount, bodyLength, manifestFormat, type Manifest, type ManifestShape } from './manifest.ts';

/** The last 16 bytes of an object: version of the layout (u32), length of the trailer's record (u32), magic. Big-endian. */
export const footerBytes = 16;
const layoutVersion = 1;
const magic = new TextEncoder().encode('HEIRLOOM');
/** Readers ask for so much of an object's end first: most trailers lie within it. */
export const trailerGuessBytes = 64 * 1024;

const malformed = (detail: string) => new AppError('object-malformed', { detail });

const wrapSchema = z.strictObject({
  library: libraryField,
  epoch: epochField,
  /** The file key under the library key: nonce (12), ciphertext (32), tag (16). */
  key: wrappedKeyField,
});
export type TrailerWrap = z.output<typeof wrapSchema>;

const recordSchema = z.strictObject({
  suite: suiteField,
  manifest: byteString(1, limits.trailerBytes),
  wrap: wrapSchema,
  signer: ed25519KeyField,
  signature: ed25519SignatureField,
});
const trailerRecord = recordFormat(recordSchema, { maxBytes: limits.trailerBytes, code: 'object-malformed' });

export interface Trailer {
  readonly manifest: Manifest;
  /** The manifest's own encoding: what the signature covers. */
  readonly manifestBytes: Uint8Array;
  readonly wrap: TrailerWrap;
  /** Ed25519 public key of whoever signed. */
  readonly signer: Uint8Array;
  readonly signature: Uint8Array;
  /** Of the record and the footer together. */
  readonly trailerLength: number;
}

/** The signed payload: the trailer's record without its signature. */
const signedPayload = ({ manifestBytes, wrap, signer }: Pick<Trailer, 'manifestBytes' | 'wrap' | 'signer'>) =>
  encodeCanonical({ suite, manifest: manifestBytes, wrap: z.encode(wrapSchema, wrap), signer });

function packTrailer(record: z.output<typeof recordSchema>): Uint8Array<ArrayBuffer> {
  const bytes = trailerRecord.encode(record);
  const footer = new DataView(new ArrayBuffer(8));
  footer.setUint32(0, layoutVersion);
  footer.setUint32(4, bytes.length);
  return concatBytes(bytes, new Uint8Array(footer.buffer), magic);
}

/** Signs a manifest and a wrap, and encodes all as the end of an object. */
export async function makeTrailer(
  manifest: Manifest,
  wrap: TrailerWrap,
  signer: Signer,
): Promise<Uint8Array<ArrayBuffer>> {
  const manifestBytes = manifestFormat.encode(manifest);
  const publicKey = signer.publicKey;
  const signature = await signer.sign(
    signedMessage('trailer', signedPayload({ manifestBytes, wrap, signer: publicKey })),
  );
  return packTrailer({ suite, manifest: manifestBytes, wrap, signer: publicKey, signature });
}

/** Length of the trailer of an object of this shape, known before the first byte is sealed. */
export function trailerLength(shape: ManifestShape, epoch: number): number {
  const manifest = manifestFormat.encode({
    ...shape,
    blocks: new Uint8Array(32 * blockCount(bodyLength(shape))),
    commitment: new Uint8Array(32),
  });
  const wrap = { library: shape.library, epoch, key: new Uint8Array(60) };
  const empty = { suite, manifest, wrap, signer: new Uint8Array(32), signature: new Uint8Array(64) } as const;
  return packTrailer(empty).length;
}

/** Length of a whole object of this shape. */
export const objectLength = (shape: ManifestShape, epoch: number): number =>
  bodyLength(shape) + trailerLength(shape, epoch);

/**
 * How long the trailer is, footer included, by the last 16 bytes of `tail`.
 * @throws AppError `object-malformed` when the tail is not the end of an object.
 */
export function readFooter(tail: Uint8Array): number {
  const footer = tail.subarray(-footerBytes);
  if (footer.length < footerBytes || !equalBytes(footer.subarray(8), magic)) {
    throw malformed('The end of a sealed object is missing.');
  }
  const view = new DataView(footer.buffer, footer.byteOffset, footerBytes);
  const length = view.getUint32(4) + footerBytes;
  if (view.getUint32(0) !== layoutVersion) throw malformed('This object is of a later layout.');
  if (length > limits.trailerBytes) throw malformed('The trailer of an object is too long.');
  return length;
}

/**
 * Decodes a trailer: `tail` ends where the object ends and holds at least the trailer. Checks its form and, when
 * given the object's length, that parts and trailer fill it. Verifies no signature.
 * @throws AppError `object-malformed`
 */
export function decodeTrailer(tail: Uint8Array, objectBytes?: number): Trailer {
  const length = readFooter(tail);
  if (tail.length < length) throw malformed('The trailer of an object is cut short.');
  const record = trailerRecord.decode(tail.subarray(tail.length - length, tail.length - footerBytes));
  const manifest = manifestFormat.decode(record.manifest);
  if (record.wrap.library !== manifest.library)
    throw malformed('The key of an object is for another library.');
  if (objectBytes !== undefined && bodyLength(manifest) + length !== objectBytes) {
    throw malformed('The parts of an object do not fill it.');
  }
  const { wrap, signer, signature } = record;
  return { manifest, manifestBytes: record.manifest, wrap, signer, signature, trailerLength: length };
}

/** Whether the trailer's signature is right. Whose key `signer` is remains for the caller to decide. */
export const verifyTrailer = (trailer: Trailer): Promise<boolean> =>
  verifyEd25519(trailer.signer, trailer.signature, signedMessage('trailer', signedPayload(trailer)));

/** Reads `length` bytes of an object from `offset`. It may stream them in pieces of any size. */
export type ReadRange = (offset: number, length: number) => AsyncIterable<Uint8Array>;

/**
 * Collects a range.
 * @throws AppError `object-malformed` when it yields another number of bytes.
 */
export async function readAll(
  read: ReadRange,
  offset: number,
  length: number,
): Promise<Uint8Array<ArrayBuffer>> {
  const bytes = new Uint8Array(length);
  let at = 0;
  for await (const piece of read(offset, length)) {
    if (at + piece.length > length) throw malformed('More of an object was read than there is.');
    bytes.set(piece, at);
    at += piece.length;
  }
  if (at !== length) throw malformed('An object is shorter than it should be.');
  return bytes;
}

/**
 * Finds and decodes the trailer by reading an object's end, twice when it is a long one.
 * @throws AppError `object-malformed`
 */
export async function readTrailer(read: ReadRange, objectBytes: number): Promise<Trailer> {
  if (objectBytes < footerBytes) throw malformed('This is too short to be a sealed object.');
  const first = Math.min(trailerGuessBytes, objectBytes);
  const tail = await readAll(read, objectBytes - first, first);
  const length = readFooter(tail);
  if (length > objectBytes) throw malformed('The trailer of an object is longer than the object.');
  return decodeTrailer(
    length <= first ? tail : await readAll(read, objectBytes - length, length),
    objectBytes,
  );
}
