import { AppError, familyRoutes, limits, type FamilyId } from '@heirloom/contracts';
import {
  decodeVerifierKey,
  equalBytes,
  leafHash,
  logEntryStatement,
  logOrigin,
  openCheckpoint,
  signedEnvelope,
  suite,
  type Checkpoint,
  type KnownLogEvent,
  type LogEntry,
  type Signer,
} from '@heirloom/formats';
import type { Account } from '../account/account.ts';
import { CompactTree } from './compact-tree.ts';
import { FamilyState } from './family-state.ts';

/** A device's own copy of its family's log, with the last head that it saw: the pin. */
export interface FamilyLogStore {
  load(): Promise<{ family: FamilyId; entries: Uint8Array[]; checkpoint: string } | null>;
  /** Adds entries behind those that are there, and replaces the checkpoint; both or neither. */
  append(family: FamilyId, from: number, entries: readonly Uint8Array[], checkpoint: string): Promise<void>;
}

const distrust = (what: string) =>
  new AppError('damaged', {
    detail: `The server shows a family log that ${what}. Do not go on before you know why: the server may have lost data, or someone may have changed it.`,
  });

/**
 * The family's log as this device knows it. Every entry was signed by one who might, every entry vouches for the
 * history before it, and the whole is what the installation signed and what this device saw before.
 */
export class FamilyLog {
  readonly #account: Account;
  readonly #store: FamilyLogStore;
  #tree = new CompactTree();
  #state: FamilyState;

  private constructor(account: Account, store: FamilyLogStore, family: FamilyId) {
    this.#account = account;
    this.#store = store;
    this.#state = new FamilyState(family);
  }

  get state(): FamilyState {
    return this.#state;
  }

  /** Opens this device's copy and brings it up to date. @throws AppError `no-family`, or `damaged` loudly. */
  static async pull(account: Account, store: FamilyLogStore): Promise<FamilyLog> {
    const { familyId } = await account.http.call(familyRoutes.mine, {});
    const kept = await store.load();
    if (kept && kept.family !== familyId) throw distrust('is not that of your family');
    const log = new FamilyLog(account, store, familyId);
    for (const bytes of kept?.entries ?? []) log.#keep(bytes, decodeEntry(bytes));
    if (kept) await log.#mustAgree(await log.#open(kept.checkpoint));
    await log.refresh();
    return log;
  }

  /** Starts the log of a family that this account is about to create. */
  static begin(account: Account, store: FamilyLogStore, family: FamilyId): FamilyLog {
    return new FamilyLog(account, store, family);
  }

  /** Fetches what is new. Nothing of it is kept before the signed head of all of it was checked. */
  async refresh(): Promise<void> {
    const from = this.#tree.size;
    const tree = this.#tree.copy();
    const fresh: Uint8Array[] = [];
    for (;;) {
      const page = await this.#account.http.call(familyRoutes.log, {
        query: { from: tree.size, limit: limits.logEntriesPerPage },
      });
      const head = await this.#open(page.checkpoint);
      if (head.size < tree.size) throw distrust('is shorter than it was before');
      for (const { entry } of page.entries) {
        await this.#verify(entry, tree);
        fresh.push(entry);
      }
      if (tree.size > head.size) throw distrust('goes on after its signed end');
      if (tree.size < head.size && page.entries.length === 0) throw distrust('ends before its signed end');
      if (tree.size < head.size) continue;
      if (!equalBytes(tree.root, head.root))
        throw distrust('differs from the one that this device has seen before');
      await this.#store.append(this.#state.family, from, fresh, page.checkpoint);
      this.#tree = tree;
      return;
    }
  }

  /** Checks one new entry and takes it in. */
  async #verify(bytes: Uint8Array, tree: CompactTree): Promise<void> {
    let entry: LogEntry;
    try {
      entry = decodeEntry(bytes);
      await logEntryStatement.verify(bytes, this.#state.signersFor(entry));
    } catch (cause) {
      if (!(cause instanceof AppError)) throw cause;
      throw new AppError('damaged', {
        detail: distrust('holds an entry that nobody in it signed').message,
        cause,
      });
    }
    if (entry.index !== tree.size || !equalBytes(entry.head, tree.root))
      throw distrust('has entries out of their order');
    this.#state.apply(entry);
    tree.append(leafHash(bytes));
  }

  #keep(bytes: Uint8Array, entry: LogEntry): void {
    this.#state.apply(entry);
    this.#tree.append(leafHash(bytes));
  }

  async #open(checkpoint: string): Promise<Checkpoint> {
    const key = decodeVerifierKey(this.#account.profile.logKey);
    try {
      return await openCheckpoint(checkpoint, { origin: logOrigin(this.#state.family), key });
    } catch (cause) {
      throw new AppError('damaged', { detail: distrust('is not signed by the installation').message, cause });
    }
  }

  async #mustAgree(head: Checkpoint): Promise<void> {
    if (head.size === this.#tree.size && equalBytes(head.root, this.#tree.root)) return;
    throw new AppError('damaged', {
      detail: "This device's copy of the family log is damaged. Sign out and in again.",
    });
  }

  /** Signs entries that follow the log as it is now. They are part of it only once {@link accept} was told so. */
  async write(
    events: readonly KnownLogEvent[],
    signer: Signer = this.#account.identity.signer,
  ): Promise<Uint8Array[]> {
    const tree = this.#tree.copy();
    const entries: Uint8Array[] = [];
    for (const event of events) {
      const entry: LogEntry = {
        suite,
        family: this.#state.family,
        index: tree.size,
        head: tree.root,
        author: this.#account.profile.accountId,
        at: Date.now(),
        event,
      };
      const bytes = await logEntryStatement.sign(entry, signer);
      tree.append(leafHash(bytes));
      entries.push(bytes);
    }
    return entries;
  }

  /** Takes in entries that the server accepted, with the head that it signed for them. */
  async accept(entries: readonly Uint8Array[], checkpoint: string): Promise<void> {
    const head = await this.#open(checkpoint);
    const from = this.#tree.size;
    // Somebody else's entries stand behind these already: fetch them all, with their proof.
    if (head.size !== from + entries.length) return await this.refresh();
    const tree = this.#tree.copy();
    for (const bytes of entries) await this.#verify(bytes, tree);
    if (!equalBytes(tree.root, head.root)) throw distrust('differs from what this device wrote');
    await this.#store.append(this.#state.family, from, entries, checkpoint);
    this.#tree = tree;
  }
}

/** @throws AppError `bad-request` when it is no log entry. */
const decodeEntry = (bytes: Uint8Array): LogEntry =>
  logEntryStatement.payload.decode(signedEnvelope.decode(bytes).payload);
