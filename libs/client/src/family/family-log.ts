import { AppError, familyRoutes, limits, type FamilyId } from '@heirloom/contracts';
import type { ChangeInputs } from '@heirloom/crypto';
import {
  applyEntries,
  emptyFamily,
  equalBytes,
  headOf,
  identityHash,
  LogError,
  mustBeFinished,
  mustBeHead,
  mustContinue,
  openEntries,
  type FamilyState,
} from '@heirloom/formats';
import type { Account } from '../account/account.ts';
import { FamilyHistory } from './family-history.ts';
import type { TellNews } from './family-news.ts';
import { followHead, openHead, otherFamily, type SignedHead } from './log-head.ts';

/** The last head that a device saw, and the installation's key that has signed it: the pins. */
export interface KeptHead {
  checkpoint: string;
  logKey: string;
}

export interface KeptLog extends KeptHead {
  family: FamilyId;
  entries: Uint8Array[];
}

/** A device's own copy of its family's log. */
export interface FamilyLogStore {
  load(): Promise<KeptLog | null>;
  /**
   * Adds entries behind those that are there, and replaces the head; both or neither. From 0 on it is another log,
   * which takes the place of what was there.
   */
  append(family: FamilyId, from: number, entries: readonly Uint8Array[], head: KeptHead): Promise<void>;
}

/**
 * The family's log as this device knows it: every entry follows the family's rules, and the whole is what the
 * installation signed and what this device saw before.
 */
export class FamilyLog {
  readonly #account: Account;
  readonly #store: FamilyLogStore;
  #state: FamilyState;
  #history = new FamilyHistory();
  /** The installation's key. What a server shows is opened by it, or by one that it leads to. */
  #logKey: string;
  /** Entries from the beginning on that were checked and are not in the store yet. */
  #unkept: readonly Uint8Array[] = [];

  private constructor(account: Account, store: FamilyLogStore, family: FamilyId, logKey: string) {
    this.#account = account;
    this.#store = store;
    this.#state = emptyFamily(family);
    this.#logKey = logKey;
  }

  get state(): FamilyState {
    return this.#state;
  }

  get history(): FamilyHistory {
    return this.#history;
  }

  /**
   * Opens this device's copy and brings it up to date. When another device of this person has gone to another family, it
   * follows.
   * @param tell - hears a sentence for the person when that happens.
   * @throws AppError `no-family`, LogError
   */
  static async pull(
    account: Account,
    store: FamilyLogStore,
    tell: TellNews = () => undefined,
  ): Promise<FamilyLog> {
    const { familyId } = await account.http.call(familyRoutes.mine, {});
    const kept = await store.load();
    const own = kept && (await FamilyLog.kept(account, store, kept));
    const log = own?.state.family === familyId ? own : await FamilyLog.begin(account, store, familyId);
    const read = await log.#read();
    const follows = own !== null && own !== log;
    if (follows) mustHaveGone(account, own.#history, read.next.history);
    mustNameOwnKeys(account, read.next.state);
    await log.#keep(read.next, read.fresh, read.head);
    if (follows) tell('You have gone to another family on another device, so this one follows.', 'followed');
    return log;
  }

  /** This device's own copy, without asking anybody. @throws AppError `damaged` */
  static async kept(account: Account, store: FamilyLogStore, kept: KeptLog): Promise<FamilyLog> {
    const log = new FamilyLog(account, store, kept.family, kept.logKey);
    try {
      await log.#take(kept.entries);
      mustBeHead(headOf(log.#state), await openHead(kept.checkpoint, kept.family, kept.logKey));
    } catch (cause) {
      if (!(cause instanceof AppError)) throw cause;
      throw new AppError('damaged', {
        detail: "This device's copy of the family log is damaged. Sign out and in again.",
        cause,
      });
    }
    return log;
  }

  /** Starts the log of a family that this account is about to create. */
  static async begin(account: Account, store: FamilyLogStore, family: FamilyId): Promise<FamilyLog> {
    const kept = await store.load();
    return new FamilyLog(account, store, family, kept?.logKey ?? account.profile.logKey);
  }

  /** A log that was read by an invite. It is kept once this account has joined. @throws LogError */
  static async shown(
    account: Account,
    store: FamilyLogStore,
    { family, entries }: Pick<KeptLog, 'family' | 'entries'>,
  ): Promise<FamilyLog> {
    const log = await FamilyLog.begin(account, store, family);
    await log.#take(entries);
    log.#unkept = entries;
    return log;
  }

  /** What a change by this person begins with. @throws AppError `log-invalid` for a log of a later version */
  inputs(): ChangeInputs {
    if (this.#state.notUnderstood > 0) {
      throw new AppError('log-invalid', {
        detail:
          'The family log holds changes of a kind that this version does not know. Update this program before you change the family.',
      });
    }
    const author = { account: this.#account.profile.accountId, signer: this.#account.identity.signer };
    return { state: this.#state, author, now: Date.now() };
  }

  /** Fetches what is new. Nothing of it is kept before the signed head of all of it was checked. @throws LogError */
  async refresh(): Promise<void> {
    const { next, fresh, head } = await this.#read();
    await this.#keep(next, fresh, head);
  }

  async #read(): Promise<{ next: Picture; fresh: readonly Uint8Array[]; head: KeptHead }> {
    const before = headOf(this.#state);
    const next = { state: this.#state, history: this.#history.copy() };
    const fresh: Uint8Array[] = [];
    for (;;) {
      const page = await this.#account.http.call(familyRoutes.log, {
        query: { from: headOf(next.state).size, limit: limits.logEntriesPerPage },
      });
      const { head, logKey } = await this.#open(page.checkpoint);
      if (head.size <= before.size) mustContinue(before, head);
      const entries = page.entries.map(({ entry }) => entry);
      next.state = await follow(next, entries);
      fresh.push(...entries);
      if (headOf(next.state).size < head.size && entries.length > 0) continue;
      mustBeHead(headOf(next.state), head);
      mustBeFinished(next.state);
      return { next, fresh, head: { checkpoint: page.checkpoint, logKey } };
    }
  }

  /** Takes in entries that the server accepted, with the head that it signed for them. @throws LogError */
  async accept(entries: readonly Uint8Array[], checkpoint: string): Promise<void> {
    const { head, logKey } = await this.#open(checkpoint);
    // Somebody else's entries stand behind these already: fetch them all, with their proof.
    if (head.size !== headOf(this.#state).size + entries.length) return await this.refresh();
    const next = { state: this.#state, history: this.#history.copy() };
    next.state = await follow(next, entries);
    mustBeHead(headOf(next.state), head);
    mustBeFinished(next.state);
    await this.#keep(next, entries, { checkpoint, logKey });
  }

  async #keep(next: Picture, fresh: readonly Uint8Array[], head: KeptHead): Promise<void> {
    const from = headOf(this.#state).size - this.#unkept.length;
    await this.#store.append(this.#state.family, from, [...this.#unkept, ...fresh], head);
    this.#unkept = [];
    this.#state = next.state;
    this.#history = next.history;
    this.#logKey = head.logKey;
  }

  async #take(entries: readonly Uint8Array[]): Promise<void> {
    this.#state = await follow({ state: this.#state, history: this.#history }, entries);
    mustBeFinished(this.#state);
  }

  #open(checkpoint: string): Promise<SignedHead> {
    return followHead(this.#account.http, checkpoint, this.#state.family, this.#logKey);
  }
}

/** @throws LogError */
function mustNameOwnKeys({ profile, identityHash: pinned }: Account, { members }: FamilyState): void {
  const own = members.get(profile.accountId);
  if (own && equalBytes(identityHash(own.identity), pinned)) return;
  throw own
    ? new LogError('swapped-key', 'The family log names other keys for you than those that you have.')
    : new LogError('stranger', 'The server shows a family log in which you are not a member.');
}

/**
 * A device follows to another family only when its person has signed the entry that brought them there, and after the one
 * that brought them into the family that it knows: nobody else can make that entry, and an older one is of a family that
 * they have left. @throws LogError
 */
function mustHaveGone({ profile: { accountId } }: Account, from: FamilyHistory, to: FamilyHistory): void {
  const [known, shown] = [from.arrivalOf(accountId), to.arrivalOf(accountId)];
  if (known && shown && shown.at > known.at) return;
  throw otherFamily();
}

interface Picture {
  state: FamilyState;
  history: FamilyHistory;
}

/** The state with these entries more; they go into the history too. @throws LogError, and the history is of no use then */
async function follow({ state, history }: Picture, bytes: readonly Uint8Array[]): Promise<FamilyState> {
  const opened = await openEntries(bytes);
  const next = await applyEntries(state, opened);
  for (const { entry } of opened) history.note(entry);
  return next;
}
