import { AppError } from '@heirloom/contracts';
import { equalBytes, type Trailer } from '@heirloom/formats';
import type { OpenedObject } from '@heirloom/crypto';
import type { ReadOptions } from '../transfer/range-reader.ts';
import type { IndexedPhoto } from './photo.ts';
import { objectReader, openPhoto, trailerOf } from './read-photo.ts';
import type { Vault } from './vault.ts';

export interface OpenedPhoto {
  opened: OpenedObject;
  trailer: Trailer;
  signers: readonly Uint8Array[];
}

/**
 * Opens a photo of the index: of the person's own library, or of an album, where the key was opened and checked when it
 * came into the index.
 * @throws AppError `damaged` with what was wrong.
 */
export async function openIndexedPhoto(
  vault: Pick<Vault, 'account' | 'log'>,
  photo: IndexedPhoto,
  options: ReadOptions = {},
): Promise<OpenedPhoto> {
  const read = objectReader(vault.account, photo.version, options);
  const trailer = await trailerOf(photo, read);
  if (photo.fileKey === null)
    throw new AppError('damaged', { detail: photo.problem ?? 'This photo cannot be opened.' });
  return { trailer, ...(await openPhoto(vault, photo, trailer, { fileKey: photo.fileKey })) };
}

/**
 * The original, as it was. What it yields is authentic; that it is whole and the right one is known only when it has
 * ended without an error.
 * @throws AppError `damaged`, or what went wrong on the way.
 */
export async function* downloadOriginal(
  vault: Pick<Vault, 'account' | 'log'>,
  photo: IndexedPhoto,
  options: ReadOptions = {},
): AsyncGenerator<Uint8Array, void, undefined> {
  const { opened } = await openIndexedPhoto(vault, photo, options);
  const hash = vault.account.ports.sha256();
  for await (const piece of opened.stream('original', objectReader(vault.account, photo.version, options))) {
    hash.update(piece);
    yield piece;
  }
  if (photo.metadata && !equalBytes(hash.digest(), photo.metadata.sha256)) {
    throw new AppError('damaged', { detail: 'The original differs from what its own metadata says.' });
  }
}
