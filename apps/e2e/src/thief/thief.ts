import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { DamagedError, openObject, unwrapKey, type EpochKey } from '@heirloom/crypto';
import { readTrailer, type ReadRange, type Trailer } from '@heirloom/formats';
import { filesBelow } from '../samples/samples.ts';
import type { System } from '../system/system.ts';
import type { Keys } from './stolen-keys.ts';
import type { ItemRow } from './stolen-records.ts';

/**
 * Tries every key on every wrap of a photo, the album's and that of the object itself, as if it were of any epoch up to
 * the newest.
 * @returns SHA-256 of the original in hex, or null when nothing opens it.
 */
export async function breakOpen(system: System, item: ItemRow, keys: Keys): Promise<string | null> {
  const bytes = await ciphertextOf(system, item.object);
  const read: ReadRange = (offset, length) => once(bytes.subarray(offset, offset + length));
  const trailer = await readTrailer(read, bytes.length);
  const newest = Math.max(item.epoch, ...keys.map(({ epoch }) => epoch));
  for (const key of keys) {
    for (let epoch = 1; epoch <= newest; epoch++) {
      const fileKey = await fileKeyOf(item, trailer, { ...key, epoch });
      if (fileKey) return await originalOf(item, trailer, fileKey, read);
    }
  }
  return null;
}

/** The object as it lies in the first location that has it. */
async function ciphertextOf(system: System, object: string): Promise<Uint8Array> {
  for (const { path: root } of system.locations) {
    const folder = path.join(root, 'objects');
    const file = (await filesBelow(folder)).find((name) => path.basename(name) === object);
    if (file) return new Uint8Array(await readFile(path.join(folder, file)));
  }
  throw new Error(`no location has ${object}`);
}

/** A stream of one piece. */
async function* once(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  yield bytes;
}

async function fileKeyOf(item: ItemRow, { wrap }: Trailer, { key, epoch }: EpochKey) {
  const { album, version, wrappedFileKey } = item;
  const wraps = [
    [album, wrappedFileKey],
    [wrap.library, wrap.key],
  ] as const;
  for (const [collection, wrapped] of wraps) {
    try {
      return await unwrapKey(key, { purpose: 'file-key', collection, epoch, object: version }, wrapped);
    } catch (error) {
      if (!(error instanceof DamagedError)) throw error;
    }
  }
  return null;
}

async function originalOf(item: ItemRow, trailer: Trailer, fileKey: Uint8Array, read: ReadRange) {
  const opened = await openObject({
    trailer,
    signers: [trailer.signer],
    expected: { photo: item.photo, version: item.version } as never,
    key: { fileKey },
  });
  const hash = createHash('sha256');
  for await (const piece of opened.stream('original', read)) hash.update(piece);
  return hash.digest('hex');
}
