/** Chunks that are worked on at once: 1 MiB of plaintext. WebCrypto needs many in flight to be fast. */
export const batchChunks = 64;

export interface Batch {
  bytes: Uint8Array;
  /** Whether nothing comes after it. A last batch is shorter than the others and may be empty. */
  last: boolean;
}

/**
 * Cuts a stream of pieces of any size into batches of `batchBytes`, and always ends with a shorter last one.
 * Holds one batch in memory.
 */
export async function* batches(source: AsyncIterable<Uint8Array>, batchBytes: number): AsyncGenerator<Batch> {
  let buffer = new Uint8Array(batchBytes);
  let filled = 0;
  for await (const piece of source) {
    let at = 0;
    while (at < piece.length) {
      const taken = Math.min(batchBytes - filled, piece.length - at);
      buffer.set(piece.subarray(at, at + taken), filled);
      filled += taken;
      at += taken;
      if (filled === batchBytes) {
        yield { bytes: buffer, last: false };
        buffer = new Uint8Array(batchBytes);
        filled = 0;
      }
    }
  }
  yield { bytes: buffer.subarray(0, filled), last: true };
}

/** Maps with one result being made while the one before is consumed. Order is kept. */
export async function* pipelined<T, R>(
  source: AsyncIterable<T>,
  work: (item: T) => Promise<R>,
): AsyncGenerator<R> {
  let pending: Promise<R> | undefined;
  try {
    for await (const item of source) {
      const started = work(item);
      // Whoever awaits it sees the rejection; until then it must not count as unhandled.
      started.catch(() => undefined);
      const ready = pending;
      pending = started;
      if (ready) yield await ready;
    }
    if (pending) yield await pending;
  } finally {
    await pending?.catch(() => undefined);
  }
}

export async function* once(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  yield await Promise.resolve(bytes);
}

/** The chunks of a WHATWG stream; leaving the loop early cancels it. */
export async function* iterate(readable: ReadableStream<Uint8Array>): AsyncGenerator<Uint8Array> {
  const reader = readable.getReader();
  try {
    for (;;) {
      const { done, value } = await reader.read();
      if (done) return;
      yield value;
    }
  } finally {
    await reader.cancel().catch(() => undefined);
    reader.releaseLock();
  }
}

/** A WHATWG stream that pulls from an iterable as it is read. */
export function toReadable(source: AsyncIterable<Uint8Array>): ReadableStream<Uint8Array> {
  const iterator = source[Symbol.asyncIterator]();
  return new ReadableStream<Uint8Array>(
    {
      async pull(controller) {
        const next = await iterator.next();
        if (next.done) controller.close();
        else controller.enqueue(next.value);
      },
      async cancel() {
        await iterator.return?.();
      },
    },
    { highWaterMark: 0 },
  );
}
