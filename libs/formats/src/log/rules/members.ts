import type { AccountId } from '@heirloom/contracts';
import { foundingIdentity } from '../entry.ts';
import {
  authorOf,
  editCollection,
  mustBeOwner,
  owe,
  takeFrom,
  withPair,
  type Change,
  type Draft,
} from '../draft.ts';
import { familyCollection, type FamilyMember } from '../family-state.ts';
import { must } from '../log-error.ts';
import { closeAll } from './invites.ts';

export function familyCreated(draft: Draft, { entry, event }: Change<'family-created'>): void {
  must(entry.index === 0, 'repeated', 'A family was founded twice.', entry.author);
  const identity = foundingIdentity({ ...entry, event });
  const collection = familyCollection(draft);
  draft.members.set(entry.author, { identity, role: 'owner', joinedIndex: 0 });
  draft.collections.set(collection, {
    scope: 'family',
    vault: false,
    createdBy: entry.author,
    epoch: 1,
    rotationDue: false,
    minted: new Map(),
    holders: new Map(),
    invited: new Map(),
  });
  owe(draft, entry.author, [{ collection, to: { account: entry.author }, role: 'owner' }]);
}

/** The owner removes anybody else; anybody else may leave. All that they had waits for a new key. */
export function memberRemoved(draft: Draft, change: Change<'member-removed'>): void {
  const { account } = change.event;
  const member = memberOf(draft, account);
  if (account !== change.entry.author) mustBeOwner(draft, change, 'Somebody removed a member');
  must(member.role !== 'owner', 'not-allowed', 'The owner of a family cannot be removed from it.', account);
  letGo(draft, account, member);
}

/**
 * The owner, who is alone, gives the family up. Nobody is left who could write an entry and no invite by which anybody
 * could join, so nothing follows.
 */
export function familyDissolved(draft: Draft, change: Change<'family-dissolved'>): void {
  const { author } = change.entry;
  mustBeOwner(draft, change, 'Somebody dissolved the family');
  must(
    draft.members.size === 1,
    'not-allowed',
    'A family was dissolved while there were others in it.',
    author,
  );
  closeAll(draft);
  letGo(draft, author, authorOf(draft, change));
}

function letGo(draft: Draft, account: AccountId, member: FamilyMember): void {
  draft.members.delete(account);
  draft.former.set(account, member);
  for (const [id, device] of draft.devices) if (device.account === account) draft.devices.delete(id);
  for (const id of draft.collections.keys()) takeFrom(draft, id, account);
}

export function roleChanged(draft: Draft, change: Change<'role-changed'>): void {
  const { account, role } = change.event;
  mustBeOwner(draft, change, "Somebody changed a member's role");
  const member = memberOf(draft, account);
  must(member.role !== 'owner', 'not-allowed', 'The owner of a family stays its owner.', account);
  must(member.role !== role, 'repeated', 'A member has this role already.', account);
  draft.members.set(account, { ...member, role });
  const id = familyCollection(draft);
  const { holders } = draft.collections.get(id)!;
  const holding = holders.get(account);
  if (holding) editCollection(draft, id, { holders: withPair(holders, account, { ...holding, role }) });
}

function memberOf(draft: Draft, account: AccountId): FamilyMember {
  const member = draft.members.get(account);
  must(member, 'unknown', 'An entry is about someone who is not in the family.', account);
  return member;
}
