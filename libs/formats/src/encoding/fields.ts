import {
  accountId,
  albumId,
  bytesToId,
  collectionId,
  deviceId,
  familyId,
  idToBytes,
  inviteId,
  libraryId,
  photoId,
  unlockId,
  versionId,
} from '@heirloom/contracts';
import { z } from 'zod';

/** Bytes inside a CBOR record, of one length or within a range. */
export const byteString = (min: number, max = min) =>
  z
    .custom<Uint8Array>((value) => value instanceof Uint8Array, { error: 'must be a byte string' })
    .refine((b) => b.length >= min && b.length <= max, {
      error: min === max ? `must be ${min} bytes` : `must be ${min} to ${max} bytes`,
    });

/** A UUID: its 16 bytes in the record, the branded string in code. */
const idField = <S extends z.ZodType<string, string>>(schema: S) =>
  z.codec(byteString(16), schema, {
    decode: (bytes) => bytesToId<z.input<S>>(bytes),
    encode: (text) => new Uint8Array(idToBytes(text)),
  });

export const accountField = idField(accountId);
export const deviceField = idField(deviceId);
export const unlockField = idField(unlockId);
export const familyField = idField(familyId);
export const inviteField = idField(inviteId);
export const libraryField = idField(libraryId);
export const albumField = idField(albumId);
export const photoField = idField(photoId);
export const versionField = idField(versionId);
export const collectionField = idField(collectionId);

export const hashField = byteString(32);
export const ed25519KeyField = byteString(32);
export const ed25519SignatureField = byteString(64);
export const kemKeyField = byteString(1216);
export const wrappedKeyField = byteString(60);
/** Milliseconds since 1970-01-01T00:00:00Z. */
export const timeField = z.int().min(0).max(8_640_000_000_000_000);
export const epochField = z
  .int()
  .min(1)
  .max(2 ** 31 - 1);
