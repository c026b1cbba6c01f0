import { closeSync, openSync } from 'node:fs';
import path from 'node:path';
import { DatabaseSync, type SQLInputValue } from 'node:sqlite';
import { AppError, type Cursor, type FamilyId, type UploadId, type VersionId } from '@heirloom/contracts';
import type {
  FamilyLogStore,
  FeedChange,
  FeedPosition,
  IndexRow,
  IndexStore,
  Journal,
  JournalRow,
  KeptHead,
  KeptLog,
} from '@heirloom/client';

const schemaVersion = 2;
/** Names and contents in it are sealed under the profile's local key; what is plain is ids, sizes and times. */
const schema = `
  CREATE TABLE feeds (feed TEXT PRIMARY KEY, cursor TEXT, incarnation TEXT) STRICT, WITHOUT ROWID;
  CREATE TABLE feed_rows (
    seq INTEGER PRIMARY KEY, feed TEXT NOT NULL, id TEXT NOT NULL, content_key BLOB, sealed BLOB NOT NULL,
    UNIQUE (feed, id)
  ) STRICT;
  CREATE INDEX feed_rows_by_content ON feed_rows (feed, content_key) WHERE content_key IS NOT NULL;
  CREATE TABLE uploads (
    version_id TEXT PRIMARY KEY, upload_id TEXT NOT NULL, content_key BLOB NOT NULL UNIQUE, sealed BLOB NOT NULL,
    began_at INTEGER NOT NULL
  ) STRICT, WITHOUT ROWID;
  CREATE TABLE log_entries (position INTEGER PRIMARY KEY, entry BLOB NOT NULL) STRICT;
  CREATE TABLE log_head (
    one INTEGER PRIMARY KEY CHECK (one = 1), family TEXT NOT NULL, checkpoint TEXT NOT NULL, log_key TEXT NOT NULL
  ) STRICT;
  CREATE TABLE seen_files (path_key BLOB PRIMARY KEY, stamp TEXT NOT NULL, content BLOB NOT NULL) STRICT, WITHOUT ROWID;
`;

type Row = Record<string, unknown>;
const bytes = (value: unknown): Uint8Array => new Uint8Array(value as Uint8Array);

/** The device's own records, in one SQLite file: index, journal, family log, and which files were seen. */
export class ProfileDatabase implements Disposable {
  readonly #db: DatabaseSync;
  readonly index: IndexStore;
  readonly journal: Journal;
  readonly log: FamilyLogStore;
  readonly seenFiles: SeenFiles;

  /** @throws AppError `damaged` when the file is none of ours, or of a later version. */
  constructor(folder: string) {
    const file = path.join(folder, 'profile.db');
    closeSync(openSync(file, 'a', 0o600));
    this.#db = openDatabase(file);
    this.index = new SqliteIndex(this.#db);
    this.journal = new SqliteJournal(this.#db);
    this.log = new SqliteLog(this.#db);
    this.seenFiles = new SeenFiles(this.#db);
  }

  [Symbol.dispose](): void {
    this.#db.close();
  }
}

function openDatabase(file: string): DatabaseSync {
  const db = new DatabaseSync(file, { timeout: 5000 });
  try {
    db.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA foreign_keys = ON');
    const { user_version: version } = db.prepare('PRAGMA user_version').get() as { user_version: number };
    if (version === 0) inTransaction(db, () => db.exec(`${schema}; PRAGMA user_version = ${schemaVersion}`));
    else if (version !== schemaVersion) throw new Error(`version ${version} of the profile is not known`);
    return db;
  } catch (cause) {
    db.close();
    throw new AppError('damaged', {
      detail: `The profile database ${file} cannot be used. Sign out and in again; nothing that is stored is lost.`,
      cause,
    });
  }
}

function inTransaction<T>(db: DatabaseSync, work: () => T): T {
  db.exec('BEGIN IMMEDIATE');
  try {
    const result = work();
    db.exec('COMMIT');
    return result;
  } catch (error) {
    db.exec('ROLLBACK');
    throw error;
  }
}

const run = (db: DatabaseSync, sql: string, ...values: SQLInputValue[]) => db.prepare(sql).run(...values);

class SqliteIndex implements IndexStore {
  readonly #db: DatabaseSync;

  constructor(db: DatabaseSync) {
    this.#db = db;
  }

  position(feed: string): Promise<FeedPosition> {
    const row = this.#db.prepare('SELECT cursor, incarnation FROM feeds WHERE feed = ?').get(feed);
    const found = (row ?? { cursor: null, incarnation: null }) as {
      cursor: Cursor | null;
      incarnation: string | null;
    };
    return Promise.resolve({ cursor: found.cursor, incarnation: found.incarnation });
  }

  apply(feed: string, change: FeedChange): Promise<void> {
    inTransaction(this.#db, () => {
      if (change.reset) run(this.#db, 'DELETE FROM feed_rows WHERE feed = ?', feed);
      for (const id of change.remove)
        run(this.#db, 'DELETE FROM feed_rows WHERE feed = ? AND id = ?', feed, id);
      for (const row of change.put) this.#put(feed, row);
      run(
        this.#db,
        'INSERT INTO feeds VALUES (?, ?, ?) ON CONFLICT (feed) DO UPDATE SET cursor = excluded.cursor, incarnation = excluded.incarnation',
        feed,
        change.cursor,
        change.incarnation,
      );
    });
    return Promise.resolve();
  }

  put(feed: string, row: IndexRow): Promise<void> {
    this.#put(feed, row);
    return Promise.resolve();
  }

  #put(feed: string, { id, contentKey, sealed }: IndexRow): void {
    run(
      this.#db,
      `INSERT INTO feed_rows (feed, id, content_key, sealed) VALUES (?, ?, ?, ?)
       ON CONFLICT (feed, id) DO UPDATE SET content_key = excluded.content_key, sealed = excluded.sealed`,
      feed,
      id,
      contentKey,
      sealed,
    );
  }

  get(feed: string, id: string): Promise<IndexRow | null> {
    return Promise.resolve(this.#one('feed = ? AND id = ?', feed, id));
  }

  byContent(feed: string, contentKey: Uint8Array): Promise<IndexRow | null> {
    return Promise.resolve(this.#one('feed = ? AND content_key = ? ORDER BY seq LIMIT 1', feed, contentKey));
  }

  all(feed: string): Promise<IndexRow[]> {
    const sql = 'SELECT id, content_key, sealed FROM feed_rows WHERE feed = ? ORDER BY seq';
    return Promise.resolve(this.#db.prepare(sql).all(feed).map(toIndexRow));
  }

  #one(where: string, ...values: SQLInputValue[]): IndexRow | null {
    const row = this.#db
      .prepare(`SELECT id, content_key, sealed FROM feed_rows WHERE ${where}`)
      .get(...values);
    return row ? toIndexRow(row) : null;
  }
}

const toIndexRow = (row: Row): IndexRow => ({
  id: row.id as string,
  contentKey: row.content_key === null ? null : bytes(row.content_key),
  sealed: bytes(row.sealed),
});

class SqliteJournal implements Journal {
  readonly #db: DatabaseSync;

  constructor(db: DatabaseSync) {
    this.#db = db;
  }

  byContent(contentKey: Uint8Array): Promise<JournalRow | null> {
    const row = this.#db.prepare('SELECT * FROM uploads WHERE content_key = ?').get(contentKey);
    if (!row) return Promise.resolve(null);
    return Promise.resolve({
      versionId: row.version_id as VersionId,
      uploadId: row.upload_id as UploadId,
      contentKey: bytes(row.content_key),
      sealed: bytes(row.sealed),
      beganAt: row.began_at as number,
    });
  }

  put({ versionId, uploadId, contentKey, sealed, beganAt }: JournalRow): Promise<void> {
    run(
      this.#db,
      `INSERT INTO uploads VALUES (?, ?, ?, ?, ?)
       ON CONFLICT (version_id) DO UPDATE SET upload_id = excluded.upload_id, sealed = excluded.sealed`,
      versionId,
      uploadId,
      contentKey,
      sealed,
      beganAt,
    );
    return Promise.resolve();
  }

  remove(versionId: VersionId): Promise<void> {
    run(this.#db, 'DELETE FROM uploads WHERE version_id = ?', versionId);
    return Promise.resolve();
  }

  sweep(beforeMs: number): Promise<void> {
    run(this.#db, 'DELETE FROM uploads WHERE began_at < ?', beforeMs);
    return Promise.resolve();
  }
}

class SqliteLog implements FamilyLogStore {
  readonly #db: DatabaseSync;

  constructor(db: DatabaseSync) {
    this.#db = db;
  }

  load(): Promise<KeptLog | null> {
    const head = this.#db.prepare('SELECT family, checkpoint, log_key FROM log_head').get();
    if (!head) return Promise.resolve(null);
    const rows = this.#db.prepare('SELECT entry FROM log_entries ORDER BY position').all();
    return Promise.resolve({
      family: head.family as FamilyId,
      entries: rows.map((row) => bytes(row.entry)),
      checkpoint: head.checkpoint as string,
      logKey: head.log_key as string,
    });
  }

  append(family: FamilyId, from: number, entries: readonly Uint8Array[], head: KeptHead): Promise<void> {
    inTransaction(this.#db, () => {
      if (from === 0) run(this.#db, 'DELETE FROM log_entries');
      entries.forEach((entry, i) => run(this.#db, 'INSERT INTO log_entries VALUES (?, ?)', from + i, entry));
      run(
        this.#db,
        'INSERT OR REPLACE INTO log_head VALUES (1, ?, ?, ?)',
        family,
        head.checkpoint,
        head.logKey,
      );
    });
    return Promise.resolve();
  }
}

/** Which files were read before, so that an unchanged one need not be read again. Paths and hashes are sealed or hashed by the caller. */
export class SeenFiles {
  readonly #db: DatabaseSync;

  constructor(db: DatabaseSync) {
    this.#db = db;
  }

  /** What was noted of the path, if the file still has that stamp. */
  find(pathKey: Uint8Array, stamp: string): Uint8Array | null {
    const row = this.#db
      .prepare('SELECT content FROM seen_files WHERE path_key = ? AND stamp = ?')
      .get(pathKey, stamp);
    return row ? bytes(row.content) : null;
  }

  note(pathKey: Uint8Array, stamp: string, content: Uint8Array): void {
    run(
      this.#db,
      `INSERT INTO seen_files VALUES (?, ?, ?)
       ON CONFLICT (path_key) DO UPDATE SET stamp = excluded.stamp, content = excluded.content`,
      pathKey,
      stamp,
      content,
    );
  }
}
