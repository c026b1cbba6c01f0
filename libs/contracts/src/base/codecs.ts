import { z } from 'zod';

const toBase64url = (bytes: Uint8Array): string => {
  let binary = '';
  for (let i = 0; i < bytes.length; i += 0x8000)
    binary += String.fromCharCode(...bytes.subarray(i, i + 0x8000));
  return btoa(binary).replaceAll('+', '-').replaceAll('/', '_').replace(/=+$/, '');
};
const fromBase64url = (text: string): Uint8Array<ArrayBuffer> =>
  Uint8Array.from(atob(text.replaceAll('-', '+').replaceAll('_', '/')), (c) => c.charCodeAt(0));

/** Bytes in JSON: base64url without padding (RFC 4648 §5) on the wire, Uint8Array in code. */
export const bytes = (size: { min?: number; max: number }) =>
  z.codec(
    z.base64url().max(Math.ceil((size.max * 4) / 3) + 2),
    z.instanceof(Uint8Array).refine((b) => b.length >= (size.min ?? 0) && b.length <= size.max, {
      error:
        size.min === size.max ? `must be ${size.max} bytes` : `must be ${size.min ?? 0} to ${size.max} bytes`,
    }),
    { decode: fromBase64url, encode: toBase64url },
  );
export const exactBytes = (length: number) => bytes({ min: length, max: length });

/** A moment: RFC 3339 in UTC on the wire, Date in code. */
export const moment = z.codec(z.iso.datetime(), z.date(), {
  decode: (text) => new Date(text),
  encode: (date) => date.toISOString() as z.output<z.ZodISODateTime>,
});

/** A whole number in a query string or a path. */
export const queryInt = (range: { min: number; max: number }) =>
  z.codec(z.string().regex(/^\d{1,15}$/, 'must be a whole number'), z.int().min(range.min).max(range.max), {
    decode: Number,
    encode: String,
  });

export const email = z.string().trim().toLowerCase().max(254).pipe(z.email());

/** A place in a feed or a list of changes. Opaque to everyone but the service that made it. */
export const cursor = z.string().min(1).max(200).brand<'Cursor'>();
export type Cursor = z.infer<typeof cursor>;

export const ed25519PublicKey = exactBytes(32);
export const ed25519Signature = exactBytes(64);
/** MLKEM768-X25519 (HPKE KEM 0x647a): ML-KEM-768 encapsulation key and X25519 public key. */
export const kemPublicKey = exactBytes(1216);
/** HPKE `enc` (1120) and a sealed 32-byte key with its tag (48). */
export const sealedToPublicKey = exactBytes(1168);
/** AES-256-GCM wrap of a 32-byte key: nonce (12), ciphertext (32), tag (16). */
export const wrappedKey = exactBytes(60);
export const sealedName = bytes({ min: 28, max: 1024 });
/** Key epochs count from 1. */
export const epoch = z
  .int()
  .min(1)
  .max(2 ** 31 - 1);
export const bytesCount = z.int().min(0).max(Number.MAX_SAFE_INTEGER);
