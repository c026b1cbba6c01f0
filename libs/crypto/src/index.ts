export { iterate, toReadable } from './cobblestone/batches.ts';
export { cobblestoneSecrets, type CobblestoneKey, type CobblestoneSecrets } from './cobblestone/chunks.ts';
export { open, openingStream, openRanges, type RangeReader } from './cobblestone/open.ts';
export { seal, sealFrom, sealingStream, type SealOptions } from './cobblestone/seal.ts';
export { DamagedError, SourceChangedError, type DamagedThing } from './errors.ts';
export {
  createKeyring,
  libraryKey,
  openStoredKeyring,
  storeKeyring,
  type Keyring,
  type LibraryKey,
  type OpenIdentity,
} from './keyring/keyring.ts';
export {
  newRecoveryWords,
  readRecoveryWords,
  findWordsFault,
  recoveryAccess,
  recoveryWordCount,
  recoveryWordList,
  type RecoveryAccess,
  type RecoveryWordsFault,
} from './keyring/recovery.ts';
export { makeUnlock, openKeyring, resealUnlock, unlockKeyPair, type UnlockSecret } from './keyring/unlock.ts';
export { deriveKey, identityPin, partKey, plaintextCommitment, type KeyLabel } from './keys/derive.ts';
export {
  epochKeyCheck,
  mintEpoch,
  openPreviousEpoch,
  type EpochKey,
  type MintedEpoch,
} from './keys/epochs.ts';
export { kemKeyPair, openSealedKey, sealedKeyBytes, sealKey, type KemKeyPair } from './keys/kem.ts';
export { signerFromSeed, type Ed25519Signer } from './keys/signer.ts';
export {
  openRecord,
  openText,
  sealRecord,
  sealText,
  unwrapKey,
  wrapKey,
  wrappedKeyBytes,
} from './keys/wrap.ts';
export {
  openObject,
  OpenedObject,
  type FileKeyOpener,
  type OpenObjectInputs,
} from './objects/open-object.ts';
export {
  objectPlanFormat,
  openFileKey,
  plannedLength,
  planObject,
  planShape,
  type ObjectIds,
  type ObjectPlan,
  type PlannedPart,
} from './objects/plan.ts';
export {
  ObjectSealing,
  sealObject,
  type SealedObject,
  type SealObjectInputs,
} from './objects/seal-object.ts';
export { digestSource, readSource, type PartSource, type SourceDigest } from './objects/source.ts';
export { verifyObject, type VerifyObjectInputs } from './objects/verify-object.ts';
export {
  randomBytes,
  webPorts,
  type AeadCipher,
  type CryptoPorts,
  type IncrementalHash,
} from './ports/ports.ts';
export {
  grantTo,
  grantToInvite,
  writeNewAlbum,
  writeRemoval,
  writeRotation,
  writeShare,
  writeUnshare,
  type ChangeInputs,
  type KeyedChange,
  type KeyOf,
} from './family/changes.ts';
export { writeFounding, type FoundingInputs } from './family/founding.ts';
export { inviteKeys, type InviteKeys } from './family/invite-keys.ts';
export {
  writeInvite,
  writeJoin,
  type InviteInputs,
  type JoinInputs,
  type WrittenInvite,
  type WrittenJoin,
} from './family/invites.ts';
export {
  grantedKeyBinding,
  openGrant,
  sealGrant,
  type SealedGrant,
  type ShownGrant,
} from './family/sealed-grants.ts';
export { writeEntries, type LogAuthor, type WrittenEntries } from './family/write-entries.ts';
