import { albumRole, familyRole, invitedRole } from '@heirloom/contracts';
import { z } from 'zod';
import {
  accountField,
  albumField,
  byteString,
  collectionField,
  deviceField,
  ed25519KeyField,
  ed25519SignatureField,
  epochField,
  hashField,
  inviteField,
  kemKeyField,
  timeField,
} from '../encoding/fields.ts';

const scope = z.enum(['family', 'album']);
const grantedRole = z.union([familyRole, albumRole]);
const kind = <K extends string>(name: K) => z.literal(name);

export const knownEvent = z.discriminatedUnion('kind', [
  /** The first entry of a log. It names the owner's keys and is signed by them. */
  z.strictObject({ kind: kind('family-created'), sign: ed25519KeyField, kem: kemKeyField }),
  /** The author gives the grantee a role and the key of one epoch, sealed to the identity that is named by its hash. */
  z.strictObject({
    kind: kind('granted'),
    scope: scope,
    collection: collectionField,
    epoch: epochField,
    grantee: accountField,
    /** {@link identityHash} of the grantee. */
    granteeIdentity: hashField,
    role: grantedRole,
    /** SHA-256 of the HPKE ciphertext (1168 bytes). */
    sealedKeyHash: hashField,
  }),
  z.strictObject({
    kind: kind('grant-revoked'),
    scope: scope,
    collection: collectionField,
    grantee: accountField,
  }),
  /** `vault` marks the one album that every member of the family has. */
  z.strictObject({ kind: kind('album-created'), album: albumField, vault: z.literal(true).optional() }),
  z.strictObject({
    kind: kind('device-added'),
    account: accountField,
    device: deviceField,
    sign: ed25519KeyField,
  }),
  z.strictObject({ kind: kind('device-revoked'), account: accountField, device: deviceField }),
  /** `statement` is a signed epoch statement. */
  z.strictObject({ kind: kind('epoch-minted'), statement: byteString(1, 4096) }),
  /** The public half of a key pair that a link's secret gives. Whoever has the secret may join in this role until it expires. */
  z.strictObject({
    kind: kind('invite-created'),
    invite: inviteField,
    sign: ed25519KeyField,
    kem: kemKeyField,
    role: invitedRole,
    expiresAt: timeField,
  }),
  z.strictObject({ kind: kind('invite-revoked'), invite: inviteField }),
  /** The author gives whoever joins by the invite a role and the key of one epoch, sealed to the invite's key. */
  z.strictObject({
    kind: kind('granted-to-invite'),
    scope,
    collection: collectionField,
    epoch: epochField,
    invite: inviteField,
    role: grantedRole,
    /** SHA-256 of the HPKE ciphertext (1168 bytes). */
    sealedKeyHash: hashField,
  }),
  /**
   * Written and signed by the one who joins. `acceptance` is the invite key's Ed25519 signature of the
   * {@link inviteAcceptance}: it shows that they have the secret of the link.
   */
  z.strictObject({
    kind: kind('member-joined'),
    invite: inviteField,
    account: accountField,
    sign: ed25519KeyField,
    kem: kemKeyField,
    acceptance: ed25519SignatureField,
  }),
  z.strictObject({ kind: kind('member-removed'), account: accountField }),
  z.strictObject({ kind: kind('role-changed'), account: accountField, role: invitedRole }),
  /** The last entry of a log: its owner, the only member, goes to another family. */
  z.strictObject({ kind: kind('family-dissolved') }),
]);
export type KnownLogEvent = z.output<typeof knownEvent>;
/** The event of one kind. */
export type EventOf<K extends KnownLogEvent['kind']> = Extract<KnownLogEvent, { kind: K }>;

/** The kinds of events that this version understands. */
export const logEventKinds: ReadonlySet<string> = new Set(
  knownEvent.options.map((option) => option.shape.kind.value),
);

/** An event of a later version: it counts in the tree, and whoever reads it knows that there is more than it understands. */
export const laterEvent = z.looseObject({
  kind: z
    .string()
    .min(1)
    .max(64)
    .refine((name) => !logEventKinds.has(name), { error: 'is not in the form of its kind' }),
});
/** What an entry says. */
export type LogEvent = KnownLogEvent | z.output<typeof laterEvent>;

export const isKnownEvent = (event: LogEvent): event is KnownLogEvent => logEventKinds.has(event.kind);
