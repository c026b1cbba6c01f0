import { blockBytes, toHex } from '@heirloom/formats';
import type { CryptoPorts, IncrementalHash } from '../ports/ports.ts';

/** Hashes an object's bytes as they pass: the whole, and its body in blocks of 1 MiB. */
export class ObjectHasher {
  readonly #ports: CryptoPorts;
  readonly #whole: IncrementalHash;
  readonly #blocks: Uint8Array[] = [];
  readonly #buffer = new Uint8Array(blockBytes);
  #filled = 0;

  constructor(ports: CryptoPorts) {
    this.#ports = ports;
    this.#whole = ports.sha256();
  }

  async body(bytes: Uint8Array): Promise<void> {
    this.#whole.update(bytes);
    let at = 0;
    while (at < bytes.length) {
      const taken = Math.min(blockBytes - this.#filled, bytes.length - at);
      this.#buffer.set(bytes.subarray(at, at + taken), this.#filled);
      this.#filled += taken;
      at += taken;
      if (this.#filled === blockBytes) await this.#endBlock();
    }
  }

  async #endBlock(): Promise<void> {
    this.#blocks.push(await this.#ports.digest(this.#buffer.subarray(0, this.#filled)));
    this.#filled = 0;
  }

  /** Ends the body: the hashes of its blocks, 32 bytes each. */
  async blocks(): Promise<Uint8Array<ArrayBuffer>> {
    if (this.#filled > 0) await this.#endBlock();
    const all = new Uint8Array(this.#blocks.length * 32);
    this.#blocks.forEach((block, i) => all.set(block, i * 32));
    return all;
  }

  /** Adds the trailer and ends the whole: 64 lower-case hex digits. */
  end(trailer: Uint8Array): string {
    this.#whole.update(trailer);
    return toHex(this.#whole.digest());
  }
}
