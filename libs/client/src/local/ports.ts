import type { Cursor, UploadId, VersionId } from '@heirloom/contracts';

/** One thing of a feed as the device keeps it. */
export interface IndexRow {
  /** UUID; unique within its feed. */
  id: string;
  /** Finds a photo by the hash of its original. */
  contentKey: Uint8Array | null;
  sealed: Uint8Array;
}

export interface FeedPosition {
  cursor: Cursor | null;
  incarnation: string | null;
}

export interface FeedChange extends FeedPosition {
  /** Forget everything of the feed first. */
  reset: boolean;
  put: readonly IndexRow[];
  remove: readonly string[];
}

/** The device's index: rows by feed, and how far each feed was read. */
export interface IndexStore {
  position(feed: string): Promise<FeedPosition>;
  /** All of it or nothing, also after a crash. */
  apply(feed: string, change: FeedChange): Promise<void>;
  put(feed: string, row: IndexRow): Promise<void>;
  get(feed: string, id: string): Promise<IndexRow | null>;
  byContent(feed: string, contentKey: Uint8Array): Promise<IndexRow | null>;
  all(feed: string): Promise<IndexRow[]>;
}

/** An upload that was begun. */
export interface JournalRow {
  versionId: VersionId;
  uploadId: UploadId;
  contentKey: Uint8Array;
  sealed: Uint8Array;
  /** Milliseconds since 1970. */
  beganAt: number;
}

/** Uploads that were begun and are not acknowledged. What was put is there after a crash. */
export interface Journal {
  byContent(contentKey: Uint8Array): Promise<JournalRow | null>;
  put(row: JournalRow): Promise<void>;
  remove(versionId: VersionId): Promise<void>;
  /** Forgets what was begun before that time. */
  sweep(beforeMs: number): Promise<void>;
}
