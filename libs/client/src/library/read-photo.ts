import { AppError, vaultRoutes, type VersionId } from '@heirloom/contracts';
import { openObject, type FileKeyOpener, type OpenedObject } from '@heirloom/crypto';
import { decodeTrailer, readTrailer, type ReadRange, type Trailer } from '@heirloom/formats';
import { libraryKeyOf, type Account } from '../account/account.ts';
import type { FamilyLog } from '../family/family-log.ts';
import { readRange, type ReadOptions } from '../transfer/range-reader.ts';
import type { IndexedPhoto } from './photo.ts';

/** Reads an object's bytes from the server, by ranges. */
export const objectReader =
  (account: Account, versionId: VersionId, options: ReadOptions = {}): ReadRange =>
  (offset, length) =>
    readRange(
      account.http,
      vaultRoutes.readObject,
      { versionId },
      { from: offset, to: offset + length },
      options,
    );

type Place = Pick<IndexedPhoto, 'photo' | 'version' | 'library' | 'objectBytes' | 'trailer'>;

/** The photo's trailer, from the feed or from the object's end. Its signature is not checked yet. */
export async function trailerOf(place: Place, read: ReadRange): Promise<Trailer> {
  return place.trailer
    ? decodeTrailer(place.trailer, place.objectBytes)
    : await readTrailer(read, place.objectBytes);
}

/**
 * Checks who signed a photo, that it is the one that was asked for, and opens its file key.
 * @param key - for a photo of an album; the person's own library key unless given.
 * @throws AppError `damaged` or `object-malformed`.
 */
export async function openPhoto(
  { account, log }: { account: Account; log: FamilyLog },
  place: Place,
  trailer: Trailer,
  key?: FileKeyOpener,
): Promise<{ opened: OpenedObject; signers: readonly Uint8Array[] }> {
  const { author } = trailer.manifest;
  const own = account.profile.libraries.some(({ libraryId }) => libraryId === place.library);
  if (own && author !== account.profile.accountId) {
    throw new AppError('damaged', {
      detail: 'A photo of your own library names somebody else as its author.',
    });
  }
  const signers = log.history.signersOf(author);
  const opened = await openObject({
    trailer,
    signers,
    expected: { photo: place.photo, version: place.version, library: place.library },
    key: key ?? { libraryKey: libraryKeyOf(account, trailer.wrap.library, trailer.wrap.epoch) },
    ports: account.ports,
  });
  return { opened, signers };
}
