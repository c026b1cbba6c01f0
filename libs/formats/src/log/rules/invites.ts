import { limits, type AccountId, type CollectionId, type InviteId } from '@heirloom/contracts';
import { suite } from '../../encoding/suite.ts';
import { signedMessage, verifyEd25519 } from '../../statements/signing.ts';
import { identityHash, inviteAcceptance, type Identity } from '../../statements/statements.ts';
import { editCollection, mustBeOwner, owe, withoutKey, withPair, type Change, type Draft } from '../draft.ts';
import { familyCollection, isOpen, vaultAlbum, type Invite, type OwedGrant } from '../family-state.ts';
import { must } from '../log-error.ts';

/** Closes the invites whose time is over: they get no new keys. Their holders may have read the old ones. */
export function closeExpired(draft: Draft, now: number): void {
  for (const [id, invite] of draft.invites) {
    if (invite.state === 'open' && !isOpen(invite, now)) close(draft, id, invite, 'expired');
  }
}

/** Takes back every invite by which somebody could still join. */
export function closeAll(draft: Draft): void {
  for (const [id, invite] of draft.invites) if (invite.state === 'open') close(draft, id, invite, 'revoked');
}

/** Whoever had the link may have read its keys, so what it gave waits for new ones; unless they are a member now. */
function close(draft: Draft, id: InviteId, invite: Invite, state: 'used' | 'revoked' | 'expired'): void {
  draft.invites.set(id, { ...invite, state });
  for (const [collection, { invited }] of draft.collections) {
    if (!invited.has(id)) continue;
    const due = state === 'used' ? {} : { rotationDue: true };
    editCollection(draft, collection, { invited: withoutKey(invited, id), ...due });
  }
}

/** The owner invites one person. The family's key and the vault album come with every invite. */
export function inviteCreated(draft: Draft, change: Change<'invite-created'>): void {
  const { entry, event } = change;
  const { invite, sign, kem, role, expiresAt } = event;
  mustBeOwner(draft, change, 'A member invited somebody');
  must(!draft.invites.has(invite), 'repeated', 'An invite was made twice.', entry.author);
  must(
    expiresAt > entry.at && expiresAt - entry.at <= limits.inviteMaxMs,
    'not-allowed',
    'An invite expires before it begins, or lives longer than an invite may.',
    entry.author,
  );
  closeExpired(draft, entry.at);
  const open = [...draft.invites.values()].filter(({ state }) => state === 'open').length;
  must(
    draft.members.size + open < limits.membersPerFamily,
    'limit',
    `A family has ${limits.membersPerFamily} members at most, open invites included.`,
  );
  const vault = vaultAlbum(draft);
  must(vault, 'unknown', 'The family vault album is made before the first invite.', entry.author);
  const grants: OwedGrant[] = [
    { collection: familyCollection(draft), to: { invite }, role },
    { collection: vault, to: { invite }, role: role === 'viewer' ? 'viewer' : 'contributor' },
  ];
  for (const { collection } of grants) mustBeFresh(draft, collection, entry.author);
  draft.invites.set(invite, { createdBy: entry.author, sign, kem, role, expiresAt, state: 'open' });
  owe(draft, entry.author, grants);
}

/** @throws LogError `stale` while the collection waits for a new key: the old one is not given to anybody more. */
export function mustBeFresh(draft: Draft, id: CollectionId, account: AccountId): void {
  must(
    !draft.collections.get(id)!.rotationDue,
    'stale',
    'A key was given away that had to be changed before, because somebody had lost it.',
    account,
  );
}

export function inviteRevoked(draft: Draft, change: Change<'invite-revoked'>): void {
  const { invite: id } = change.event;
  mustBeOwner(draft, change, 'A member took back an invite');
  const invite = draft.invites.get(id);
  must(invite, 'unknown', 'An entry takes back an invite that there is not.', change.entry.author);
  must(invite.state === 'open', 'repeated', 'An invite was closed already.', change.entry.author);
  close(draft, id, invite, 'revoked');
}

/** Somebody with the link's secret becomes a member, with all that the invite gave, and seals its keys to themselves. */
export async function memberJoined(draft: Draft, { entry, event }: Change<'member-joined'>): Promise<void> {
  const { account, invite: id } = event;
  must(entry.author === account, 'not-allowed', 'Somebody joined in the name of another person.', account);
  must(!draft.members.has(account), 'repeated', 'Somebody joined the family who is in it already.', account);
  const invite = draft.invites.get(id);
  must(invite, 'invite-closed', 'Somebody joined by an invite that there is not.', account);
  must(
    invite.state !== 'used',
    'invite-closed',
    'Somebody joined by an invite that was used before.',
    account,
  );
  must(
    invite.state !== 'revoked',
    'invite-closed',
    'Somebody joined by an invite that was taken back.',
    account,
  );
  must(isOpen(invite, entry.at), 'invite-closed', 'Somebody joined by an invite that had expired.', account);
  must(draft.members.size < limits.membersPerFamily, 'limit', 'The family is complete.', account);
  const identity: Identity = { suite, account, sign: event.sign, kem: event.kem };
  must(
    await isAccepted(draft, id, invite, identity, event.acceptance),
    'not-accepted',
    'Somebody joined with keys that the invite does not vouch for.',
    account,
  );
  letIn(draft, { id, invite, identity, index: entry.index });
}

function isAccepted(
  { family }: Draft,
  invite: InviteId,
  { sign }: Invite,
  identity: Identity,
  acceptance: Uint8Array,
): Promise<boolean> {
  const { account } = identity;
  const payload = inviteAcceptance.encode({
    suite,
    family,
    invite,
    account,
    identity: identityHash(identity),
  });
  return verifyEd25519(sign, acceptance, signedMessage('invite-acceptance', payload));
}

function letIn(
  draft: Draft,
  { id, invite, identity, index }: { id: InviteId; invite: Invite; identity: Identity; index: number },
): void {
  const { account } = identity;
  draft.members.set(account, { identity, role: invite.role, joinedIndex: index });
  draft.former.delete(account);
  const grants: OwedGrant[] = [];
  for (const [collection, { invited, holders }] of draft.collections) {
    const given = invited.get(id);
    if (!given) continue;
    const { role } = given;
    editCollection(draft, collection, { holders: withPair(holders, account, { role, keys: new Map() }) });
    grants.push({ collection, to: { account }, role });
  }
  close(draft, id, invite, 'used');
  owe(draft, account, grants);
}
