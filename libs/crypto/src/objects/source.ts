import { blockBytes, equalBytes } from '@heirloom/formats';
import { batches, once } from '../cobblestone/batches.ts';
import { SourceChangedError } from '../errors.ts';
import { webPorts, type CryptoPorts } from '../ports/ports.ts';

const hashBytes = 32;

/** A plaintext, as it was when it was first read. It is kept before the first byte is sealed. */
export interface SourceDigest {
  /** In bytes. */
  size: number;
  /** SHA-256 of all of it. */
  sha256: Uint8Array;
  /** SHA-256 of each MiB of it, one after the other. */
  blocks: Uint8Array;
}

/** Bytes at hand, or a way to read them from the start, as often as it is called. */
export type PartSource = Uint8Array | (() => AsyncIterable<Uint8Array>);

export const readSource = (source: PartSource): AsyncIterable<Uint8Array> =>
  source instanceof Uint8Array ? once(source) : source();

/** Reads a plaintext once and takes its hashes. Holds 1 MiB. */
export async function digestSource(source: PartSource, ports: CryptoPorts = webPorts): Promise<SourceDigest> {
  const hash = ports.sha256();
  const blocks: Uint8Array[] = [];
  let size = 0;
  for await (const { bytes } of batches(readSource(source), blockBytes)) {
    if (bytes.length === 0) continue;
    hash.update(bytes);
    blocks.push(await ports.digest(bytes));
    size += bytes.length;
  }
  const all = new Uint8Array(blocks.length * hashBytes);
  blocks.forEach((block, i) => all.set(block, i * hashBytes));
  return { size, sha256: hash.digest(), blocks: all };
}

/**
 * Yields a plaintext in blocks of 1 MiB, each compared with its digest before it is handed on: what was not
 * announced never reaches a cipher, so no nonce ever seals two plaintexts.
 * @throws SourceChangedError
 */
export async function* checkedBlocks(
  source: PartSource,
  digest: SourceDigest,
  label: string,
  ports: CryptoPorts,
): AsyncGenerator<Uint8Array> {
  let index = 0;
  let size = 0;
  for await (const { bytes } of batches(readSource(source), blockBytes)) {
    size += bytes.length;
    if (bytes.length === 0) continue;
    const expected = digest.blocks.subarray(index * hashBytes, ++index * hashBytes);
    if (size > digest.size || !equalBytes(await ports.digest(bytes), expected)) {
      throw new SourceChangedError(label);
    }
    yield bytes;
  }
  if (size !== digest.size) throw new SourceChangedError(label);
}
