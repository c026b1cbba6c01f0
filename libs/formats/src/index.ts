export {
  auditOrigin,
  auditStartOrigin,
  hashAuditEntry,
  noEntryHash,
  type AuditContent,
} from './audit/entry.ts';
export { verifyAuditTrail, type AuditVerdict } from './audit/verify-trail.ts';
export { equalBytes, toHex } from './encoding/bytes.ts';
export {
  decodeCanonical,
  encodeCanonical,
  recordFormat,
  type DecodeLimits,
  type RecordFormat,
} from './encoding/canonical.ts';
export { cobblestone, plainLength, sealedLength } from './encoding/cobblestone.ts';
export {
  partContext,
  purposes,
  recordContext,
  sealContext,
  wrapContext,
  type Binding,
  type PartPlace,
  type Purpose,
} from './encoding/contexts.ts';
export * from './encoding/fields.ts';
export { domain, suite, suiteField } from './encoding/suite.ts';
export { decodeInviteLink, encodeInviteLink, type InviteLink } from './invites/link.ts';
export {
  decodeCheckpoint,
  encodeCheckpoint,
  logOrigin,
  openCheckpoint,
  signCheckpoint,
  type Checkpoint,
} from './log/checkpoint.ts';
export { applyEntries, applyEntry, mustBeFinished, replayLog } from './log/apply-entry.ts';
export { foundingIdentity, logEntryStatement, type LogEntry } from './log/entry.ts';
export {
  isKnownEvent,
  logEventKinds,
  type EventOf,
  type KnownLogEvent,
  type LogEvent,
} from './log/events.ts';
export * from './log/family-state.ts';
export { followHandovers, openHandover, signHandover } from './log/handover.ts';
export {
  appendLeaf,
  mustBeHead,
  mustContinue,
  noPeaks,
  rootOfPeaks,
  type LogHead,
  type Peaks,
} from './log/head.ts';
export { LogError, type LogFault } from './log/log-error.ts';
export { replayPinned } from './log/replay-pinned.ts';
export { openEntries, openEntry, type OpenedEntry } from './log/opened-entry.ts';
export {
  consistencyProof,
  emptyRoot,
  inclusionProof,
  leafHash,
  merkleRoot,
  nodeHash,
  verifyConsistency,
  verifyInclusion,
  type ConsistencyClaim,
  type Hash,
  type InclusionClaim,
} from './log/merkle.ts';
export {
  cosignNote,
  decodeNote,
  decodeVerifierKey,
  encodeNote,
  encodeVerifierKey,
  signNote,
  verifyCosignature,
  verifyNote,
  type NoteKey,
  type NoteSignature,
  type NoteSigner,
  type SignedNote,
} from './log/note.ts';
export {
  blockBytes,
  blockCount,
  blockHash,
  bodyLength,
  findPart,
  firstRevision,
  layParts,
  manifestFormat,
  partLabel,
  type Manifest,
  type ManifestShape,
  type Part,
  type PartLabel,
} from './objects/manifest.ts';
export { metadataFormat, type Metadata } from './objects/metadata.ts';
export {
  decodeTrailer,
  footerBytes,
  makeTrailer,
  objectLength,
  readAll,
  readFooter,
  readTrailer,
  trailerGuessBytes,
  trailerLength,
  verifyTrailer,
  type ReadRange,
  type Trailer,
  type TrailerWrap,
} from './objects/trailer.ts';
export {
  makeSigned,
  openSigned,
  signedEnvelope,
  signedMessage,
  verifyEd25519,
  type SignatureType,
  type SignedEnvelope,
  type Signer,
} from './statements/signing.ts';
export { safetyNumber, type SafetyNumber } from './statements/safety-number.ts';
export {
  notesFormat,
  photoNotesStatement,
  type Notes,
  type PhotoNotesStatement,
} from './statements/photo-notes.ts';
export { statementFormat, type StatementFormat, type Verified } from './statements/statement.ts';
export {
  albumItemStatement,
  epochStatement,
  identityFormat,
  identityHash,
  inviteAcceptance,
  unlockStatement,
  type AlbumItemStatement,
  type EpochStatement,
  type Identity,
  type InviteAcceptance,
  type UnlockStatement,
} from './statements/statements.ts';
