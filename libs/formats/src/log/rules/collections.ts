import { limits, type AccountId, type CollectionId } from '@heirloom/contracts';
import { equalBytes } from '../../encoding/bytes.ts';
import { identityHash } from '../../statements/statements.ts';
import { authorOf, editCollection, owe, takeFrom, withPair, type Change, type Draft } from '../draft.ts';
import {
  familyCollection,
  isOpen,
  vaultAlbum,
  type FamilyCollection,
  type GrantRole,
  type Holding,
  type OwedGrant,
} from '../family-state.ts';
import { must } from '../log-error.ts';
import { mustBeFresh } from './invites.ts';

export function albumCreated(draft: Draft, change: Change<'album-created'>): void {
  const { entry, event } = change;
  const { author } = entry;
  const id = event.album as string as CollectionId;
  const { role } = authorOf(draft, change);
  must(role !== 'viewer', 'not-allowed', 'A viewer made an album.', author);
  must(!draft.collections.has(id), 'repeated', 'An album was made twice.', author);
  // The family's own collection stands beside its albums.
  must(
    draft.collections.size <= limits.albumsPerFamily,
    'limit',
    `A family has ${limits.albumsPerFamily} albums at most.`,
  );
  if (event.vault) {
    must(
      role === 'owner',
      'not-allowed',
      'Somebody else than the owner made the family vault album.',
      author,
    );
    must(!vaultAlbum(draft), 'repeated', 'The family vault album was made twice.', author);
  }
  draft.collections.set(id, {
    scope: 'album',
    vault: event.vault === true,
    createdBy: author,
    epoch: 1,
    rotationDue: false,
    minted: new Map(),
    holders: new Map(),
    invited: new Map(),
  });
  owe(draft, author, [{ collection: id, to: { account: author }, role: 'manager' }]);
}

export function granted(draft: Draft, change: Change<'granted'>): void {
  const { entry, event } = change;
  const { grantee, role } = event;
  const collection = collectionOf(draft, change);
  const member = draft.members.get(grantee);
  must(
    member,
    draft.former.has(grantee) ? 'removed-member' : 'unknown',
    'A key was given to someone who is not in the family.',
    grantee,
  );
  must(
    equalBytes(event.granteeIdentity, identityHash(member.identity)),
    'swapped-key',
    "A key was sealed to keys that are not the member's: they changed without an entry in the family log.",
    grantee,
  );
  const holding = collection.holders.get(grantee);
  if (!pay(draft, event.collection, (to) => 'account' in to && to.account === grantee, role)) {
    const resealed = grantee === entry.author && holding?.role === role;
    if (!resealed) mustShare(draft, change);
    const limited = member.role === 'viewer' && role !== 'viewer';
    must(
      resealed || !limited,
      'not-allowed',
      'A viewer of the family was made more than a viewer of an album.',
      grantee,
    );
    mustBeNew(holding, role, change);
    mustKeepManager(collection, grantee, role);
  }
  const holders = withPair(collection.holders, grantee, withKey(holding, role, change));
  editCollection(draft, event.collection, { holders });
}

export function grantedToInvite(draft: Draft, change: Change<'granted-to-invite'>): void {
  const { entry, event } = change;
  const collection = collectionOf(draft, change);
  const invite = draft.invites.get(event.invite);
  must(invite, 'unknown', 'A key was given to an invite that there is not.', entry.author);
  must(
    isOpen(invite, entry.at),
    'invite-closed',
    'A key was given to an invite that is closed.',
    entry.author,
  );
  const holding = collection.invited.get(event.invite);
  if (!pay(draft, event.collection, (to) => 'invite' in to && to.invite === event.invite, event.role)) {
    mustShare(draft, change);
    const limited = invite.role === 'viewer' && event.role !== 'viewer';
    must(!limited, 'not-allowed', 'An invited viewer was made more than a viewer of an album.', entry.author);
    must(
      !collection.vault,
      'not-allowed',
      'The role in the family vault album comes with the invite.',
      entry.author,
    );
    mustBeNew(holding, event.role, change);
    const given = [...draft.collections.values()].filter((one) => one.invited.has(event.invite));
    must(
      holding || given.length < limits.collectionsPerInvite,
      'limit',
      `An invite gives ${limits.collectionsPerInvite} collections at most.`,
      entry.author,
    );
  }
  const invited = withPair(collection.invited, event.invite, withKey(holding, event.role, change));
  editCollection(draft, event.collection, { invited });
}

/** A manager takes an album from somebody, or somebody gives it up. The vault album stays with every member. */
export function grantRevoked(draft: Draft, change: Change<'grant-revoked'>): void {
  const { entry, event } = change;
  const { author } = entry;
  const collection = draft.collections.get(event.collection);
  must(
    collection && collection.scope === event.scope,
    'unknown',
    'An entry is about an album that the family does not have.',
    author,
  );
  must(
    collection.scope === 'album',
    'not-allowed',
    "The family's key is taken from those only who are removed.",
    author,
  );
  must(!collection.vault, 'not-allowed', 'The family vault album stays with every member.', author);
  must(
    collection.holders.has(event.grantee),
    'unknown',
    'An album was taken from someone who did not have it.',
    event.grantee,
  );
  if (event.grantee !== author) mustManage(draft, change, 'took an album from somebody');
  mustKeepManager(collection, event.grantee, undefined);
  takeFrom(draft, event.collection, event.grantee);
}

/** The collection of a grant, whose newest key it must give. */
function collectionOf(
  draft: Draft,
  { entry, event }: Change<'granted' | 'granted-to-invite'>,
): FamilyCollection {
  const collection = draft.collections.get(event.collection);
  must(
    collection && collection.scope === event.scope,
    'unknown',
    'A key was given for an album that the family does not have.',
    entry.author,
  );
  must(
    event.epoch === collection.epoch,
    event.epoch < collection.epoch ? 'stale' : 'wrong-epoch',
    `A key number ${event.epoch} was given for an album that has number ${collection.epoch}.`,
    entry.author,
  );
  return collection;
}

/**
 * Settles an owed grant.
 * @returns false when nothing is owed. @throws LogError `unfinished` when something else is.
 */
function pay(
  draft: Draft,
  collection: CollectionId,
  isTo: (to: OwedGrant['to']) => boolean,
  role: GrantRole,
): boolean {
  if (!draft.owed) return false;
  const { author, grants } = draft.owed;
  const paid = grants.find((one) => one.collection === collection && isTo(one.to));
  must(paid, 'unfinished', 'A key was given to somebody whom the change before does not name.', author);
  must(
    paid.role === role,
    'not-allowed',
    'A key was given in another role than the one that belongs to it.',
    author,
  );
  owe(
    draft,
    author,
    grants.filter((one) => one !== paid),
  );
  return true;
}

/** Whether the author may hand the collection on, now. */
function mustShare(draft: Draft, change: Change<'granted' | 'granted-to-invite'>): void {
  const { entry, event } = change;
  must(
    event.collection !== familyCollection(draft),
    'not-allowed',
    "The family's key is given to those only who join.",
    entry.author,
  );
  must(
    event.role === 'manager' || event.role === 'contributor' || event.role === 'viewer',
    'not-allowed',
    'A role in an album is not one of an album.',
    entry.author,
  );
  mustManage(draft, change, 'shared an album');
  mustBeFresh(draft, event.collection, entry.author);
}

function mustManage(
  draft: Draft,
  change: Change<'granted' | 'granted-to-invite' | 'grant-revoked'>,
  deed: string,
): void {
  const { author } = change.entry;
  const manages = draft.collections.get(change.event.collection)!.holders.get(author)?.role === 'manager';
  must(
    manages && authorOf(draft, change).role !== 'viewer',
    'not-allowed',
    `A member ${deed} without the right to do so: that is for its managers.`,
    author,
  );
}

/** An album does not lose its last manager, except with the person. */
function mustKeepManager(
  { holders, scope }: FamilyCollection,
  account: AccountId,
  next: GrantRole | undefined,
): void {
  if (scope === 'family' || next === 'manager' || holders.get(account)?.role !== 'manager') return;
  const others = [...holders].some(([id, { role }]) => id !== account && role === 'manager');
  must(others, 'not-allowed', 'An album was left without a manager.', account);
}

/** @throws LogError `repeated` when it gives exactly what is there. */
function mustBeNew(
  holding: Holding | undefined,
  role: GrantRole,
  { entry, event }: Change<'granted' | 'granted-to-invite'>,
): void {
  const given = holding?.keys.get(event.epoch);
  const same = given && holding?.role === role && equalBytes(given.sealedKeyHash, event.sealedKeyHash);
  must(!same, 'repeated', 'A grant was given twice.', entry.author);
}

const withKey = (
  holding: Holding | undefined,
  role: GrantRole,
  { entry, event }: Change<'granted' | 'granted-to-invite'>,
): Holding => ({
  role,
  keys: withPair(holding?.keys ?? new Map(), event.epoch, {
    index: entry.index,
    sealedKeyHash: event.sealedKeyHash,
  }),
});
