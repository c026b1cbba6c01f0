import { z } from 'zod';
import { bytesCount } from '../base/codecs.ts';

/** Where the server of the web pages says what it serves. */
export const releasePath = '/api/release';

/** One file of the web pages. */
export const releaseFile = z.object({
  /** As it is asked for, for example `/assets/index-B1x.js`. */
  path: z.string().startsWith('/').max(300),
  /** Of the file as it was built, in lower-case hex. */
  sha256: z.string().regex(/^[0-9a-f]{64}$/),
  bytes: bytesCount,
});
export type ReleaseFile = z.infer<typeof releaseFile>;

/**
 * The web pages that a server serves, by the hashes of their files. Whoever has the same release from elsewhere can tell
 * whether a server serves other pages. What `sha256` covers is said by {@link releaseFile}.
 */
export const release = z.object({
  version: z.string().max(64),
  files: z.array(releaseFile).max(2_000),
});
export type Release = z.infer<typeof release>;
