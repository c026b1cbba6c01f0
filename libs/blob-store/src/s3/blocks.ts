/**
 * Bytes of one request. Three of them are in memory: one is filled while the one before is sent, and a connection keeps
 * its last one.
 */
export const partBytes = 7 * 1024 * 1024;
/** Every part of a multipart upload but its last must have as many. */
export const minPartBytes = 5 * 1024 * 1024;
/** As many parts an upload may have. */
export const maxParts = 10_000;

const firstBytes = 64 * 1024;

/**
 * The source's bytes in blocks of `partBytes`, the last one shorter. A source that breaks off still gives what came
 * before, and then its error.
 */
export async function* blocks(source: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  let block = new Uint8Array(firstBytes);
  let filled = 0;
  try {
    for await (const chunk of source) {
      for (let taken = 0; taken < chunk.length;) {
        const count = Math.min(chunk.length - taken, partBytes - filled);
        if (filled + count > block.length) block = grown(block, filled, filled + count);
        block.set(chunk.subarray(taken, taken + count), filled);
        filled += count;
        taken += count;
        if (filled < partBytes) continue;
        yield block;
        [block, filled] = [new Uint8Array(firstBytes), 0];
      }
    }
  } catch (error) {
    if (filled > 0) yield block.subarray(0, filled);
    throw error;
  }
  if (filled > 0) yield block.subarray(0, filled);
}

function grown(block: Uint8Array, filled: number, neededBytes: number): Uint8Array<ArrayBuffer> {
  const larger = new Uint8Array(Math.min(partBytes, Math.max(2 * block.length, neededBytes)));
  larger.set(block.subarray(0, filled));
  return larger;
}

/** Sends blocks one after the other while the next is being filled. What was begun is waited for in any case. */
export async function sendEach(
  source: AsyncIterable<Uint8Array>,
  send: (block: Uint8Array) => Promise<void>,
): Promise<void> {
  let sending: Promise<void> = Promise.resolve();
  try {
    for await (const block of blocks(source)) {
      await sending;
      sending = send(block);
      // Noticed with the next block, or in the end.
      sending.catch(() => undefined);
    }
  } catch (error) {
    await sending;
    throw error;
  }
  await sending;
}
