/** Chunks that may wait for the reader before the writer is held back. */
const capacity = 4;

/** Hands chunks from one writer to one reader, who may be slower: `push` waits while it lags behind. */
export class ChunkFeed implements AsyncIterable<Uint8Array> {
  readonly #chunks: Uint8Array[] = [];
  #ended = false;
  #abandoned = false;
  #wakeReader = Promise.withResolvers<void>();
  #wakeWriter = Promise.withResolvers<void>();

  /** Resolves once there is room for more. What is pushed after {@link abandon} is dropped. */
  async push(chunk: Uint8Array): Promise<void> {
    if (this.#abandoned || chunk.length === 0) return;
    this.#chunks.push(chunk);
    this.#wakeReader.resolve();
    while (this.#chunks.length >= capacity && !this.#abandoned) await this.#wakeWriter.promise;
  }

  /** No more chunks will come. */
  end(): void {
    this.#ended = true;
    this.#wakeReader.resolve();
  }

  /** The reader has given up: nobody waits for it any more. */
  abandon(): void {
    this.#abandoned = true;
    this.#chunks.length = 0;
    this.#wakeWriter.resolve();
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<Uint8Array> {
    for (;;) {
      const chunk = this.#chunks.shift();
      if (chunk) {
        this.#wakeWriter.resolve();
        this.#wakeWriter = Promise.withResolvers();
        yield chunk;
      } else if (this.#ended) {
        return;
      } else {
        this.#wakeReader = Promise.withResolvers();
        await this.#wakeReader.promise;
      }
    }
  }
}

/** The bytes of a source without its first `count`. */
export async function* skipping(
  source: AsyncIterable<Uint8Array>,
  count: number,
): AsyncGenerator<Uint8Array> {
  let left = count;
  for await (const chunk of source) {
    if (left >= chunk.length) {
      left -= chunk.length;
    } else {
      yield left === 0 ? chunk : chunk.subarray(left);
      left = 0;
    }
  }
}
