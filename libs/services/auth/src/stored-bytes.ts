/** Bytes as Prisma takes them: never a view of a larger or shared buffer. */
export const stored = (bytes: Uint8Array): Uint8Array<ArrayBuffer> => new Uint8Array(bytes);
