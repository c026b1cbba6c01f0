import { albumRole, familyRole, limits } from '@heirloom/contracts';
import { z } from 'zod';
import {
  accountField,
  albumField,
  byteString,
  collectionField,
  deviceField,
  ed25519KeyField,
  epochField,
  familyField,
  hashField,
  kemKeyField,
  timeField,
} from '../encoding/fields.ts';
import { suite, suiteField } from '../encoding/suite.ts';
import { statementFormat, type StatementFormat } from '../statements/statement.ts';
import type { Identity } from '../statements/statements.ts';

const kind = <K extends string>(name: K) => z.literal(name);

const knownEvent = z.discriminatedUnion('kind', [
  /** The first entry of a log. It names the owner's keys and is signed by them. */
  z.strictObject({ kind: kind('family-created'), sign: ed25519KeyField, kem: kemKeyField }),
  /** The author gives the grantee a role and the key of one epoch, sealed to the identity that is named by its hash. */
  z.strictObject({
    kind: kind('granted'),
    scope: z.enum(['family', 'album']),
    collection: collectionField,
    epoch: epochField,
    grantee: accountField,
    /** {@link identityHash} of the grantee. */
    granteeIdentity: hashField,
    role: z.union([familyRole, albumRole]),
    /** SHA-256 of the HPKE ciphertext (1168 bytes). */
    sealedKeyHash: hashField,
  }),
  z.strictObject({
    kind: kind('grant-revoked'),
    scope: z.enum(['family', 'album']),
    collection: collectionField,
    grantee: accountField,
  }),
  z.strictObject({ kind: kind('album-created'), album: albumField }),
  z.strictObject({
    kind: kind('device-added'),
    account: accountField,
    device: deviceField,
    sign: ed25519KeyField,
  }),
  z.strictObject({ kind: kind('device-revoked'), account: accountField, device: deviceField }),
  /** `statement` is a signed epoch statement. */
  z.strictObject({ kind: kind('epoch-minted'), statement: byteString(1, 4096) }),
]);
export type KnownLogEvent = z.output<typeof knownEvent>;

/** The kinds of events that this version understands. */
export const logEventKinds: ReadonlySet<string> = new Set(
  knownEvent.options.map((option) => option.shape.kind.value),
);

/** An event of a later version: it counts in the tree, and whoever reads it knows that there is more than it understands. */
const laterEvent = z.looseObject({
  kind: z
    .string()
    .min(1)
    .max(64)
    .refine((name) => !logEventKinds.has(name), { error: 'is not in the form of its kind' }),
});
export type LogEvent = KnownLogEvent | z.output<typeof laterEvent>;

export const isKnownEvent = (event: LogEvent): event is KnownLogEvent => logEventKinds.has(event.kind);

const logEntrySchema = z.strictObject({
  suite: suiteField,
  family: familyField,
  /** Position in the log, from 0. */
  index: z
    .int()
    .min(0)
    .max(2 ** 40),
  /** Root of the tree of the `index` entries before: the signer vouches for the history that it has seen. */
  head: hashField,
  author: accountField,
  at: timeField,
  event: z.union([knownEvent, laterEvent]),
});
export type LogEntry = z.output<typeof logEntrySchema>;

/** One leaf of a family's log: a signed envelope, by the author's identity or one of the author's devices. */
export const logEntryStatement: StatementFormat<typeof logEntrySchema> = statementFormat(
  'log-entry',
  logEntrySchema,
  limits.logEntryBytes,
);

/** The identity that a family-created entry names: its author's. */
export const foundingIdentity = (
  entry: LogEntry & { event: Extract<KnownLogEvent, { kind: 'family-created' }> },
): Identity => ({ suite, account: entry.author, sign: entry.event.sign, kem: entry.event.kem });
