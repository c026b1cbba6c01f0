import type { ObjectName } from '@heirloom/contracts';
import {
  blockHash,
  bodyLength,
  decodeTrailer,
  equalBytes,
  verifyTrailer,
  type Trailer,
} from '@heirloom/formats';
import { DamagedError } from '../errors.ts';
import { webPorts, type CryptoPorts } from '../ports/ports.ts';
import { ObjectHasher } from './hashing.ts';

export interface VerifyObjectInputs {
  /** The trailer that the reader trusts: from its own journal or a feed, with its signature checked here. */
  trailer: Trailer;
  signers: readonly Uint8Array[];
  /** SHA-256 of the whole object, where it is known. */
  name?: ObjectName;
  ports?: CryptoPorts;
}

/**
 * Reads a whole object and proves that every byte is the one that was sealed, without any secret key: block hashes,
 * trailer, signature and name.
 * @throws DamagedError `signer`, `signature`, `block` (with its number in the sentence) or `object`.
 */
export async function verifyObject(
  source: AsyncIterable<Uint8Array>,
  { trailer, signers, name, ports = webPorts }: VerifyObjectInputs,
): Promise<void> {
  if (!signers.some((key) => equalBytes(key, trailer.signer)) || !(await verifyTrailer(trailer))) {
    throw new DamagedError('signature', 'A photo is not signed by who may sign it.');
  }
  const body = bodyLength(trailer.manifest);
  const end = new Uint8Array(trailer.trailerLength);
  const hasher = new ObjectHasher(ports);
  let at = 0;
  for await (const bytes of source) {
    const ofBody = bytes.subarray(0, Math.max(0, body - at));
    await hasher.body(ofBody);
    const rest = bytes.subarray(ofBody.length);
    const from = Math.max(0, at - body);
    if (from + rest.length > end.length) throw new DamagedError('object', 'An object goes on after its end.');
    end.set(rest, from);
    at += bytes.length;
  }
  if (at !== body + end.length) throw new DamagedError('object', 'An object is cut short.');
  checkBlocks(await hasher.blocks(), trailer);
  const read = decodeTrailer(end);
  if (!equalBytes(read.signature, trailer.signature) || !(await verifyTrailer(read))) {
    throw new DamagedError('object', 'An object ends in another trailer.');
  }
  if (name !== undefined && hasher.end(end) !== name) {
    throw new DamagedError('object', 'An object has another hash than its name says.');
  }
}

function checkBlocks(blocks: Uint8Array, { manifest }: Trailer): void {
  for (let i = 0; i * 32 < blocks.length; i++) {
    if (!equalBytes(blocks.subarray(i * 32, (i + 1) * 32), blockHash(manifest, i))) {
      throw new DamagedError('block', `Block ${i} of an object is damaged.`);
    }
  }
}
