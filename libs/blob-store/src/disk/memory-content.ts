import assert from 'node:assert/strict';

const blockBytes = 4096;

/** Decides what an un-synced change comes to when power is lost. */
export type Survives = () => boolean;

interface Bytes {
  size: number;
  blocks: Uint8Array[];
}

/** A file's bytes as the running system sees them, and apart from that as they were at the last sync. */
export class MemoryContent {
  #now: Bytes = { size: 0, blocks: [] };
  #synced: Bytes = { size: 0, blocks: [] };

  get size(): number {
    return this.#now.size;
  }

  read(into: Uint8Array, position: number): number {
    const count = Math.max(0, Math.min(into.length, this.#now.size - position));
    for (let done = 0; done < count;) {
      const [block, start] = this.#locate(position + done);
      const piece = this.#now.blocks[block]!.subarray(start, start + count - done);
      into.set(piece, done);
      done += piece.length;
    }
    return count;
  }

  write(bytes: Uint8Array, position: number): void {
    assert(position <= this.#now.size, 'files with holes are not simulated');
    for (let done = 0; done < bytes.length;) {
      const [block, start] = this.#locate(position + done);
      const piece = bytes.subarray(done, done + blockBytes - start);
      this.#writable(block).set(piece, start);
      done += piece.length;
    }
    this.#now.size = Math.max(this.#now.size, position + bytes.length);
  }

  bytes(): Uint8Array {
    const bytes = new Uint8Array(this.#now.size);
    this.read(bytes, 0);
    return bytes;
  }

  sync(): void {
    this.#synced = { size: this.#now.size, blocks: [...this.#now.blocks] };
  }

  /**
   * What a disk may hold after a power cut: the new length or the synced one, and within the new length any
   * mixture of written and synced blocks, with zeros for blocks that never reached the disk.
   */
  losePower(survives: Survives): void {
    const { size, blocks } = this.#now;
    const synced = this.#synced;
    this.#now = survives()
      ? {
          size,
          blocks: blocks.map((block, i) =>
            block === synced.blocks[i] || survives()
              ? block
              : (synced.blocks[i] ?? new Uint8Array(blockBytes)),
          ),
        }
      : { size: synced.size, blocks: [...synced.blocks] };
    this.sync();
  }

  #locate = (position: number): [block: number, start: number] => [
    Math.floor(position / blockBytes),
    position % blockBytes,
  ];

  /** A block that the synced state does not share. */
  #writable(index: number): Uint8Array {
    const block = this.#now.blocks[index];
    const own =
      block === undefined
        ? new Uint8Array(blockBytes)
        : block === this.#synced.blocks[index]
          ? block.slice()
          : block;
    this.#now.blocks[index] = own;
    return own;
  }
}
