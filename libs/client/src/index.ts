export { openAccount, ownLibrary, type Account, type AccountOptions } from './account/account.ts';
export { listDevices, renameDevice, type NamedDevice } from './account/devices.ts';
export { decodeProfile, encodeProfile, type Profile, type ProfileStore } from './account/profile.ts';
export { checkPassword } from './account/check-input.ts';
export { changePassword } from './account/password.ts';
export { readActivity } from './account/activity.ts';
export { readUsage } from './account/usage.ts';
export { recoverAccount, type Recovery } from './account/recover-account.ts';
export {
  checkRecoveryKey,
  confirmRecoveryKey,
  isSameWord,
  listUnlocks,
  makeRecoveryKey,
  newRecoveryKey,
  wordsToAskFor,
  type RecoveryKey,
} from './account/recovery-key.ts';
export { recoveryKit, recoveryKitText, type RecoveryKit } from './account/recovery-kit.ts';
export { logIn, signUp, type SignIn } from './account/sign-in.ts';
export { keptKeysRecord, type Album, type KeptKeys } from './albums/album.ts';
export { addToAlbum } from './albums/album-items.ts';
export { type Albums } from './albums/albums.ts';
export { deleteAlbum, removeFromAlbum, renameAlbum } from './albums/manage-album.ts';
export { changeRole } from './family/change-role.ts';
export { revokeDevice } from './family/ensure-family.ts';
export { type FamilyLog, type FamilyLogStore, type KeptHead, type KeptLog } from './family/family-log.ts';
export { type FamilyNews, type TellNews } from './family/family-news.ts';
export {
  invitePerson,
  listOpenInvites,
  revokeInvite,
  type InviteOptions,
  type NewInvite,
  type OpenInvite,
} from './family/invite.ts';
export { type InvitationNames, type InvitedAlbum } from './family/invitation-names.ts';
export { mustBeSameServer, readInvitation, type Invitation } from './family/join.ts';
export { logOut } from './family/log-out.ts';
export { markCompared, matchesScanned, safetyWith, type Safety, type SafetyParts } from './family/safety.ts';
export { platformName, platformOf } from './account/platform.ts';
export { noticesOf, type KnownThings, type Notice, type NoticeMark } from './notices/notices.ts';
export {
  keepSeenNotices,
  knownThings,
  noticesAfter,
  noticesSince,
  seenNotices,
} from './notices/notices-since.ts';
export {
  listMembers,
  memberByEmail,
  removeMember,
  setOwnName,
  type FamilyPerson,
  type LossState,
} from './family/members.ts';
export { rotateDue, type FamilyParts } from './family/rotation.ts';
export { shareAlbum, unshareAlbum } from './family/sharing.ts';
export { Http, type CallInput, type CallOptions, type TokenSource } from './http/http.ts';
export { longPatience, noPatience, shortPatience, type Patience } from './http/retry.ts';
export { serverOrigin } from './http/server-address.ts';
export { downloadOriginal, openIndexedPhoto, type OpenedPhoto } from './library/download.ts';
export { numbered, safeFileName } from './library/file-name.ts';
export { type IndexedPhoto } from './library/photo.ts';
export { PhotoIndex } from './library/photo-index.ts';
export { objectReader } from './library/read-photo.ts';
export { openPart, partRange, readOriginalRange, readPart, readSealedPart } from './library/parts.ts';
export { Vault, type VaultStores } from './library/vault.ts';
export { setCaption, setFavourite } from './notes/notes.ts';
export { type NotesChange, type NotesIndex, type NotesOnPhoto } from './notes/notes-index.ts';
export { readChecks } from './library/checks.ts';
export { askForCopies, verifyPhoto, type CopyReport } from './library/verify.ts';
export { LocalSeal } from './local/local-seal.ts';
export type { FeedChange, FeedPosition, IndexRow, IndexStore, Journal, JournalRow } from './local/ports.ts';
export { accountOf, actOnAccount, findAccounts, readAccount, type AccountPage } from './operator/accounts.ts';
export {
  checkAuditExport,
  exportAudit,
  listAuditEntries,
  newestAuditChecks,
  startAuditCheck,
  type AuditWanted,
  type CheckedExport,
} from './operator/audit.ts';
export {
  codeOf,
  newAuthenticator,
  readAuthenticator,
  replaceAuthenticator,
  type Authenticator,
} from './operator/authenticator.ts';
export { listFindings, newestScrubs, startScrub, type FindingsWanted } from './operator/integrity.ts';
export { logOutOperator, openOperator, sessionHasEnded, type SignedInOperator } from './operator/operator.ts';
export {
  decodeOperatorProfile,
  encodeOperatorProfile,
  type OperatorProfile,
  type OperatorProfileStore,
} from './operator/operator-profile.ts';
export {
  checkSetupToken,
  logInOperator,
  setUpOperator,
  type OperatorSignIn,
} from './operator/operator-sign-in.ts';
export { staffEvents, type StaffEventsOptions } from './staff/staff-events.ts';
export { checkServed, compareReleases, readRelease, type ReleaseFault } from './release/release.ts';
export {
  emptyTrash,
  restorePhotos,
  trashPhotos,
  type RestoredPhoto,
  type TrashedPhoto,
} from './trash/trash.ts';
export { type ResumableBytes } from './transfer/chunk-feed.ts';
export { readRange, type ReadOptions } from './transfer/range-reader.ts';
export { uploadByTus, type UploadRequest, type UploadSettings } from './transfer/tus-upload.ts';
export { type UploadSource } from './upload/pending-upload.ts';
export { Uploader, type SendOptions, type UploaderOptions, type UploadOutcome } from './upload/uploader.ts';
