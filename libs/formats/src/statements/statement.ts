import type { z } from 'zod';
import { recordFormat, type RecordFormat } from '../encoding/canonical.ts';
import { makeSigned, openSigned, type SignatureType, type Signer } from './signing.ts';

/** A verified statement: what it says and which key said it. */
export interface Verified<T> {
  readonly value: T;
  /** Ed25519 public key, 32 bytes. */
  readonly signer: Uint8Array;
}

/** A kind of signed record: the payload is canonical CBOR, the whole a signed envelope. */
export interface StatementFormat<S extends z.ZodType> {
  readonly type: SignatureType;
  readonly payload: RecordFormat<S>;
  sign(value: z.output<S>, signer: Signer): Promise<Uint8Array<ArrayBuffer>>;
  /** @throws AppError `bad-request` unless rightly signed, by one of `expected` when given, and well formed. */
  verify(bytes: Uint8Array, expected?: readonly Uint8Array[]): Promise<Verified<z.output<S>>>;
}

export function statementFormat<S extends z.ZodType>(
  type: SignatureType,
  schema: S,
  maxBytes: number,
): StatementFormat<S> {
  const payload = recordFormat(schema, { maxBytes });
  return {
    type,
    payload,
    async sign(value, signer) {
      return makeSigned(type, payload.encode(value), signer);
    },
    async verify(bytes, expected) {
      const envelope = await openSigned(type, bytes, expected);
      return { value: payload.decode(envelope.payload), signer: envelope.signer };
    },
  };
}
