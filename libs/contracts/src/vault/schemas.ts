import { z } from 'zod';
import { bytes, bytesCount, epoch, moment, wrappedKey } from '../base/codecs.ts';
import {
  accountId,
  albumId,
  deviceId,
  libraryId,
  locationId,
  objectName,
  photoId,
  uploadId,
  versionId,
} from '../base/ids.ts';
import { errorCode } from '../base/errors.ts';
import { limits } from '../base/limits.ts';

/** A trailer travels in feeds only up to this size; a longer one is read from the object's end. */
export const inlineTrailerBytes = 16 * 1024;

/** One version of a photo and the object that holds it. */
export const version = z.object({
  photoId,
  versionId,
  libraryId,
  authorId: accountId,
  deviceId,
  object: objectName,
  objectBytes: bytesCount,
  trailerBytes: bytesCount,
  /** The signed trailer, when it is not longer than {@link inlineTrailerBytes}. */
  trailer: bytes({ max: inlineTrailerBytes }).nullable(),
  /** The sealed part `metadata`, or null when the object has none. */
  sealedMetadata: bytes({ max: limits.sealedMetadataBytes }).nullable(),
  committedAt: moment,
});
export type Version = z.infer<typeof version>;

/** A photo in an album: its file key wrapped under the album's key, and the signed statement of who put it there. */
export const albumItem = z.object({
  albumId,
  photoId,
  versionId,
  epoch,
  wrappedFileKey: wrappedKey,
  /** Signed album-item statement of libs/formats. */
  statement: bytes({ min: 1, max: 4096 }),
});
export type AlbumItem = z.infer<typeof albumItem>;

/** What a person keeps with a photo (caption, favourite ...), sealed and signed: the envelope `photo-notes` of libs/formats. */
export const photoNotes = z.object({
  photoId,
  /** Counts the changes from 1; the record says the same. */
  revision: z
    .int()
    .min(1)
    .max(2 ** 31 - 1),
  record: bytes({ min: 1, max: limits.signedNotesBytes }),
});
export type PhotoNotes = z.infer<typeof photoNotes>;

/** Since when a photo is in the trash, and from when on it may be deleted for good. */
export const inTrash = z.object({ trashedAt: moment, keptUntil: moment });
export type InTrash = z.infer<typeof inTrash>;

export const feedEntry = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('version'), version }),
  z.object({ kind: z.literal('item'), item: albumItem, version }),
  z.object({ kind: z.literal('item-removed'), photoId }),
  /** Whether a photo of the library is in the trash by now; `trashed` is null when it is out of it. */
  z.object({ kind: z.literal('trash'), photoId, trashed: inTrash.nullable() }),
  /** The notes of the library's person on a photo: of the library, or of an album that they have. */
  z.object({ kind: z.literal('notes'), notes: photoNotes }),
  /** A photo of the library that was emptied from the trash, or is gone for good. */
  z.object({ kind: z.literal('photo-removed'), photoId }),
]);
export type FeedEntry = z.infer<typeof feedEntry>;

export const commitItem = z.object({
  photoId,
  versionId,
  libraryId,
  uploadId,
  /** SHA-256 of the whole object as the client sealed it. */
  object: objectName,
});
export const commitResult = z.object({
  versionId,
  status: z.enum(['stored', 'already-stored', 'refused']),
  /** Locations in which it is on stable storage; at least W when stored. */
  copies: z.int().min(0),
  /** The photo was in the trash, and this has brought it back. */
  restored: z.boolean().optional(),
  code: errorCode.optional(),
  detail: z.string().optional(),
});
export type CommitItem = z.infer<typeof commitItem>;
export type CommitResult = z.infer<typeof commitResult>;

export const replicaState = z.enum(['wanted', 'present', 'damaged', 'missing']);
export const replica = z.object({
  versionId,
  object: objectName,
  objectBytes: bytesCount,
  locationId,
  state: replicaState,
});
export type Replica = z.infer<typeof replica>;

/** A copy that a location should hold, or will once it is made. */
export const expectedCopy = z.object({ object: objectName, objectBytes: bytesCount, state: replicaState });
export type ExpectedCopy = z.infer<typeof expectedCopy>;

/** `ignored`: the catalogue knows no such copy, or one that is still to be made. */
export const reportAnswer = z.enum(['repairing', 'unrepairable', 'ignored']);

/**
 * `pending`: still to be made for the first time. `unrepairable`: no copy in any location is known to be good.
 * `unknown`: the catalogue knows no such copy.
 */
export const repairState = z.enum(['present', 'pending', 'repairing', 'unrepairable', 'unknown']);
export type RepairState = z.infer<typeof repairState>;

const copyCount = z.int().min(0);

/** A storage location as the person who runs the server sees it. */
export const locationStatus = z.object({
  locationId,
  /** Null for a location that is not configured any more. */
  region: z.string().max(64).nullable(),
  driver: z.enum(['directory', 'memory', 's3']).nullable(),
  /** `removed`: copies are known there, but no configuration names it. */
  state: z.enum(['writable', 'read-only', 'unavailable', 'removed']),
  /** What is wrong, when it is not writable. */
  problem: z.string().max(500).nullable(),
  /** What was found out about the storage by trying; absent where there is nothing to say. */
  notes: z.array(z.string().max(200)).max(10).optional(),
  /** Null where the storage does not say. */
  freeBytes: bytesCount.nullable(),
  /** How much it holds altogether; null or absent where the storage does not say. */
  totalBytes: bytesCount.nullable().optional(),
  /** Bytes of the copies that are present. */
  usedBytes: bytesCount,
  copies: z.object({
    wanted: copyCount,
    present: copyCount,
    damaged: copyCount,
    missing: copyCount,
  }),
});
export type LocationStatus = z.infer<typeof locationStatus>;

/** Photos that are in the trash count apart; their versions, bytes and copies count. What was emptied does not. */
export const librarySummary = z.object({
  photos: z.int(),
  trashed: z.int(),
  versions: z.int(),
  bytes: bytesCount,
  /** How many locations the installation keeps copies in, and the smallest number of copies that any version has now. */
  wantedCopies: z.int(),
  fewestCopies: z.int().nullable(),
  copiesPending: z.int(),
});
