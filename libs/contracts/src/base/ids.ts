import { v7 } from 'uuid';
import { z } from 'zod';

/**
 * Every id is a UUIDv7 (RFC 9562 §5.7), lower case, made by whoever creates the thing, so that a write
 * can be sent again without making a second thing.
 */
const id = <const B extends string>(_brand: B) => z.uuidv7().toLowerCase().brand<B>();

export const accountId = id('AccountId');
export const deviceId = id('DeviceId');
export const unlockId = id('UnlockId');
export const loginId = id('LoginId');
export const familyId = id('FamilyId');
export const inviteId = id('InviteId');
export const libraryId = id('LibraryId');
export const albumId = id('AlbumId');
export const photoId = id('PhotoId');
export const versionId = id('VersionId');
export const uploadId = id('UploadId');
export const scrubId = id('ScrubId');
export const findingId = id('FindingId');
export const auditCheckId = id('AuditCheckId');
export const staffInviteId = id('StaffInviteId');
export const staffActId = id('StaffActId');
/** A library, an album or a family: whatever has key epochs of its own. */
export const collectionId = id('CollectionId');

export type AccountId = z.infer<typeof accountId>;
export type DeviceId = z.infer<typeof deviceId>;
export type UnlockId = z.infer<typeof unlockId>;
export type LoginId = z.infer<typeof loginId>;
export type FamilyId = z.infer<typeof familyId>;
export type InviteId = z.infer<typeof inviteId>;
export type LibraryId = z.infer<typeof libraryId>;
export type AlbumId = z.infer<typeof albumId>;
export type PhotoId = z.infer<typeof photoId>;
export type VersionId = z.infer<typeof versionId>;
export type UploadId = z.infer<typeof uploadId>;
export type ScrubId = z.infer<typeof scrubId>;
export type FindingId = z.infer<typeof findingId>;
export type AuditCheckId = z.infer<typeof auditCheckId>;
export type StaffInviteId = z.infer<typeof staffInviteId>;
export type StaffActId = z.infer<typeof staffActId>;
export type CollectionId = z.infer<typeof collectionId>;

/** A fresh id of the kind that the caller names: `newId<PhotoId>()`. */
export const newId = <T extends string>(): T => v7() as T;

/** The 16 bytes of a UUID, as formats bind it. Throws RangeError on anything that is not a UUID. */
export function idToBytes(uuid: string): Uint8Array {
  const hex = uuid.replaceAll('-', '');
  if (!/^[0-9a-f]{32}$/i.test(hex)) throw new RangeError('not a UUID');
  return Uint8Array.from({ length: 16 }, (_, i) => Number.parseInt(hex.slice(2 * i, 2 * i + 2), 16));
}

/** The inverse of {@link idToBytes}. Throws RangeError unless given 16 bytes. */
export function bytesToId<T extends string>(bytes: Uint8Array): T {
  if (bytes.length !== 16) throw new RangeError('an id has 16 bytes');
  const hex = Array.from(bytes, (b) => b.toString(16).padStart(2, '0')).join('');
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5') as T;
}

/** An object's name: the SHA-256 of its ciphertext, 64 lower-case hex digits, as `sha256sum` prints it. */
export const objectName = z
  .string()
  .regex(/^[0-9a-f]{64}$/, 'must be 64 lower-case hex digits')
  .brand<'ObjectName'>();
export type ObjectName = z.infer<typeof objectName>;

/** A location's id in configuration and in its folder's name. */
export const locationId = z
  .string()
  .regex(/^[a-z0-9][a-z0-9-]{0,31}$/, 'must be lower-case letters, digits and dashes')
  .brand<'LocationId'>();
export type LocationId = z.infer<typeof locationId>;
