import type {
  AccountId,
  AlbumRole,
  CollectionId,
  DeviceId,
  FamilyId,
  FamilyRole,
  InvitedRole,
  InviteId,
} from '@heirloom/contracts';
import type { Identity } from '../statements/statements.ts';
import { noPeaks, rootOfPeaks, type LogHead, type Peaks } from './head.ts';

export type GrantRole = FamilyRole | AlbumRole;

/** A person who belongs to the family now. */
export interface FamilyMember {
  readonly identity: Identity;
  readonly role: FamilyRole;
  /** Position of the entry that let them in. */
  readonly joinedIndex: number;
}

/** A device of a member: it may sign entries until it is revoked. */
export interface LogDevice {
  readonly account: AccountId;
  /** Ed25519 public key, 32 bytes. */
  readonly sign: Uint8Array;
  readonly revoked: boolean;
}

export interface Invite {
  readonly createdBy: AccountId;
  /** The invite's public keys: Ed25519 (32 bytes) and MLKEM768-X25519 (1216 bytes). */
  readonly sign: Uint8Array;
  readonly kem: Uint8Array;
  readonly role: InvitedRole;
  /** Milliseconds since 1970. */
  readonly expiresAt: number;
  readonly state: 'open' | 'used' | 'revoked' | 'expired';
}

/** Where the log names a sealed key. */
export interface GivenKey {
  readonly index: number;
  /** SHA-256 of the HPKE ciphertext. */
  readonly sealedKeyHash: Uint8Array;
}

/** That someone has a collection: in which role, and the key of each epoch that they were given. */
export interface Holding {
  readonly role: GrantRole;
  readonly keys: ReadonlyMap<number, GivenKey>;
}

/** A new key of a collection, with the one before sealed inside. */
export interface Minted {
  readonly index: number;
  readonly mintedBy: AccountId;
  /** The key of the epoch before, wrapped under the new one (60 bytes). */
  readonly previousKey: Uint8Array;
  readonly keyCheck: Uint8Array;
}

/** An album, or the family itself, whose id its collection shares. */
export interface FamilyCollection {
  readonly scope: 'family' | 'album';
  /** The one album that every member has. */
  readonly vault: boolean;
  readonly createdBy: AccountId;
  /** The newest epoch. */
  readonly epoch: number;
  /** Someone lost the collection since its newest key was made: nothing more may be written under it. */
  readonly rotationDue: boolean;
  /** By epoch, from 2 on. */
  readonly minted: ReadonlyMap<number, Minted>;
  readonly holders: ReadonlyMap<AccountId, Holding>;
  readonly invited: ReadonlyMap<InviteId, Holding>;
}

/** A grant that the same author must write before anything else may follow. */
export interface OwedGrant {
  readonly collection: CollectionId;
  readonly to: { readonly account: AccountId } | { readonly invite: InviteId };
  readonly role: GrantRole;
}
export interface Owed {
  readonly author: AccountId;
  readonly grants: readonly OwedGrant[];
}

/**
 * All that the log of a family says, after so many entries. It is never changed: an entry makes a new one. Server and
 * clients use the same, so they agree about who may do what.
 */
export interface FamilyState {
  readonly family: FamilyId;
  readonly peaks: Peaks;
  readonly members: ReadonlyMap<AccountId, FamilyMember>;
  /** Those who were removed and have not come back, with the keys that they had. */
  readonly former: ReadonlyMap<AccountId, FamilyMember>;
  readonly devices: ReadonlyMap<DeviceId, LogDevice>;
  readonly invites: ReadonlyMap<InviteId, Invite>;
  readonly collections: ReadonlyMap<CollectionId, FamilyCollection>;
  /** Entries of a change that still miss. A log never ends while there are any. */
  readonly owed: Owed | undefined;
  /** How many entries are of a kind that this version does not know. While there are any, it cannot vouch for its picture. */
  readonly notUnderstood: number;
}

/** The state before the first entry. */
export const emptyFamily = (family: FamilyId): FamilyState => ({
  family,
  peaks: noPeaks,
  members: new Map(),
  former: new Map(),
  devices: new Map(),
  invites: new Map(),
  collections: new Map(),
  owed: undefined,
  notUnderstood: 0,
});

export const headOf = ({ peaks }: FamilyState): LogHead => ({ size: peaks.size, root: rootOfPeaks(peaks) });

/** The family's own collection: its key seals the names of people. */
export const familyCollection = (state: FamilyState): CollectionId => state.family as string as CollectionId;

/** The family vault album, once there is one. */
export function vaultAlbum(state: FamilyState): CollectionId | undefined {
  for (const [id, { vault }] of state.collections) if (vault) return id;
  return undefined;
}

/** Whether somebody can still join by it. */
export const isOpen = (invite: Invite, now: number): boolean =>
  invite.state === 'open' && now < invite.expiresAt;

/** The collections of which somebody lost the key and that wait for a new one. */
export const rotationsDue = (state: FamilyState): CollectionId[] =>
  [...state.collections].filter(([, { rotationDue }]) => rotationDue).map(([id]) => id);

/** Whether the person may mint the collection's next epoch now. */
export function mayMint(state: FamilyState, account: AccountId, id: CollectionId): boolean {
  const family = state.members.get(account)?.role;
  const collection = state.collections.get(id);
  const role = collection?.holders.get(account)?.role;
  if (!family || !collection || !role || family === 'viewer') return false;
  if (collection.scope === 'family') return family !== 'child';
  // A due key waits for the first who may write. They only pass a new key to those who have the old one.
  return role === 'manager' || (collection.rotationDue && role === 'contributor');
}
