import { AppError } from '@heirloom/contracts';

const MiB = 1024 * 1024;
/** What is held in memory as a whole, where nothing better is there. */
const mostBytes = 64 * MiB;

/** @throws AppError `too-large`, before anything is read, and what reading throws */
export async function inMemory(
  pieces: AsyncIterable<Uint8Array>,
  sizeBytes: number,
  type: string,
): Promise<Blob> {
  if (sizeBytes > mostBytes) throw new AppError('too-large');
  const all: Uint8Array<ArrayBuffer>[] = [];
  for await (const piece of pieces) all.push(new Uint8Array(piece));
  return new Blob(all, { type });
}
