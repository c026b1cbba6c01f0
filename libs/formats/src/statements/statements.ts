import { unlockKind } from '@heirloom/contracts';
import { sha256 } from '@noble/hashes/sha2.js';
import { z } from 'zod';
import { recordFormat, type RecordFormat } from '../encoding/canonical.ts';
import {
  accountField,
  albumField,
  collectionField,
  ed25519KeyField,
  epochField,
  familyField,
  hashField,
  inviteField,
  kemKeyField,
  photoField,
  timeField,
  unlockField,
  versionField,
  wrappedKeyField,
} from '../encoding/fields.ts';
import { suiteField } from '../encoding/suite.ts';
import { statementFormat, type StatementFormat } from './statement.ts';

const statementBytes = 4096;

const identitySchema = z.strictObject({
  suite: suiteField,
  account: accountField,
  sign: ed25519KeyField,
  kem: kemKeyField,
});
/** A person's public keys. The account id is bound in, so one person's keys never stand for another's. */
export type Identity = z.output<typeof identitySchema>;
export const identityFormat: RecordFormat<typeof identitySchema> = recordFormat(identitySchema, {
  maxBytes: statementBytes,
});
/** SHA-256 of the canonical encoding: what grants name, pins cover and people compare as a safety number. */
export const identityHash = (identity: Identity): Uint8Array => sha256(identityFormat.encode(identity));

const unlockSchema = z.strictObject({
  suite: suiteField,
  account: accountField,
  unlock: unlockField,
  kind: unlockKind,
  publicKey: kemKeyField,
  identityPin: hashField,
  /** SHA-256 of the master key's HPKE ciphertext (1168 bytes). */
  sealedMasterKeyHash: hashField,
});
/** The payload under an unlock's signature; signed by the identity, stored as the bare signature beside its fields. */
export type UnlockStatement = z.output<typeof unlockSchema>;
export const unlockStatement: RecordFormat<typeof unlockSchema> = recordFormat(unlockSchema, {
  maxBytes: statementBytes,
});

const albumItemSchema = z.strictObject({
  suite: suiteField,
  album: albumField,
  epoch: epochField,
  photo: photoField,
  version: versionField,
  /** SHA-256 of the 60-byte wrap of the file key under the album key. */
  wrapHash: hashField,
  addedBy: accountField,
  addedAt: timeField,
});
/** That a photo version belongs to an album, by the word of whoever put it there. */
export type AlbumItemStatement = z.output<typeof albumItemSchema>;
export const albumItemStatement: StatementFormat<typeof albumItemSchema> = statementFormat(
  'album-item',
  albumItemSchema,
  statementBytes,
);

const epochSchema = z.strictObject({
  suite: suiteField,
  collection: collectionField,
  /** The new epoch. */
  epoch: epochField.min(2),
  /** The key of the epoch before, wrapped under the new key. */
  previousKey: wrappedKeyField,
  /** HKDF of the new key, label `epoch-check`, context = the wrap's AAD: shows a holder that it has the right key. */
  keyCheck: hashField,
  mintedBy: accountField,
  mintedAt: timeField,
});
/** A new key of a collection, with the one before sealed inside. */
export type EpochStatement = z.output<typeof epochSchema>;
export const epochStatement: StatementFormat<typeof epochSchema> = statementFormat(
  'epoch',
  epochSchema,
  statementBytes,
);

const acceptanceSchema = z.strictObject({
  suite: suiteField,
  family: familyField,
  invite: inviteField,
  account: accountField,
  /** {@link identityHash} of the keys that join. */
  identity: hashField,
});
/** The payload under an invite key's signature; the bare signature stands in the entry of whoever joins. */
export type InviteAcceptance = z.output<typeof acceptanceSchema>;
export const inviteAcceptance: RecordFormat<typeof acceptanceSchema> = recordFormat(acceptanceSchema, {
  maxBytes: statementBytes,
});
