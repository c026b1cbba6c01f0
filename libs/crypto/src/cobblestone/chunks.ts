import { cobblestone } from '@heirloom/formats';
import { hmac } from '@noble/hashes/hmac.js';
import { sha512 } from '@noble/hashes/sha2.js';
import { DamagedError } from '../errors.ts';
import { webPorts, type AeadCipher, type CryptoPorts } from '../ports/ports.ts';

/** What a sealed part is sealed with and for. */
export interface CobblestoneKey {
  /** 32 bytes. */
  key: Uint8Array;
  context: Uint8Array;
  ports?: CryptoPorts;
}

const { chunkBytes, sealedChunkBytes, tagBytes, keyBytes, saltBytes, commitmentBytes } = cobblestone;
const domain = new TextEncoder().encode('c2sp.org/chunked-encryption@v1+AEAD_AES_256_GCM');
const nonceBytes = 12;

/** One Cobblestone-256 message: c2sp.org/chunked-encryption with AES-256-GCM and HKDF-Expand-SHA-512. */
export interface ChunkCipher {
  readonly commitment: Uint8Array;
  /** Seals whole chunks that begin with chunk `first`, and after them the short final one when `last` says so. */
  seal(first: number, plaintext: Uint8Array, last: boolean): Promise<Uint8Array<ArrayBuffer>>;
  /** @throws DamagedError `chunk` when a chunk does not open, `length` when a final chunk has no possible length. */
  open(first: number, sealed: Uint8Array, last: boolean): Promise<Uint8Array<ArrayBuffer>>;
}

/**
 * The first two blocks of HKDF-Expand-SHA-512 (RFC 5869 §2.3): 128 bytes. Written out because libraries rightly
 * refuse a pseudorandom key shorter than the hash, while the specification takes the 32-byte key as it is.
 */
function expandSha512(key: Uint8Array, info: Uint8Array): Uint8Array {
  const first = hmac.create(sha512, key).update(info).update(Uint8Array.of(1)).digest();
  const second = hmac.create(sha512, key).update(first).update(info).update(Uint8Array.of(2)).digest();
  const both = new Uint8Array(first.length + second.length);
  both.set(first);
  both.set(second, first.length);
  return both;
}

export interface CobblestoneSecrets {
  aeadKey: Uint8Array;
  baseNonce: Uint8Array;
  commitment: Uint8Array;
}

/** HKDF-Expand-SHA-512(key, domain 0x00 salt context, 76): AEAD key, base nonce, commitment. */
export function cobblestoneSecrets(
  key: Uint8Array,
  salt: Uint8Array,
  context: Uint8Array,
): CobblestoneSecrets {
  if (key.length !== keyBytes) throw new RangeError(`a Cobblestone-256 key has ${keyBytes} bytes`);
  if (salt.length !== saltBytes) throw new RangeError(`a Cobblestone salt has ${saltBytes} bytes`);
  const info = new Uint8Array(domain.length + 1 + salt.length + context.length);
  info.set(domain);
  info.set(salt, domain.length + 1);
  info.set(context, domain.length + 1 + salt.length);
  const bytes = expandSha512(key, info);
  return {
    aeadKey: bytes.subarray(0, keyBytes),
    baseNonce: bytes.subarray(keyBytes, keyBytes + nonceBytes),
    commitment: bytes.subarray(keyBytes + nonceBytes, keyBytes + nonceBytes + commitmentBytes),
  };
}

/** Base nonce XOR chunk number as a 96-bit big-endian integer. Numbers are safe integers, so 8 bytes are enough. */
function chunkNonce(baseNonce: Uint8Array, index: number): Uint8Array<ArrayBuffer> {
  const nonce = new Uint8Array(baseNonce);
  const view = new DataView(nonce.buffer);
  view.setUint32(4, view.getUint32(4) ^ Math.floor(index / 2 ** 32));
  view.setUint32(8, view.getUint32(8) ^ (index >>> 0));
  return nonce;
}

/** Starts all chunks at once and waits for those that a port does not finish on the spot. */
async function forEachChunk(count: number, work: (index: number) => void | Promise<void>): Promise<void> {
  const pending: Promise<void>[] = [];
  for (let index = 0; index < count; index++) {
    const result = work(index);
    if (result) pending.push(result);
  }
  if (pending.length > 0) await Promise.all(pending);
}

export async function chunkCipher(options: CobblestoneKey & { salt: Uint8Array }): Promise<ChunkCipher> {
  const secrets = cobblestoneSecrets(options.key, options.salt, options.context);
  const aead = await (options.ports ?? webPorts).aead(secrets.aeadKey);
  return {
    commitment: secrets.commitment,
    seal: (first, plaintext, last) => sealChunks(aead, secrets.baseNonce, first, plaintext, last),
    open: (first, sealed, last) => openChunks(aead, secrets.baseNonce, first, sealed, last),
  };
}

async function sealChunks(
  aead: AeadCipher,
  baseNonce: Uint8Array,
  first: number,
  plaintext: Uint8Array,
  last: boolean,
): Promise<Uint8Array<ArrayBuffer>> {
  const whole = Math.floor(plaintext.length / chunkBytes);
  if (!last && plaintext.length !== whole * chunkBytes)
    throw new RangeError('only the last chunk may be short');
  const count = last ? whole + 1 : whole;
  const out = new Uint8Array(plaintext.length + count * tagBytes);
  await forEachChunk(count, (i) => {
    const chunk = plaintext.subarray(i * chunkBytes, (i + 1) * chunkBytes);
    const target = out.subarray(i * sealedChunkBytes, i * sealedChunkBytes + chunk.length + tagBytes);
    return aead.seal(chunkNonce(baseNonce, first + i), chunk, target);
  });
  return out;
}

async function openChunks(
  aead: AeadCipher,
  baseNonce: Uint8Array,
  first: number,
  sealed: Uint8Array,
  last: boolean,
): Promise<Uint8Array<ArrayBuffer>> {
  const whole = Math.floor(sealed.length / sealedChunkBytes);
  const rest = sealed.length - whole * sealedChunkBytes;
  if (last ? rest < tagBytes : rest !== 0) {
    throw new DamagedError('length', 'A sealed part ends too early or goes on after its end.');
  }
  const count = last ? whole + 1 : whole;
  const out = new Uint8Array(sealed.length - count * tagBytes);
  try {
    await forEachChunk(count, (i) => {
      const chunk = sealed.subarray(i * sealedChunkBytes, (i + 1) * sealedChunkBytes);
      const target = out.subarray(i * chunkBytes, i * chunkBytes + chunk.length - tagBytes);
      return aead.open(chunkNonce(baseNonce, first + i), chunk, target);
    });
  } catch (cause) {
    throw new DamagedError('chunk', 'A sealed part does not open.', cause);
  }
  return out;
}
