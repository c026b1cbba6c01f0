import type { AuditFault } from '@heirloom/contracts';
import { toHex } from '../encoding/bytes.ts';

interface BrokenLink {
  readonly index: number;
  readonly previous: string;
}

/**
 * Entries that do not follow on the one before them. Whether something is missing there or they stand in another order is
 * told by a second look at the whole trail: is the entry that they were written behind there?
 */
export class LinkFaults {
  readonly #links: BrokenLink[] = [];
  readonly #found = new Set<string>();

  constructor(private readonly max: number) {}

  get any(): boolean {
    return this.#links.length > 0;
  }

  add(index: number, previous: Uint8Array): void {
    if (this.#links.length < 3 * this.max) this.#links.push({ index, previous: toHex(previous) });
  }

  /** Second look: an entry that is there. */
  see(hash: Uint8Array): void {
    const hex = toHex(hash);
    if (this.#links.some(({ previous }) => previous === hex)) this.#found.add(hex);
  }

  /** Entries side by side that were moved are one fault. */
  faults(): AuditFault[] {
    const faults: AuditFault[] = [];
    for (const { index, previous } of this.#links) {
      const kind = this.#found.has(previous) ? 'reordered' : 'missing';
      const last = faults.at(-1);
      if (kind === 'reordered' && last?.kind === kind && last.to === index - 1) last.to = index;
      else faults.push({ kind, from: index, to: index });
    }
    return faults;
  }
}
