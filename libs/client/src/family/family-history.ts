import type { AccountId } from '@heirloom/contracts';
import { isKnownEvent, type LogEntry } from '@heirloom/formats';

/**
 * What a family's log said at some time and what still holds for things of that time: photos and album items stay good
 * when their author leaves.
 */
export class FamilyHistory {
  readonly #identities = new Map<AccountId, readonly Uint8Array[]>();
  readonly #writers = new Set<string>();
  readonly #entries: LogEntry[] = [];

  copy(): FamilyHistory {
    const same = new FamilyHistory();
    for (const [account, keys] of this.#identities) same.#identities.set(account, keys);
    for (const writer of this.#writers) same.#writers.add(writer);
    same.#entries.push(...this.#entries);
    return same;
  }

  /** Takes in an entry that follows the family's rules. */
  note(entry: LogEntry): void {
    this.#entries.push(entry);
    const { author, event } = entry;
    if (!isKnownEvent(event)) return;
    if (event.kind === 'family-created' || event.kind === 'member-joined') {
      this.#identities.set(author, [...this.signersOf(author), event.sign]);
    }
    // Everyone who has a collection is granted each of its keys, so this sees every role of every epoch.
    if (event.kind === 'granted' && (event.role === 'manager' || event.role === 'contributor'))
      this.#writers.add(writerKey(event.collection, event.epoch, event.grantee));
  }

  /** All of them, from the first on. */
  get entries(): readonly LogEntry[] {
    return this.#entries;
  }

  /** Ed25519 keys of the identities that a person has had in the family. Their photos are signed by one of them. */
  signersOf(account: AccountId): readonly Uint8Array[] {
    return this.#identities.get(account) ?? [];
  }

  /** The entry by which the person came into the family last; only their own key can sign it. */
  arrivalOf(account: AccountId): LogEntry | undefined {
    return this.#entries.findLast(
      ({ author, event }) =>
        author === account && (event.kind === 'family-created' || event.kind === 'member-joined'),
    );
  }

  /** Whether the person might add to the album while this epoch's key was its newest. */
  couldAdd(album: string, epoch: number, account: AccountId): boolean {
    return this.#writers.has(writerKey(album, epoch, account));
  }
}

const writerKey = (album: string, epoch: number, account: AccountId) => `${album} ${epoch} ${account}`;
