const KiB = 1024;
const MiB = 1024 * KiB;
const GiB = 1024 * MiB;

/** Every limit that client and server must agree on. Names carry their unit last. */
export const limits = {
  /** A JSON body, unless its route says otherwise. */
  bodyBytes: 1 * MiB,
  /** An RPC or event, serialised. NATS itself refuses more than 1 MiB by default. */
  messageBytes: 768 * KiB,
  /** One object: a photo version with all its parts and its trailer. */
  objectBytes: 64 * GiB,
  /** An object's trailer: manifest, signature and wrap. */
  trailerBytes: 4 * MiB,
  /** The sealed `metadata` part of an object; it travels in feeds. */
  sealedMetadataBytes: 64 * KiB,
  thumbnailBytes: 256 * KiB,
  previewBytes: 8 * MiB,
  /** Longer edge of what a device makes of a picture for showing it. */
  thumbnailPixels: 360,
  previewPixels: 1920,
  /** A larger picture is stored without thumbnail and preview: decoding it takes more memory than a device may have. */
  pictureBytes: 512 * MiB,
  picturePixels: 150_000_000,
  /** The same for formats whose every pixel must be unpacked at once, 4 bytes each. */
  unpackedPixels: 64_000_000,
  /** Parts in one object. */
  partsPerObject: 32,
  /** A sealed name: of a person, a device, an album. */
  sealedNameBytes: 1 * KiB,
  /** A person's, a device's or an album's name before it is sealed. */
  nameCharacters: 200,
  emailCharacters: 254,
  passwordMinCharacters: 10,
  passwordMaxCharacters: 1024,
  opaqueMessageCharacters: 8 * KiB,
  devicesPerAccount: 100,
  /** Signed-out devices that a list of an account's devices still shows. */
  revokedDevicesListed: 100,
  /** What operators and support see of accounts, a page each. */
  accountsPerPage: 100,
  actsPerPage: 100,
  /** Support finds an account by at least so much of its e-mail address. */
  staffSearchCharacters: 3,
  /** Why staff did something to an account. */
  actReasonCharacters: { min: 3, max: 200 },
  /** How often one member of staff who reads an account's page is written down. */
  lookNotedMs: 3600_000,
  /** How long an invite makes a member of staff, how many may be open, and how many a list shows. */
  staffInviteMs: 24 * 3600_000,
  staffInvitesOpen: 20,
  staffInvitesListed: 100,
  albumsPerFamily: 2_000,
  /** Open invites count as members. */
  membersPerFamily: 6,
  /** How long an invite lives unless its maker says otherwise, and at most. */
  inviteMs: 7 * 24 * 3600_000,
  inviteMaxMs: 30 * 24 * 3600_000,
  /** Requests to open an invite or to join by one, from one address within a minute. */
  inviteRequestsPerMinute: 120,
  /** Collections that one invite gives: the family, the vault album and some more. */
  collectionsPerInvite: 32,
  /** Entries of one change to a family. */
  logEntriesPerChange: 64,
  logEntryBytes: 64 * KiB,
  logEntriesPerPage: 500,
  /** A page of the log ends early, after one entry at least, when its entries would be longer. */
  logPageBytes: 4 * MiB,
  /** Accounts or families that one question of staff names, or a page of theirs holds. */
  accountsPerQuestion: 100,
  familiesPerPage: 100,
  invitesPerPage: 100,
  /** Changes of the key that signs heads, over the whole life of an installation. */
  logKeyHandovers: 64,
  photosPerCommit: 100,
  albumItemsPerRequest: 500,
  feedItemsPerPage: 500,
  /** A photo in the trash is not deleted for good before so long has passed, whoever empties the trash. */
  trashMs: 30 * 24 * 3600_000,
  /** Photos that one request moves to the trash, restores or empties, or that a page of the trash holds. */
  photosPerTrashing: 500,
  /** Photos that one request without ids empties from the trash. */
  photosPerEmptying: 10_000,
  /** A photo's caption before it is sealed. */
  captionCharacters: 2_000,
  /** A person's notes on one photo, sealed and signed. */
  signedNotesBytes: 10 * KiB,
  notesPerRequest: 64,
  versionsPerPhoto: 1000,
  versionsPerPage: 100,
  versionsPerVerification: 100,
  /** A verification ends early, after one version at least, when it has read so much or so long. */
  verificationBytes: 1 * GiB,
  verificationMs: 20_000,
  replicasPerPage: 500,
  /** Objects that one question about copies in a location names or answers. */
  objectsPerQuestion: 500,
  scrubsPerPage: 100,
  findingsPerPage: 500,
  /** A path below a location's objects, as a finding of something unknown names it. */
  unknownPathCharacters: 1024,
  changesPerPage: 500,
  /** Recorded acts that the audit trail takes from a service at once. */
  auditActsPerQuestion: 500,
  /** A service keeps an act for so long after it happened, though the audit trail has it. */
  auditOutboxMs: 7 * 24 * 3600_000,
  auditEntriesPerPage: 200,
  auditChecksPerPage: 100,
  /** Faults that one check of the audit trail names. */
  auditFaults: 20,
  fencesPerRequest: 500,
  uploadsOpenPerAccount: 256,
  /** An upload that nobody continued for this long is swept away. */
  uploadIdleMs: 7 * 24 * 3600_000,
  /** One PATCH may carry the whole object; a client splits it so that a cut costs little. */
  uploadChunkBytes: 64 * MiB,
  accessTokenMs: 5 * 60_000,
  refreshTokenMs: 90 * 24 * 3600_000,
  /** Staff sign in again after so long without a touch: theirs reaches further. */
  staffRefreshTokenMs: 12 * 3600_000,
  /** A refresh whose answer was lost may be repeated for this long with the token before. */
  refreshGraceMs: 30_000,
  loginAttemptMs: 5 * 60_000,
  /** Failed logins of one account within `loginWindowMs` before it must wait. */
  loginFailures: 10,
  loginWindowMs: 15 * 60_000,
  /** Wrong one-time codes that one account may send, one after the other, before it must wait for `codePauseMs`. */
  codeFailures: 10,
  codePauseMs: 24 * 3600_000,
  /** Requests to start or finish a sign-up or login from one address within a minute. */
  authRequestsPerMinute: 120,
  /** How often a service pulls revocations, and how old its list may be before it refuses to answer. */
  revocationPullMs: 2_000,
  revocationStaleMs: 4_000,
  /** How long a service may reuse a person's standing. */
  standingCacheMs: 5_000,
  rpcTimeoutMs: 5_000,
  /** How often an instance says how it is, of how long it tells, and from when on it counts as silent. */
  pulseMs: 5_000,
  pulseWindowMs: 5 * 60_000,
  pulseSilentMs: 15_000,
  /** How long an instance that went silent is still shown. */
  instanceKeptMs: 3600_000,
  partsPerInstance: 64,
  jobsPerService: 64,
  jobNameCharacters: 64,
  /** A stream of events says at least so often that it is there, and tells news together that come within so long. */
  eventHeartbeatMs: 15_000,
  eventGatherMs: 250,
  /** Streams of events that one instance keeps open. */
  eventStreams: 256,
  /** Each location is read in so many parts: one for each first byte of objects' names. */
  slicesPerLocation: 256,
  coverageDays: 90,
  serviceTokenMs: 60_000,
} as const;
