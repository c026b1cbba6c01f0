/** Bytes that can be produced again, the same each time, from any offset. */
export interface ResumableBytes {
  readonly bytes: number;
  from(offset: number): AsyncIterable<Uint8Array>;
}

/** One pass over the source. A request that was cut off may still be reading its own when the next one begins. */
class Pass {
  at: number;
  readonly #bytes: number;
  readonly #iterator: AsyncIterator<Uint8Array>;
  readonly #failed: (error: unknown) => void;
  #rest: Uint8Array = new Uint8Array(0);

  constructor(source: ResumableBytes, from: number, failed: (error: unknown) => void) {
    this.at = from;
    this.#bytes = source.bytes;
    this.#iterator = source.from(from)[Symbol.asyncIterator]();
    this.#failed = failed;
  }

  async take(most: number): Promise<Uint8Array> {
    while (this.#rest.length === 0) this.#rest = await this.#next();
    const piece = this.#rest.subarray(0, most);
    this.#rest = this.#rest.subarray(piece.length);
    this.at += piece.length;
    return piece;
  }

  async close(): Promise<void> {
    await this.#iterator.return?.();
  }

  async #next(): Promise<Uint8Array> {
    try {
      const next = await this.#iterator.next();
      if (next.done) throw new Error(`the source ended at ${this.at} of ${this.#bytes} bytes`);
      return next.value;
    } catch (error) {
      this.#failed(error);
      throw error;
    }
  }
}

/**
 * Cuts a source into request bodies. It keeps one pass over the source open from body to body and begins a new
 * one only when the next body starts elsewhere.
 */
export class ChunkFeed {
  /** What the source itself threw, since fetch would hide it behind an error of its own. */
  failure: unknown;
  readonly #source: ResumableBytes;
  #pass: Pass | null = null;

  constructor(source: ResumableBytes) {
    this.#source = source;
  }

  async close(): Promise<void> {
    const pass = this.#pass;
    this.#pass = null;
    await pass?.close();
  }

  /** The bytes `from` to `to` in memory. */
  async blob(from: number, to: number): Promise<Blob> {
    const pass = await this.#passAt(from);
    const pieces: BlobPart[] = [];
    while (pass.at < to) pieces.push(new Uint8Array(await pass.take(to - pass.at)));
    return new Blob(pieces);
  }

  /** The bytes `from` to `to` as they are asked for. */
  async stream(
    from: number,
    to: number,
    onRead?: (bytes: number) => void,
  ): Promise<ReadableStream<Uint8Array>> {
    const pass = await this.#passAt(from);
    return new ReadableStream<Uint8Array>(
      {
        pull: async (controller) => {
          controller.enqueue(await pass.take(to - pass.at));
          onRead?.(pass.at - from);
          if (pass.at >= to) controller.close();
        },
        cancel: async () => {
          if (this.#pass === pass) this.#pass = null;
          await pass.close();
        },
      },
      { highWaterMark: 0 },
    );
  }

  async #passAt(offset: number): Promise<Pass> {
    if (this.#pass?.at === offset) return this.#pass;
    await this.close();
    this.failure = undefined;
    this.#pass = new Pass(this.#source, offset, (error) => (this.failure = error));
    return this.#pass;
  }
}
