import type { AccountId, AlbumId, AlbumRole, CollectionId, InviteId } from '@heirloom/contracts';
import {
  epochStatement,
  familyCollection,
  identityHash,
  isOpen,
  LogError,
  suite,
  type EventOf,
  type FamilyState,
  type GrantRole,
} from '@heirloom/formats';
import { mintEpoch, type EpochKey } from '../keys/epochs.ts';
import { randomBytes } from '../ports/ports.ts';
import { sealGrant } from './sealed-grants.ts';
import { writeEntries, type LogAuthor, type WrittenEntries } from './write-entries.ts';

/** The log that a change follows, who makes it, and when (milliseconds since 1970). */
export interface ChangeInputs {
  state: FamilyState;
  author: LogAuthor;
  now: number;
}
/** The newest key of a collection that the author has. */
export type KeyOf = (collection: CollectionId) => EpochKey;

type SealedFor =
  { accountId: AccountId; sealedKey: Uint8Array } | { inviteId: InviteId; sealedKey: Uint8Array };
/** A change with keys: entries and sealed keys as the routes of sharing-policy take them. */
export interface KeyedChange extends WrittenEntries {
  sealedKeys: SealedFor[];
}

/** A grant to a member of a key that the author has. @throws LogError `unknown` for someone who is no member */
export async function grantTo(
  state: FamilyState,
  key: EpochKey,
  account: AccountId,
  role: GrantRole,
): Promise<{ event: EventOf<'granted'>; sealedKey: Uint8Array<ArrayBuffer> }> {
  const member = state.members.get(account);
  if (!member) throw new LogError('unknown', 'This person is not in the family.', { account });
  return sealedGrantEvent(state, key, member.identity, role);
}

/** The same to an identity that is about to be a member's. */
export async function sealedGrantEvent(
  state: FamilyState,
  key: EpochKey,
  identity: Parameters<typeof identityHash>[0],
  role: GrantRole,
): Promise<{ event: EventOf<'granted'>; sealedKey: Uint8Array<ArrayBuffer> }> {
  const collection = key.collection as CollectionId;
  const scope = collection === familyCollection(state) ? 'family' : 'album';
  const { account, kem } = identity;
  const { sealedKey, sealedKeyHash } = await sealGrant(key, scope, { id: account, kem });
  const granteeIdentity = identityHash(identity);
  const { epoch } = key;
  const event = {
    kind: 'granted',
    scope,
    collection,
    epoch,
    grantee: account,
    granteeIdentity,
    role,
    sealedKeyHash,
  } as const;
  return { event, sealedKey };
}

/** A grant to whoever will join by an invite. */
export async function grantToInvite(
  state: FamilyState,
  key: EpochKey,
  invite: { id: InviteId; kem: Uint8Array },
  role: GrantRole,
): Promise<{ event: EventOf<'granted-to-invite'>; sealedKey: Uint8Array<ArrayBuffer> }> {
  const collection = key.collection as CollectionId;
  const scope = collection === familyCollection(state) ? 'family' : 'album';
  const { sealedKey, sealedKeyHash } = await sealGrant(key, scope, invite);
  const { epoch } = key;
  const event = {
    kind: 'granted-to-invite',
    scope,
    collection,
    epoch,
    invite: invite.id,
    role,
    sealedKeyHash,
  } as const;
  return { event, sealedKey };
}

/** A new album with its creator as manager; with `vault`, the one that every member has. */
export async function writeNewAlbum(
  { state, author, now }: ChangeInputs,
  album: AlbumId,
  vault = false,
): Promise<WrittenEntries & { sealedKey: Uint8Array<ArrayBuffer>; key: EpochKey }> {
  const key: EpochKey = { collection: album, epoch: 1, key: randomBytes(32) };
  const { event, sealedKey } = await grantTo(state, key, author.account, 'manager');
  const created = { kind: 'album-created', album, ...(vault ? { vault } : {}) } as const;
  const written = await writeEntries(state, author, [created, event], now);
  return { ...written, sealedKey, key };
}

/** Gives an album to members of the family. */
export async function writeShare(
  { state, author, now }: ChangeInputs,
  key: EpochKey,
  grants: readonly { account: AccountId; role: AlbumRole }[],
): Promise<KeyedChange> {
  const sealed = await Promise.all(grants.map(({ account, role }) => grantTo(state, key, account, role)));
  const written = await writeEntries(
    state,
    author,
    sealed.map(({ event }) => event),
    now,
  );
  const sealedKeys = sealed.map(({ event, sealedKey }) => ({ accountId: event.grantee, sealedKey }));
  return { ...written, sealedKeys };
}

/** Takes an album from somebody. */
export const writeUnshare = (
  { state, author, now }: ChangeInputs,
  collection: CollectionId,
  grantee: AccountId,
): Promise<WrittenEntries> =>
  writeEntries(state, author, [{ kind: 'grant-revoked', scope: 'album', collection, grantee }], now);

/** Removes somebody from the family, or leaves it. */
export const writeRemoval = (
  { state, author, now }: ChangeInputs,
  account: AccountId,
): Promise<WrittenEntries> => writeEntries(state, author, [{ kind: 'member-removed', account }], now);

/**
 * The next key of a collection, given to everyone who has the collection and to every open invite to it.
 * @param current the newest key, which the author has
 */
export async function writeRotation(
  { state, author, now }: ChangeInputs,
  current: EpochKey,
): Promise<KeyedChange & { next: EpochKey }> {
  const id = current.collection as CollectionId;
  const collection = state.collections.get(id);
  if (!collection) throw new LogError('unknown', 'The family log knows no such album.');
  const { next, minted } = await mintEpoch(current);
  const statement = await epochStatement.sign(
    { suite, collection: id, ...minted, mintedBy: author.account, mintedAt: now },
    author.signer,
  );
  const members = await Promise.all(
    [...collection.holders].map(([account, { role }]) => grantTo(state, next, account, role)),
  );
  const invites = [...collection.invited].flatMap(([inviteId, { role }]) => {
    const invite = state.invites.get(inviteId)!;
    return isOpen(invite, now) ? [grantToInvite(state, next, { id: inviteId, kem: invite.kem }, role)] : [];
  });
  const invited = await Promise.all(invites);
  const events = [...members, ...invited].map(({ event }) => event);
  const written = await writeEntries(state, author, [{ kind: 'epoch-minted', statement }, ...events], now);
  const sealedKeys: SealedFor[] = [
    ...members.map(({ event, sealedKey }) => ({ accountId: event.grantee, sealedKey })),
    ...invited.map(({ event, sealedKey }) => ({ inviteId: event.invite, sealedKey })),
  ];
  return { ...written, sealedKeys, next };
}
