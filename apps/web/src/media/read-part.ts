import { openIndexedPhoto, type IndexedPhoto, type Vault } from '@heirloom/client';
import { AppError, type VersionId } from '@heirloom/contracts';
import type { PartStore } from './part-store.ts';

/** Parts that are made for showing. */
export type ShownPart = 'thumbnail' | 'preview';

/** Pictures only: a blob of another type, opened by its address, could be a page. */
const shownTypes = new Set(['image/jpeg', 'image/webp', 'image/avif', 'image/png']);

/** Fetches that many bytes of the version's object from there on. */
export type FetchBytes = (version: VersionId, offset: number, length: number) => Promise<Uint8Array>;

/** Reads of one part before it counts as damaged: what this browser kept may be bad while the server's is good. */
const reads = 2;

export const isDamage = (error: unknown): error is AppError =>
  error instanceof AppError && (error.code === 'damaged' || error.code === 'object-malformed');

/**
 * A thumbnail or preview, from what this browser keeps or from the server. Only the bytes of that part are fetched.
 * @throws AppError `damaged` when it does not open, `not-found` when the photo has no such part, or as fetching does
 */
export async function readPart(
  vault: Pick<Vault, 'account' | 'log'>,
  store: PartStore,
  photo: IndexedPhoto,
  label: ShownPart,
  fetchBytes: FetchBytes,
): Promise<Blob> {
  const type = photo.metadata?.[label]?.mediaType;
  if (photo.problem !== null) throw new AppError('damaged', { detail: photo.problem });
  if (type === undefined || !shownTypes.has(type)) throw new AppError('not-found');
  const { opened } = await openIndexedPhoto(vault, photo);
  const { offset, length } = opened.part(label);
  const key = `${photo.version}/${label}`;
  for (let left = reads; ; left -= 1) {
    try {
      const kept = left === reads ? await store.get(key) : null;
      const sealed = kept ?? (await fetchBytes(photo.version, offset, length));
      const plain = await opened.openSealed(label, sealed);
      if (!kept) void store.put(key, sealed);
      return new Blob([plain], { type });
    } catch (error) {
      if (!isDamage(error)) throw error;
      await store.delete(key);
      if (left === 1) throw error;
    }
  }
}
