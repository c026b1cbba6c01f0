import { recordContext, wrapContext, type Binding } from '@heirloom/formats';
import { DamagedError } from '../errors.ts';
import { randomBytes, webPorts } from '../ports/ports.ts';
import { deriveKey } from './derive.ts';

const nonceBytes = 12;
const tagBytes = 16;
const keyBytes = 32;
/** nonce (12), ciphertext (32), tag (16). */
export const wrappedKeyBytes = nonceBytes + keyBytes + tagBytes;
/** Records are padded to a multiple of this, so that their length tells little. */
const paddingBytes = 64;

/** AES-256-GCM with a random nonce under a key of this context alone, and the context as AAD: nonce || ciphertext || tag. */
async function sealWith(key: Uint8Array, context: Uint8Array, plaintext: Uint8Array) {
  const out = new Uint8Array(nonceBytes + plaintext.length + tagBytes);
  const nonce = randomBytes(nonceBytes);
  out.set(nonce);
  const cipher = await webPorts.aead(key);
  await cipher.seal(nonce, plaintext, out.subarray(nonceBytes), context);
  return out;
}

async function openWith(key: Uint8Array, context: Uint8Array, sealed: Uint8Array) {
  const out = new Uint8Array(sealed.length - nonceBytes - tagBytes);
  const cipher = await webPorts.aead(key);
  await cipher.open(sealed.slice(0, nonceBytes), sealed.subarray(nonceBytes), out, context);
  return out;
}

/** Wraps a 32-byte key under another for one purpose and place. Every context has a wrapping key of its own. */
export async function wrapKey(
  wrappingKey: Uint8Array,
  binding: Binding,
  key: Uint8Array,
): Promise<Uint8Array<ArrayBuffer>> {
  if (key.length !== keyBytes) throw new RangeError('a wrapped key has 32 bytes');
  const context = wrapContext(binding);
  return sealWith(deriveKey(wrappingKey, 'wrap', context), context, key);
}

/** @throws DamagedError `wrap` when it is damaged or was made with another key or for another purpose or place. */
export async function unwrapKey(
  wrappingKey: Uint8Array,
  binding: Binding,
  wrapped: Uint8Array,
): Promise<Uint8Array<ArrayBuffer>> {
  const context = wrapContext(binding);
  try {
    if (wrapped.length !== wrappedKeyBytes) throw new RangeError('a wrap has 60 bytes');
    return await openWith(deriveKey(wrappingKey, 'wrap', context), context, wrapped);
  } catch (cause) {
    throw new DamagedError('wrap', 'A wrapped key does not open with this key, or belongs elsewhere.', cause);
  }
}

/** Seals a small record: a name, a caption. Padded with 0x80 and zeros to a multiple of 64 bytes before sealing. */
export async function sealRecord(
  key: Uint8Array,
  binding: Binding,
  plaintext: Uint8Array,
): Promise<Uint8Array<ArrayBuffer>> {
  const context = recordContext(binding);
  const padded = new Uint8Array(Math.ceil((plaintext.length + 1) / paddingBytes) * paddingBytes);
  padded.set(plaintext);
  padded[plaintext.length] = 0x80;
  return sealWith(deriveKey(key, 'record', context), context, padded);
}

/** @throws DamagedError `record` */
export async function openRecord(
  key: Uint8Array,
  binding: Binding,
  sealed: Uint8Array,
): Promise<Uint8Array<ArrayBuffer>> {
  const context = recordContext(binding);
  try {
    const padded = await openWith(deriveKey(key, 'record', context), context, sealed);
    const end = padded.findLastIndex((byte) => byte !== 0);
    if (padded[end] !== 0x80) throw new RangeError('the padding is wrong');
    return padded.slice(0, end);
  } catch (cause) {
    throw new DamagedError(
      'record',
      'A sealed record does not open with this key, or belongs elsewhere.',
      cause,
    );
  }
}

/** Seals a text: a person's, a device's or an album's name. */
export const sealText = (key: Uint8Array, binding: Binding, text: string): Promise<Uint8Array<ArrayBuffer>> =>
  sealRecord(key, binding, new TextEncoder().encode(text));

/** @throws DamagedError `record` */
export async function openText(key: Uint8Array, binding: Binding, sealed: Uint8Array): Promise<string> {
  const bytes = await openRecord(key, binding, sealed);
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch (cause) {
    throw new DamagedError('record', 'A sealed text is not UTF-8.', cause);
  }
}
