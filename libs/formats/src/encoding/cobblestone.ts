/** Sizes of C2SP chunked-encryption, Cobblestone-256 (c2sp.org/chunked-encryption). All in bytes. */
export const cobblestone = {
  keyBytes: 32,
  saltBytes: 24,
  commitmentBytes: 32,
  headerBytes: 56,
  chunkBytes: 16_384,
  tagBytes: 16,
  sealedChunkBytes: 16_400,
} as const;

/** Length of the ciphertext of so many bytes: a header, and every chunk with its tag. The last chunk is always short. */
export function sealedLength(plainLength: number): number {
  const chunks = Math.floor(plainLength / cobblestone.chunkBytes) + 1;
  return cobblestone.headerBytes + plainLength + chunks * cobblestone.tagBytes;
}

/** The inverse of {@link sealedLength}; undefined where no plaintext has such a ciphertext. */
export function plainLength(sealed: number): number | undefined {
  const body = sealed - cobblestone.headerBytes;
  if (!Number.isSafeInteger(sealed) || body < cobblestone.tagBytes) return undefined;
  const last = body % cobblestone.sealedChunkBytes;
  if (last < cobblestone.tagBytes) return undefined;
  return (
    Math.floor(body / cobblestone.sealedChunkBytes) * cobblestone.chunkBytes + last - cobblestone.tagBytes
  );
}
