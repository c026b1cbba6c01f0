import { AppError, inlineTrailerBytes, type CommitItem } from '@heirloom/contracts';
import {
  findPart,
  readAll,
  readTrailer,
  verifyTrailer,
  type Manifest,
  type ReadRange,
} from '@heirloom/formats';
import type { Person } from '@heirloom/service-kit';

/** What the catalogue keeps of an object's trailer. */
export interface ObjectFacts {
  trailerBytes: number;
  trailer: Uint8Array<ArrayBuffer> | null;
  sealedMetadata: Uint8Array<ArrayBuffer> | null;
}

/**
 * Reads an object's trailer and holds it against what the request says it is. Opens nothing that is sealed.
 *
 * @throws AppError `object-malformed`
 */
export async function inspectObject(
  read: ReadRange,
  objectBytes: number,
  item: CommitItem,
  person: Person,
): Promise<ObjectFacts> {
  const trailer = await readTrailer(read, objectBytes);
  requireSame(trailer.manifest, item, person);
  if (!(await verifyTrailer(trailer))) throw malformed('The signature of an object is wrong.');
  const { trailerLength } = trailer;
  const metadata = findPart(trailer.manifest, 'metadata');
  return {
    trailerBytes: trailerLength,
    trailer:
      trailerLength <= inlineTrailerBytes
        ? await readAll(read, objectBytes - trailerLength, trailerLength)
        : null,
    sealedMetadata: metadata ? await readAll(read, metadata.offset, metadata.length) : null,
  };
}

function requireSame(manifest: Manifest, item: CommitItem, { accountId, deviceId }: Person): void {
  const isSame =
    manifest.library === item.libraryId &&
    manifest.photo === item.photoId &&
    manifest.version === item.versionId &&
    manifest.author === accountId &&
    manifest.device === deviceId;
  if (!isSame) throw malformed('The object says that it is another photo, or made by someone else.');
}

const malformed = (detail: string) => new AppError('object-malformed', { detail });
