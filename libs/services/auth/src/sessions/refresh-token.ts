import { createHash, randomBytes } from 'node:crypto';

const lineBytes = 16;
const secretBytes = 32;

/**
 * A refresh token is 48 random bytes in base64url: 16 that all tokens of one session share, and 32 of its own. By the
 * first a token that was replaced long ago is still known as one of its session's, without a list of all of them.
 */
export interface RefreshToken {
  readonly text: string;
  /** SHA-256 of the shared half. */
  readonly lineHash: Uint8Array<ArrayBuffer>;
  /** SHA-256 of the whole. */
  readonly hash: Uint8Array<ArrayBuffer>;
}

/** The first token of a new session. */
export const firstToken = (): RefreshToken => tokenOf(randomBytes(lineBytes + secretBytes));

/** A token to follow this one. */
export const nextToken = ({ text }: RefreshToken): RefreshToken =>
  tokenOf(Buffer.concat([Buffer.from(text, 'base64url').subarray(0, lineBytes), randomBytes(secretBytes)]));

/** @returns undefined for what cannot be a token */
export function readToken(text: string): RefreshToken | undefined {
  const bytes = Buffer.from(text, 'base64url');
  const isToken = bytes.length === lineBytes + secretBytes && bytes.toString('base64url') === text;
  return isToken ? tokenOf(bytes) : undefined;
}

const tokenOf = (bytes: Uint8Array): RefreshToken => ({
  text: Buffer.from(bytes).toString('base64url'),
  lineHash: sha256(bytes.subarray(0, lineBytes)),
  hash: sha256(bytes),
});

const sha256 = (bytes: Uint8Array): Uint8Array<ArrayBuffer> =>
  new Uint8Array(createHash('sha256').update(bytes).digest());
