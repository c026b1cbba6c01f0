import {
  limits,
  type AuditFault,
  type AuditFaultKind,
  type AuditItem,
  type ChainedEntry,
} from '@heirloom/contracts';
import { equalBytes } from '../encoding/bytes.ts';
import { openCheckpoint, type Checkpoint } from '../log/checkpoint.ts';
import type { NoteKey } from '../log/note.ts';
import { auditOrigin, auditStartOrigin, hashAuditEntry, noEntryHash } from './entry.ts';
import { LinkFaults } from './link-faults.ts';

export interface AuditVerdict {
  /** The index of the first entry that is kept. */
  readonly first: number;
  /** Entries that were read. */
  readonly entries: number;
  /** In the order of the trail. Empty: it is whole. */
  readonly faults: readonly AuditFault[];
}

/**
 * Checks an audit trail against its hashes and its signed checkpoints. Memory does not grow with the trail.
 *
 * @param read gives the trail from its beginning; called once more where entries do not follow on each other
 * @param keys that checkpoints may be signed with
 * @param size how many entries the trail is said to have, those before its beginning included
 */
export async function verifyAuditTrail(
  read: () => AsyncIterable<AuditItem>,
  keys: readonly NoteKey[],
  size = 0,
): Promise<AuditVerdict> {
  const walk = new TrailWalk(keys);
  for await (const item of read()) {
    if ('entry' in item) walk.entry(item.entry);
    else if ('start' in item) await walk.start(item.start);
    else await walk.checkpoint(item.checkpoint);
  }
  walk.end(size);
  if (walk.links.any) for await (const item of read()) if ('entry' in item) walk.links.see(item.entry.hash);
  return walk.verdict();
}

class TrailWalk {
  readonly links = new LinkFaults(limits.auditFaults);
  readonly #faults: AuditFault[] = [];
  #first: number | undefined;
  #entries = 0;
  /** The index of the entry that comes next, and the hash that it is to name. */
  #next = 0;
  #hash: Uint8Array = noEntryHash;
  /** After damage the next entry says by itself what it follows on. */
  #astray = false;
  /** How many entries the last good checkpoint vouches for. */
  #vouched = 0;
  /** Something before here is known to be wrong, so a checkpoint that does not fit is no news. */
  #explained = false;
  /** The size of the greatest checkpoint that saw more than there is. */
  #beyond = 0;

  constructor(private readonly keys: readonly NoteKey[]) {}

  async start(note: string): Promise<void> {
    const start = await this.#open(note, auditStartOrigin);
    if (!start || this.#entries > 0) return this.#fault('signature', this.#next, this.#next);
    this.#first = this.#next = this.#vouched = start.size;
    this.#hash = start.root;
  }

  entry(entry: ChainedEntry): void {
    this.#first ??= 0;
    this.#entries += 1;
    const { index } = entry;
    if (index < this.#next) return this.#wrong('reordered', index, index);
    if (index > this.#next) this.#wrong('missing', this.#next, index - 1);
    this.#follow(entry);
    this.#next = index + 1;
    this.#hash = entry.hash;
  }

  #follow(entry: ChainedEntry): void {
    const { index, previous, hash } = entry;
    const isLinked = this.#astray || equalBytes(previous, this.#hash);
    this.#astray = false;
    if (!equalBytes(hashAuditEntry(entry, previous), hash)) this.#wrong('changed', index, index);
    else if (!isLinked) {
      this.links.add(index, previous);
      this.#explained = true;
    }
  }

  async checkpoint(note: string): Promise<void> {
    const signed = await this.#open(note, auditOrigin);
    if (!signed) return this.#fault('signature', this.#vouched, Math.max(this.#vouched, this.#next - 1));
    if (signed.size > this.#next) this.#beyond = Math.max(this.#beyond, signed.size);
    if (signed.size !== this.#next) return;
    if (equalBytes(signed.root, this.#hash)) {
      this.#vouched = signed.size;
      this.#explained = false;
    } else if (!this.#explained) {
      this.#fault('checkpoint', this.#vouched, signed.size - 1);
      this.#explained = true;
    }
  }

  /** Nothing follows any more. */
  end(size: number): void {
    const seen = Math.max(size, this.#beyond);
    if (seen > this.#next) this.#fault('truncated', this.#next, seen - 1);
    else if (this.#vouched < this.#next && !this.#explained)
      this.#fault('unsigned', this.#vouched, this.#next - 1);
  }

  verdict(): AuditVerdict {
    const faults = [...this.#faults, ...this.links.faults()].sort((a, b) => a.from - b.from);
    return { first: this.#first ?? 0, entries: this.#entries, faults: faults.slice(0, limits.auditFaults) };
  }

  /** Damage of entries: what follows on it is not known. */
  #wrong(kind: AuditFaultKind, from: number, to: number): void {
    this.#explained = this.#astray = true;
    this.#fault(kind, from, to);
  }

  #fault(kind: AuditFaultKind, from: number, to: number): void {
    if (this.#faults.length < limits.auditFaults) this.#faults.push({ kind, from, to });
  }

  async #open(note: string, origin: string): Promise<Checkpoint | undefined> {
    for (const key of this.keys) {
      const opened = await openCheckpoint(note, { origin, key }).catch(() => undefined);
      if (opened) return opened;
    }
    return undefined;
  }
}
