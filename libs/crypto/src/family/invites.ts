import {
  limits,
  newId,
  type AlbumRole,
  type CollectionId,
  type DeviceId,
  type InvitedRole,
  type InviteId,
  type SealedEpochKey,
} from '@heirloom/contracts';
import {
  familyCollection,
  headOf,
  identityHash,
  inviteAcceptance,
  LogError,
  signedMessage,
  suite,
  vaultAlbum,
  type FamilyState,
  type InviteLink,
  type KnownLogEvent,
} from '@heirloom/formats';
import type { EpochKey } from '../keys/epochs.ts';
import type { OpenIdentity } from '../keyring/keyring.ts';
import { randomBytes } from '../ports/ports.ts';
import { grantToInvite, sealedGrantEvent, type ChangeInputs, type KeyOf } from './changes.ts';
import { inviteKeys } from './invite-keys.ts';
import { openGrant } from './sealed-grants.ts';
import { writeEntries, type WrittenEntries } from './write-entries.ts';

export interface InviteInputs extends ChangeInputs {
  role: InvitedRole;
  keyOf: KeyOf;
  /** Albums besides the vault, in which the author is a manager. */
  albums?: readonly { collection: CollectionId; role: AlbumRole }[];
  /** limits.inviteMs unless told. */
  livesMs?: number;
}
export interface WrittenInvite extends WrittenEntries {
  inviteId: InviteId;
  accessHash: Uint8Array;
  sealedKeys: SealedEpochKey[];
  /** Without the server's address. */
  link: Omit<InviteLink, 'server'>;
}

/** An invite with a fresh secret: it gives the family's key, the vault album and any other album, so joining needs nobody. */
export async function writeInvite(inputs: InviteInputs): Promise<WrittenInvite> {
  const { state, author, now, role, keyOf, albums = [], livesMs = limits.inviteMs } = inputs;
  const vault = vaultAlbum(state);
  if (!vault) throw new LogError('unknown', 'The family vault album is made before the first invite.');
  const secret = randomBytes(32);
  const { signer, kem, accessHash } = await inviteKeys(secret);
  const inviteId = newId<InviteId>();
  const collections: { collection: CollectionId; role: InvitedRole | AlbumRole }[] = [
    { collection: familyCollection(state), role },
    { collection: vault, role: role === 'viewer' ? 'viewer' : 'contributor' },
    ...albums,
  ];
  const grants = await Promise.all(
    collections.map((one) =>
      grantToInvite(state, keyOf(one.collection), { id: inviteId, kem: kem.publicKey }, one.role),
    ),
  );
  const created: KnownLogEvent = {
    kind: 'invite-created',
    invite: inviteId,
    sign: signer.publicKey,
    kem: kem.publicKey,
    role,
    expiresAt: now + livesMs,
  };
  const written = await writeEntries(state, author, [created, ...grants.map(({ event }) => event)], now);
  return {
    ...written,
    inviteId,
    accessHash,
    sealedKeys: grants.map(({ event: { collection, epoch }, sealedKey }) => ({
      collectionId: collection,
      epoch,
      sealedKey,
    })),
    link: { invite: inviteId, secret, head: headOf(written.state) },
  };
}

export interface JoinInputs {
  /** The log as the server shows it, checked against the link's head. */
  state: FamilyState;
  link: Pick<InviteLink, 'invite' | 'secret'>;
  /** The keys that the server shows, sealed to the invite. */
  shown: readonly SealedEpochKey[];
  identity: OpenIdentity;
  devices: readonly { device: DeviceId; sign: Uint8Array }[];
  now: number;
}
export interface WrittenJoin extends WrittenEntries {
  inviteId: InviteId;
  accessCode: Uint8Array;
  sealedKeys: SealedEpochKey[];
  /** The keys that the joiner now has. */
  keys: EpochKey[];
}

/**
 * Joins by an invite: opens all that it gives and seals it to the joiner's own identity.
 * @throws LogError when the invite is closed or the server shows other keys than those in the log, DamagedError
 */
export async function writeJoin({
  state,
  link,
  shown,
  identity,
  devices,
  now,
}: JoinInputs): Promise<WrittenJoin> {
  const { signer, kem, accessCode } = await inviteKeys(link.secret);
  const { invite: inviteId } = link;
  const given = [...state.collections].flatMap(([id, { invited, epoch }]) => {
    const holding = invited.get(inviteId);
    return holding ? [{ id, epoch, role: holding.role }] : [];
  });
  const grants = await Promise.all(
    given.map(async ({ id, epoch, role }) => {
      const one = shown.find(({ collectionId, epoch: e }) => collectionId === id && e === epoch);
      if (!one) throw new LogError('unknown', 'The server holds a key back that the invite gives.');
      const key = await openGrant(state, { id: inviteId, kem }, one);
      return { key, ...(await sealedGrantEvent(state, key, identity.public, role)) };
    }),
  );
  const { account, sign, kem: ownKem } = identity.public;
  const payload = inviteAcceptance.encode({
    suite,
    family: state.family,
    invite: inviteId,
    account,
    identity: identityHash(identity.public),
  });
  const acceptance = await signer.sign(signedMessage('invite-acceptance', payload));
  const events: KnownLogEvent[] = [
    { kind: 'member-joined', invite: inviteId, account, sign, kem: ownKem, acceptance },
    ...grants.map(({ event }) => event),
    ...devices.map((device) => ({ kind: 'device-added' as const, account, ...device })),
  ];
  const written = await writeEntries(state, { account, signer: identity.signer }, events, now);
  const sealedKeys = grants.map(({ event: { collection, epoch }, sealedKey }) => ({
    collectionId: collection,
    epoch,
    sealedKey,
  }));
  return { ...written, inviteId, accessCode, sealedKeys, keys: grants.map(({ key }) => key) };
}
