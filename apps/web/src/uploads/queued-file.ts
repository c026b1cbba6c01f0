import type { ErrorCode } from '@heirloom/contracts';

/** Chromium's way to ask whether a file that was dropped may still be read, which TypeScript's types lack. */
export interface AllowedHandle extends FileSystemHandle {
  queryPermission?(about: { mode: 'read' }): Promise<PermissionState>;
  requestPermission?(about: { mode: 'read' }): Promise<PermissionState>;
}

/** Where the bytes of a queued file are: a copy in the browser's own keeping, or the file itself on the disk. */
export type FileSource =
  | { kind: 'copy'; file: Blob }
  /** `root` is what the person dropped, the file or a folder above it: whoever may read that may read this. */
  | { kind: 'handle'; handle: FileSystemFileHandle; root: AllowedHandle };

/** A file as the page hands it over. */
export interface NewFile {
  file: File;
  /** Where the browser gave one: then nothing is copied. */
  handle?: FileSystemFileHandle | undefined;
  root?: AllowedHandle | undefined;
}

/** Why a file was not stored: what the engine said, `unreadable` when the browser cannot read it any more. */
export interface UploadFailure {
  code: ErrorCode | 'unreadable' | null;
  message: string;
  /** It is stored, but not in the album that was chosen. */
  isStored: boolean;
}

/** A file in the queue. It stays here until it is stored, so that a reload loses nothing. */
export interface StoredUpload {
  id: string;
  source: FileSource;
  name: string;
  /** In bytes. */
  size: number;
  /** Milliseconds since 1970, as the file system said. */
  modifiedAt: number;
  addedAt: number;
  /** The album to put it into, when one was chosen. */
  albumId: string | null;
  state: 'waiting' | 'failed';
  failure: UploadFailure | null;
}

/** What has been done since the queue was last empty. It outlives a reload. */
export interface UploadTally {
  isPaused: boolean;
  stored: number;
  /** Were in the vault before. */
  known: number;
  /** Were in the trash, and are back. */
  restored: number;
  /** Bytes of the files that are done, and of those in the queue that wait. */
  doneBytes: number;
  waitingBytes: number;
  /** Places that each stored file lies in, at least. Null while none is stored. */
  copies: number | null;
}

/** A line of the queue as pages show it. */
export interface UploadRow {
  id: string;
  name: string;
  size: number;
  failure: UploadFailure | null;
}

/** The queue as pages show it. */
export interface UploadOverview {
  tally: UploadTally;
  waiting: { files: number; rows: UploadRow[] };
  failed: { files: number; rows: UploadRow[] };
  /** Files that this tab alone holds, for which there was no room: a reload loses them. */
  loose: number;
  /** Files that the browser wants to be allowed to read again. */
  unallowed: number;
}

/** A file that is being sent. */
export interface ActiveUpload {
  id: string;
  name: string;
  size: number;
  step: 'reading' | 'sending' | 'saving';
  /** From 0 to 1, within its step. */
  share: number;
}

export type UploadOutcomeKind = 'stored' | 'known' | 'restored';

/**
 * What the tab that uploads tells all tabs, a few times a second. `offline` tries again by itself; `stopped` waits for
 * the person, because of `problem`; `key-needed` waits until they have shown that they kept their recovery key.
 */
export interface LiveUploads {
  phase: 'idle' | 'running' | 'offline' | 'stopped' | 'key-needed';
  problem: { code: ErrorCode | null; message: string } | null;
  active: ActiveUpload[];
  bytesPerSecond: number | null;
  /** The newest first. */
  recent: { id: string; name: string; outcome: UploadOutcomeKind }[];
}

export const idleUploads: LiveUploads = {
  phase: 'idle',
  problem: null,
  active: [],
  bytesPerSecond: null,
  recent: [],
};
