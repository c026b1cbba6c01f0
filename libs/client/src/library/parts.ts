import { AppError } from '@heirloom/contracts';
import type { RangeReader } from '@heirloom/crypto';
import { findPart, readAll, type PartLabel } from '@heirloom/formats';
import type { ReadOptions } from '../transfer/range-reader.ts';
import { openIndexedPhoto, type OpenedPhoto } from './download.ts';
import type { IndexedPhoto } from './photo.ts';
import { objectReader } from './read-photo.ts';
import type { Vault } from './vault.ts';

type Reader = Pick<Vault, 'account' | 'log'>;

/** A photo's trailer is checked once, for as long as somebody holds on to the photo. */
const openedPhotos = new WeakMap<IndexedPhoto, Promise<OpenedPhoto>>();

/** Where a sealed part lies in the photo's object, in bytes; null when it has none. @throws AppError `damaged` */
export async function partRange(
  vault: Reader,
  photo: IndexedPhoto,
  label: PartLabel,
): Promise<{ offset: number; length: number } | null> {
  const { opened } = await openOnce(vault, photo);
  const part = findPart(opened.manifest, label);
  return part ? { offset: part.offset, length: part.length } : null;
}

/** Opens a part whose ciphertext is at hand, from a cache on this device. @throws AppError `damaged` */
export function openPart(
  vault: Reader,
  photo: IndexedPhoto,
  label: PartLabel,
  ciphertext: Uint8Array,
): Promise<Uint8Array<ArrayBuffer>> {
  return asDamaged(async () => (await openOnce(vault, photo)).opened.openSealed(label, ciphertext));
}

/** The ciphertext of a part, by one ranged request: what {@link openPart} takes. @throws AppError `damaged` when there is none. */
export function readSealedPart(
  vault: Reader,
  photo: IndexedPhoto,
  label: PartLabel,
  options: ReadOptions = {},
): Promise<Uint8Array<ArrayBuffer>> {
  return asDamaged(async () => {
    const { offset, length } = (await openOnce(vault, photo)).opened.part(label);
    return await readAll(objectReader(vault.account, photo.version, options), offset, length);
  });
}

/** A whole small part, such as the thumbnail, by one ranged request. @throws AppError `damaged`, also when there is none. */
export async function readPart(
  vault: Reader,
  photo: IndexedPhoto,
  label: PartLabel,
  options: ReadOptions = {},
): Promise<Uint8Array<ArrayBuffer>> {
  return openPart(vault, photo, label, await readSealedPart(vault, photo, label, options));
}

/**
 * The bytes `start` to `end` (exclusive) of the original, cut to its size: only the 16 KiB chunks that hold them are
 * fetched. Each chunk is authentic; that the whole is the right original shows only when all of it was read.
 * @throws AppError `damaged`, `range-not-satisfiable`
 */
export async function* readOriginalRange(
  vault: Reader,
  photo: IndexedPhoto,
  start: number,
  end: number,
  options: ReadOptions = {},
): AsyncGenerator<Uint8Array<ArrayBuffer>, void, undefined> {
  const ranges = await asDamaged(() => openRangesOf(vault, photo, options));
  const last = Math.min(end, ranges.size);
  if (!Number.isSafeInteger(start) || start < 0 || start > last) throw new AppError('range-not-satisfiable');
  yield* ranges.range(start, last - start);
}

/** The salt and commitment before a part's first chunk, by the photo: so that each range is one request. */
const headers = new WeakMap<IndexedPhoto, Uint8Array>();

async function openRangesOf(vault: Reader, photo: IndexedPhoto, options: ReadOptions): Promise<RangeReader> {
  const { opened } = await openOnce(vault, photo);
  const { offset: start } = opened.part('original');
  const read = objectReader(vault.account, photo.version, options);
  return await opened.ranges('original', async function* (offset, length) {
    if (offset !== start) {
      yield* read(offset, length);
      return;
    }
    const header = headers.get(photo) ?? (await readAll(read, offset, length));
    headers.set(photo, header);
    yield header;
  });
}

function openOnce(vault: Reader, photo: IndexedPhoto): Promise<OpenedPhoto> {
  const known = openedPhotos.get(photo);
  if (known) return known;
  const opening = asDamaged(() => openIndexedPhoto(vault, photo));
  openedPhotos.set(photo, opening);
  // What failed is tried again by the next reader: it may have been the network.
  opening.catch(() => openedPhotos.delete(photo));
  return opening;
}

/** To whoever reads, a malformed object is a damaged one. */
async function asDamaged<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof AppError) || error.code !== 'object-malformed') throw error;
    throw new AppError('damaged', { detail: error.message, cause: error });
  }
}
