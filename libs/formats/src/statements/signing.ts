import { AppError, limits } from '@heirloom/contracts';
import { z } from 'zod';
import { concatBytes, equalBytes } from '../encoding/bytes.ts';
import { recordFormat, type RecordFormat } from '../encoding/canonical.ts';
import { byteString, ed25519KeyField, ed25519SignatureField } from '../encoding/fields.ts';
import { domain } from '../encoding/suite.ts';

/** What a signature says. It is part of the signed message, so a signature of one type never passes as another. */
export type SignatureType =
  'trailer' | 'unlock' | 'log-entry' | 'album-item' | 'epoch' | 'invite-acceptance' | 'photo-notes';

/** The message under an Ed25519 signature: "heirloom/1/" type 0x00 payload. */
export function signedMessage(type: SignatureType, payload: Uint8Array): Uint8Array<ArrayBuffer> {
  return concatBytes(new TextEncoder().encode(`${domain}${type}\0`), payload);
}

/** Someone who can sign: an identity or a device. */
export interface Signer {
  /** Ed25519 public key, 32 bytes. */
  readonly publicKey: Uint8Array;
  /** Ed25519 (RFC 8032) over the message as given; 64 bytes. */
  sign(message: Uint8Array): Promise<Uint8Array>;
}

/** Whether it is an Ed25519 signature of the message; false also for a key that is none. */
export async function verifyEd25519(
  publicKey: Uint8Array,
  signature: Uint8Array,
  message: Uint8Array,
): Promise<boolean> {
  if (publicKey.length !== 32 || signature.length !== 64) return false;
  const { subtle } = globalThis.crypto;
  try {
    const key = await subtle.importKey('raw', new Uint8Array(publicKey), 'Ed25519', false, ['verify']);
    return await subtle.verify('Ed25519', key, new Uint8Array(signature), new Uint8Array(message));
  } catch {
    return false;
  }
}

const envelopeSchema = z.strictObject({
  payload: byteString(1, limits.logEntryBytes),
  signature: ed25519SignatureField,
  signer: ed25519KeyField,
});
/** A payload, who signed it and the signature. Decoding does not verify: {@link openSigned} does. */
export type SignedEnvelope = z.output<typeof envelopeSchema>;
export const signedEnvelope: RecordFormat<typeof envelopeSchema> = recordFormat(envelopeSchema, {
  maxBytes: limits.logEntryBytes,
});

/** Signs a payload and packs both: the canonical CBOR of {payload, signature, signer}. */
export async function makeSigned(
  type: SignatureType,
  payload: Uint8Array,
  signer: Signer,
): Promise<Uint8Array<ArrayBuffer>> {
  const signature = await signer.sign(signedMessage(type, payload));
  return signedEnvelope.encode({ payload, signature, signer: signer.publicKey });
}

/**
 * Verifies an envelope and returns it. Without `expected` the signature only proves that the holder of
 * `signer` made it: the caller must then decide whether that key may say so.
 * @throws AppError `bad-request` when it is malformed, signed by another key, or not rightly signed.
 */
export async function openSigned(
  type: SignatureType,
  bytes: Uint8Array,
  expected?: readonly Uint8Array[],
): Promise<SignedEnvelope> {
  const envelope = signedEnvelope.decode(bytes);
  if (expected && !expected.some((key) => equalBytes(key, envelope.signer))) {
    throw new AppError('bad-request', { detail: 'A statement is signed by a key that may not sign it.' });
  }
  if (!(await verifyEd25519(envelope.signer, envelope.signature, signedMessage(type, envelope.payload)))) {
    throw new AppError('bad-request', { detail: 'The signature of a statement is wrong.' });
  }
  return envelope;
}
