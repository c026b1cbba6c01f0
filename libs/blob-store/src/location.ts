import type { AppError, LocationId, ObjectName, UploadId } from '@heirloom/contracts';

/** Part of an object or a stage, in bytes. It must lie inside of it. */
export interface ByteRange {
  offset: number;
  length: number;
}

/** An object as a reader gets it. */
export interface ObjectBody {
  /** The whole object's size, whatever range was asked for. */
  sizeBytes: number;
  /**
   * The bytes, in chunks of at most 256 KiB that belong to the reader. Nothing is held open before the first
   * chunk is asked for or after the loop is left, so a body that nobody reads leaks nothing. Iterate it once.
   * Throws `unavailable` when the storage fails or holds fewer bytes than it said.
   */
  body: AsyncIterable<Uint8Array>;
}

export interface ObjectEntry {
  name: ObjectName;
  sizeBytes: number;
}

/** A slice of the hash space, page by page. */
export interface ListQuery {
  /** First hex digits of the slice's lower end, inclusive; the beginning when left out. */
  from?: string;
  /** First hex digits of the slice's upper end, exclusive; the end when left out. */
  to?: string;
  /** `next` of the page before. */
  after?: string;
  /** How many entries and unknown things a page holds at most. */
  limit: number;
}

export interface ListPage {
  /** Objects by name, ascending over all pages. */
  entries: ObjectEntry[];
  /**
   * What lies among the objects and is none, as a path below them. A folder that does not belong there counts
   * as one thing and ends with a slash. Slices that cover the hash space report each exactly once.
   */
  unknown: string[];
  /** Where the next page begins; absent after the last page. */
  next?: string;
}

/** What a location can do right now. `problem` says why when it is not all. */
export interface LocationHealth {
  readable: boolean;
  writable: boolean;
  /** Free bytes for this process's user; absent where the storage does not say. */
  freeBytes?: number;
  /** How much the storage holds altogether; absent where it does not say. */
  totalBytes?: number;
  problem?: AppError;
  /** What an operator may want to know of the storage, as it was found out by trying. */
  notes?: readonly string[];
}

/** The part of a location that cannot change anything. */
export interface LocationReader {
  readonly id: LocationId;
  /** Locations of one region are expected to fail together. */
  readonly region: string;
  readonly driver: 'directory' | 'memory' | 's3';
  /** Throws `not-found`, or `range-not-satisfiable` when the range leaves the object. */
  get(name: ObjectName, range?: ByteRange): Promise<ObjectBody>;
  /** `undefined` means that the storage answered and has no such object. */
  stat(name: ObjectName): Promise<{ sizeBytes: number } | undefined>;
  list(query: ListQuery): Promise<ListPage>;
}

/**
 * One independent place that keeps objects: a disk, a machine, a bucket. Objects are named by the SHA-256 of their
 * bytes, are never overwritten, and appear whole or not at all.
 *
 * Errors of every method: `bad-request` for a name that is none, `storage-full` when there is no room (nothing
 * half-written becomes visible), `unavailable` when the storage is gone, refuses access, or is another location's.
 * An error of a caller's own byte source is passed on as it is.
 */
export interface Location extends LocationReader {
  /** Makes the upload's stage, or finds the one that is there. */
  openStage(upload: UploadId): Promise<Stage>;
  /**
   * Stores a copy: stages it, compares size and SHA-256 with what was announced, commits. When it returns, the
   * object is on stable storage. An object of this name and size that is already there is a success, and `source`
   * is closed unread. Throws `hash-mismatch` when the bytes are others, and `conflict` when an object of this name
   * and another size is there. After any error no stage of it is left.
   */
  put(name: ObjectName, source: AsyncIterable<Uint8Array>, sizeBytes: number): Promise<void>;
  /**
   * Replaces a copy that is not the object it is named after: stages a good one as {@link put} does, and only when
   * that is whole and verified moves what has the name to quarantine and commits. A copy that turns out to be good is
   * left alone. When it returns `replaced`, both the object and what was quarantined are on stable storage. Nothing is
   * deleted or overwritten: wherever it is cut off, the old bytes are under their name or in quarantine, and
   * doing it again finishes it. Throws as {@link put} does, with nothing moved unless the new copy was staged.
   *
   * @param beforeMove runs when the new copy is staged; what it throws is passed on, and nothing is moved
   */
  replace(
    name: ObjectName,
    source: AsyncIterable<Uint8Array>,
    sizeBytes: number,
    beforeMove?: () => Promise<void>,
  ): Promise<'replaced' | 'was-good'>;
  /**
   * Moves what lies under an object's name to `quarantine/<name>.<uuid>`, whatever it is worth, and answers that path
   * below the location's root; `undefined` when there is nothing. When it returns, the move is on stable storage.
   */
  quarantine(name: ObjectName): Promise<string | undefined>;
  /**
   * Deletes an object for good, with what of it lies in quarantine. When it returns, that is on stable storage. Safe to
   * repeat: what is not there needs no deleting. Only what was tombstoned in the catalogue may be deleted.
   */
  remove(name: ObjectName): Promise<void>;
  /** Removes stages that nobody wrote to for this long. Answers how many. */
  sweepStages(olderThanMs: number): Promise<number>;
  /** Writes, syncs, reads back and removes a small file. Does not throw for a place that is out of order. */
  probe(): Promise<LocationHealth>;
}

/**
 * Bytes of an upload that is not an object yet. It holds no file open, so it need not be closed, and any process
 * that reaches the storage can open it again and continue.
 *
 * One writer at a time: a second `append`, `commit` or `discard` meanwhile throws `locked`. All methods but
 * `discard` throw `not-found` once the stage is gone.
 */
export interface Stage {
  /** Bytes that are staged; also after an append that failed in its middle. */
  length(): Promise<number>;
  /**
   * Adds bytes at `offset`, which must be the stage's length (`upload-offset` otherwise), and answers the new
   * length. When it throws, the bytes that were written stay, and `length` tells how many. They survive the end of
   * the process but not a power cut: the commit is what syncs.
   */
  append(offset: number, source: AsyncIterable<Uint8Array>): Promise<number>;
  /** What is staged, to hash it again on a resume. The same rules as {@link ObjectBody.body}. */
  read(range?: ByteRange): AsyncIterable<Uint8Array>;
  /**
   * Makes the staged bytes the object `name`. The caller has hashed them; only their number is compared here
   * (`hash-mismatch`). When it returns, the object is on stable storage and the stage is gone. Safe to repeat: an
   * object of this name and size that is already there is a success. Throws `conflict` when it has another size.
   */
  commit(name: ObjectName, sizeBytes: number): Promise<void>;
  /** Removes the stage. Does nothing when there is none. */
  discard(): Promise<void>;
}

/** A view of a location that has no way to change it, not even by a cast. */
export function readOnly(location: LocationReader): LocationReader {
  return Object.freeze({
    id: location.id,
    region: location.region,
    driver: location.driver,
    get: (name: ObjectName, range?: ByteRange) => location.get(name, range),
    stat: (name: ObjectName) => location.stat(name),
    list: (query: ListQuery) => location.list(query),
  });
}
