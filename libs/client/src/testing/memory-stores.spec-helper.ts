import type { FamilyId, VersionId } from '@heirloom/contracts';
import { equalBytes } from '@heirloom/formats';
import type { Profile, ProfileStore } from '../account/profile.ts';
import type { FamilyLogStore, KeptHead, KeptLog } from '../family/family-log.ts';
import type { FeedChange, FeedPosition, IndexRow, IndexStore, Journal, JournalRow } from '../local/ports.ts';

/** Thrown where a test wants the program to die. */
export class Crash extends Error {}

/** Counts what is written, and dies before or after the write with the number that the test names. */
export class CrashPoint {
  at = Number.POSITIVE_INFINITY;
  writes = 0;

  async around(write: () => void): Promise<void> {
    await Promise.resolve();
    this.writes += 1;
    if (this.writes === this.at) throw new Crash('before a write');
    write();
    if (this.writes === this.at + 0.5) throw new Crash('after a write');
  }
}

export class MemoryProfile implements ProfileStore {
  profile: Profile | null;

  constructor(profile: Profile | null = null) {
    this.profile = profile;
  }

  load = () => Promise.resolve(this.profile);
  save = (profile: Profile) => {
    this.profile = profile;
    return Promise.resolve();
  };
  clear = () => {
    this.profile = null;
    return Promise.resolve();
  };
}

export class MemoryIndex implements IndexStore {
  readonly feeds = new Map<string, { position: FeedPosition; rows: Map<string, IndexRow> }>();
  readonly #crash: CrashPoint;

  constructor(crash = new CrashPoint()) {
    this.#crash = crash;
  }

  #feed(feed: string) {
    let found = this.feeds.get(feed);
    if (!found) {
      found = { position: { cursor: null, incarnation: null }, rows: new Map() };
      this.feeds.set(feed, found);
    }
    return found;
  }

  position = (feed: string) => Promise.resolve(this.#feed(feed).position);
  get = (feed: string, id: string) => Promise.resolve(this.#feed(feed).rows.get(id) ?? null);
  all = (feed: string) => Promise.resolve([...this.#feed(feed).rows.values()]);
  byContent = (feed: string, key: Uint8Array) =>
    Promise.resolve(
      [...this.#feed(feed).rows.values()].find((row) => row.contentKey && equalBytes(row.contentKey, key)) ??
        null,
    );
  put = (feed: string, row: IndexRow) => this.#crash.around(() => this.#feed(feed).rows.set(row.id, row));
  apply = (feed: string, { reset, put, remove, cursor, incarnation }: FeedChange) =>
    this.#crash.around(() => {
      const found = this.#feed(feed);
      if (reset) found.rows.clear();
      for (const id of remove) found.rows.delete(id);
      for (const row of put) found.rows.set(row.id, row);
      found.position = { cursor, incarnation };
    });
}

export class MemoryJournal implements Journal {
  readonly rows = new Map<VersionId, JournalRow>();
  readonly #crash: CrashPoint;

  constructor(crash = new CrashPoint()) {
    this.#crash = crash;
  }

  byContent = (key: Uint8Array) =>
    Promise.resolve([...this.rows.values()].find((row) => equalBytes(row.contentKey, key)) ?? null);
  put = (row: JournalRow) => this.#crash.around(() => this.rows.set(row.versionId, row));
  remove = (id: VersionId) => this.#crash.around(() => this.rows.delete(id));
  sweep = () => Promise.resolve();
}

export class MemoryLog implements FamilyLogStore {
  kept: KeptLog | null = null;

  load = () => Promise.resolve(this.kept);
  append = (family: FamilyId, from: number, entries: readonly Uint8Array[], head: KeptHead) => {
    this.kept = { family, entries: [...(this.kept?.entries.slice(0, from) ?? []), ...entries], ...head };
    return Promise.resolve();
  };
}
