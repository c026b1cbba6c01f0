import type { AccountId, CollectionId } from '@heirloom/contracts';
import type { EventOf, KnownLogEvent } from './events.ts';
import type { FamilyCollection, FamilyMember, FamilyState, OwedGrant } from './family-state.ts';
import { must } from './log-error.ts';
import type { OpenedEntry } from './opened-entry.ts';

type Mutable<T> = T extends ReadonlyMap<infer K, infer V> ? Map<K, V> : T;

/** A state that entries are being applied to. Its maps are its own; what is in them is replaced, never changed. */
export type Draft = { -readonly [F in keyof FamilyState]: Mutable<FamilyState[F]> };

export const draftOf = (state: FamilyState): Draft => ({
  ...state,
  members: new Map(state.members),
  former: new Map(state.former),
  devices: new Map(state.devices),
  invites: new Map(state.invites),
  collections: new Map(state.collections),
});

/** An entry with an event of a known kind. */
export type Change<K extends KnownLogEvent['kind']> = OpenedEntry & { readonly event: EventOf<K> };

/** A map with one pair more, or another value. */
export function withPair<K, V>(map: ReadonlyMap<K, V>, key: K, value: V): Map<K, V> {
  return new Map(map).set(key, value);
}
export function withoutKey<K, V>(map: ReadonlyMap<K, V>, key: K): Map<K, V> {
  const next = new Map(map);
  next.delete(key);
  return next;
}

export function editCollection(draft: Draft, id: CollectionId, change: Partial<FamilyCollection>): void {
  draft.collections.set(id, { ...draft.collections.get(id)!, ...change });
}

/** The author, of whom it is known that they are a member. */
export const authorOf = (draft: Draft, { entry }: OpenedEntry): FamilyMember =>
  draft.members.get(entry.author)!;

export function mustBeOwner(draft: Draft, change: OpenedEntry, deed: string): void {
  must(
    authorOf(draft, change).role === 'owner',
    'not-allowed',
    `${deed}, which only the owner of a family does.`,
    change.entry.author,
  );
}

/** Says which grants the author must write next. */
export function owe(draft: Draft, author: AccountId, grants: readonly OwedGrant[]): void {
  draft.owed = grants.length > 0 ? { author, grants } : undefined;
}

/** Takes a collection from somebody: its next key is not for them. */
export function takeFrom(draft: Draft, id: CollectionId, account: AccountId): void {
  const { holders } = draft.collections.get(id)!;
  if (holders.has(account)) {
    editCollection(draft, id, { holders: withoutKey(holders, account), rotationDue: true });
  }
}
