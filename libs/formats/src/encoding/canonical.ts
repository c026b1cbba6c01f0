import { AppError, type ErrorCode } from '@heirloom/contracts';
import { decode, encode, rfc8949EncodeOptions, Tokenizer, Type, type Token } from 'cborg';
import { z } from 'zod';
import { equalBytes } from './bytes.ts';

const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/** Reads strings byte for byte: refuses what is not UTF-8 and keeps a leading U+FEFF. */
class StrictTokenizer extends Tokenizer {
  override next(): Token {
    const token = super.next();
    if (token.type === Type.string && token.byteValue) token.value = utf8.decode(token.byteValue);
    return token;
  }
}

const decodeOptions = {
  strict: true,
  allowIndefinite: false,
  allowUndefined: false,
  allowInfinity: false,
  allowNaN: false,
  allowBigInt: false,
  rejectDuplicateMapKeys: true,
  retainStringBytes: true,
} as const;

const wellFormed = (text: string) => {
  if (!text.isWellFormed()) throw new TypeError('a string holds half of a surrogate pair');
  return null;
};
const finite = (value: number) => {
  if (!Number.isFinite(value)) throw new TypeError('a number is not finite');
  return null;
};

const encodeOptions = {
  ...rfc8949EncodeOptions,
  ignoreUndefinedProperties: true,
  typeEncoders: { string: wellFormed, number: finite },
} as const;

/**
 * CBOR by the core deterministic rules of RFC 8949 §4.2.1: shortest forms, definite lengths, map keys in bytewise
 * order of their encodings. Takes null, booleans, finite numbers, strings, Uint8Array, arrays and plain objects;
 * whole numbers are always integers, and an object's undefined fields are left out. Throws TypeError on the rest.
 */
export function encodeCanonical(value: unknown): Uint8Array<ArrayBuffer> {
  const bytes = encode(value, encodeOptions);
  return new Uint8Array(bytes);
}

export interface DecodeLimits {
  /** What is longer is refused before it is read. */
  maxBytes: number;
  /** Code of the AppError for malformed input. */
  code?: ErrorCode;
}

/** @throws AppError `code` unless the bytes are canonical CBOR of a value that the schema accepts. */
export function decodeCanonical<S extends z.ZodType>(
  schema: S,
  bytes: Uint8Array,
  { maxBytes, code = 'bad-request' }: DecodeLimits,
): z.output<S> {
  if (bytes.length > maxBytes)
    throw new AppError(code, { detail: `A record is longer than ${maxBytes} bytes.` });
  let value: unknown;
  try {
    value = decode(bytes, { ...decodeOptions, tokenizer: new StrictTokenizer(bytes, decodeOptions) });
    if (!equalBytes(encodeCanonical(value), bytes)) throw new TypeError('not in canonical form');
  } catch (cause) {
    throw new AppError(code, { detail: 'A record is not canonical CBOR.', cause });
  }
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  const issue = parsed.error.issues[0];
  throw new AppError(code, {
    detail: `A record is not well formed at ${issue?.path.join('.') || 'its top'}: ${issue?.message}.`,
    cause: parsed.error,
  });
}

/** A kind of record: its schema, its largest size and how errors are named. */
export interface RecordFormat<S extends z.ZodType> {
  readonly schema: S;
  /** @throws ZodError on a value that the schema refuses: that is a bug of the caller. */
  encode(value: z.output<S>): Uint8Array<ArrayBuffer>;
  /** @throws AppError when the bytes are not such a record. */
  decode(bytes: Uint8Array): z.output<S>;
}

export function recordFormat<S extends z.ZodType>(schema: S, limits: DecodeLimits): RecordFormat<S> {
  return {
    schema,
    encode: (value) => encodeCanonical(z.encode(schema, value)),
    decode: (bytes) => decodeCanonical(schema, bytes, limits),
  };
}
