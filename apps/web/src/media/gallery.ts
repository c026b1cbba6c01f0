import type { PhotoIndex } from '@heirloom/client';
import type { PhotoId } from '@heirloom/contracts';
import { allRows } from '../engine/device-stores.ts';
import { entryOf, newestFirst, type GalleryEntry } from './gallery-entry.ts';
import type { ChangedRows, GallerySnapshots } from './gallery-snapshots.ts';

/** So many changed rows are opened one by one before a new snapshot is worth its writing. */
const fewChanges = 200;
/** Or this share of all rows, so that a first sync does not write a whole snapshot for every page. */
const shareOfRows = 0.1;
const rowsAtOnce = 500;

/** The photos of one collection as lists and searches need them, kept in step with the device's index. */
export class Gallery {
  readonly collection: string;
  readonly #index: PhotoIndex;
  readonly #snapshots: GallerySnapshots;
  #byPhoto: Map<string, GalleryEntry> | null = null;
  #sorted: readonly GalleryEntry[] | null = null;
  #snapshot: string | null = null;
  /** Changes since the snapshot that are in here already. */
  #covered: Map<string, string> = new Map();
  #work: Promise<unknown> = Promise.resolve();

  constructor(index: PhotoIndex, snapshots: GallerySnapshots) {
    this.collection = index.feed;
    this.#index = index;
    this.#snapshots = snapshots;
  }

  /** All photos that are not in the trash, the newest first. The same array as long as nothing changed. */
  async entries(): Promise<readonly GalleryEntry[]> {
    const done = this.#work.then(() => this.#refresh());
    this.#work = done.catch(() => undefined);
    return await done;
  }

  async #refresh(): Promise<readonly GalleryEntry[]> {
    const { collection } = this;
    if (!this.#byPhoto || !(await this.#snapshots.isCurrent(collection, this.#snapshot))) await this.#load();
    const changes = await this.#snapshots.changes(collection);
    const fresh = [...changes].filter(([id, stamp]) => this.#covered.get(id) !== stamp);
    if (!this.#byPhoto || fresh.some(([id]) => id === allRows)) await this.#rebuild(changes);
    else await this.#take(this.#byPhoto, fresh);
    const byPhoto = this.#byPhoto;
    if (!byPhoto) throw new Error('a gallery is there once it was loaded');
    this.#sorted ??= [...byPhoto.values()].sort(newestFirst);
    const isMissing = this.#snapshot === null && byPhoto.size >= fewChanges;
    const isOld = this.#covered.size >= Math.max(fewChanges, byPhoto.size * shareOfRows);
    if (isMissing || isOld) this.#saveLater();
    return this.#sorted;
  }

  async #load(): Promise<void> {
    const found = await this.#snapshots.load(this.collection);
    this.#snapshot = found?.id ?? null;
    this.#covered = new Map();
    this.#sorted = null;
    this.#byPhoto = found && new Map(found.entries.map((entry) => [entry.photo, entry]));
  }

  /** From the rows alone. `changes` were read before them, so the rows are as new as these at least. */
  async #rebuild(changes: ChangedRows): Promise<void> {
    const entries = (await this.#index.all()).map(entryOf).filter((entry) => entry !== null);
    this.#byPhoto = new Map(entries.map((entry) => [entry.photo, entry]));
    this.#covered = new Map(changes);
    this.#sorted = null;
  }

  async #take(
    byPhoto: Map<string, GalleryEntry>,
    fresh: readonly (readonly [id: string, stamp: string])[],
  ): Promise<void> {
    for (let at = 0; at < fresh.length; at += rowsAtOnce) {
      const some = fresh.slice(at, at + rowsAtOnce);
      const photos = await Promise.all(some.map(([id]) => this.#index.get(id as PhotoId)));
      some.forEach(([id, stamp], i) => {
        const photo = photos[i];
        const entry = photo ? entryOf(photo) : null;
        if (entry) byPhoto.set(id, entry);
        else byPhoto.delete(id);
        this.#covered.set(id, stamp);
      });
    }
    if (fresh.length > 0) this.#sorted = null;
  }

  /** Nobody waits for it, and when it fails the rows are still there. */
  #saveLater(): void {
    const entries = this.#sorted ?? [];
    const covered = this.#covered;
    const save = async () => {
      const id = await this.#snapshots.save(this.collection, this.#snapshot, entries, covered);
      if (id === null) return;
      this.#snapshot = id;
      if (this.#covered === covered) this.#covered = new Map();
    };
    this.#work = this.#work.then(save).catch(() => undefined);
  }
}
