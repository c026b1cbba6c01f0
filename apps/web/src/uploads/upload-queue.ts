import { newId } from '@heirloom/contracts';
import type { DeviceDatabase } from '../engine/device-database.ts';
import type {
  NewFile,
  StoredUpload,
  UploadFailure,
  UploadOutcomeKind,
  UploadOverview,
  UploadRow,
  UploadTally,
} from './queued-file.ts';

const tallyName = 'uploads';
const nothing: UploadTally = {
  isPaused: false,
  stored: 0,
  known: 0,
  restored: 0,
  doneBytes: 0,
  waitingBytes: 0,
  copies: null,
};
/** How many lines pages are shown of each kind; the others are a number. */
const shownRows = 20;
const shownFailures = 100;
/** So much of the browser's room is left free. */
const spareShare = 0.9;

const inState = (state: StoredUpload['state']) => IDBKeyRange.bound([state], [state, []]);
const rowOf = ({ id, name, size, failure }: StoredUpload): UploadRow => ({ id, name, size, failure });
const bytesOf = (files: Iterable<{ size: number }>) => [...files].reduce((sum, { size }) => sum + size, 0);

/**
 * The files that wait to be stored. They lie in the browser's own keeping until they are, so a reload loses nothing;
 * what there is no room for is held by this tab alone.
 */
export class UploadQueue {
  readonly #db: DeviceDatabase;
  readonly #loose = new Map<string, StoredUpload>();

  constructor(database: DeviceDatabase) {
    this.#db = database;
  }

  /** @returns how many this tab holds alone, since there was no room to keep them */
  async add(files: readonly NewFile[], albumId: string | null): Promise<{ loose: number }> {
    await this.#beginAnew();
    const fits = await hasRoom(bytesOf(files.flatMap(({ file, handle }) => (handle ? [] : [file]))));
    let loose = 0;
    for (const one of files) {
      const upload = queued(one, albumId);
      if ((fits || upload.source.kind === 'handle') && (await this.#keep(upload))) continue;
      this.#loose.set(upload.id, upload);
      loose += 1;
    }
    return { loose };
  }

  async #keep(upload: StoredUpload): Promise<boolean> {
    const transaction = this.#db.transaction(['uploads', 'kept'], 'readwrite');
    try {
      await Promise.all([
        transaction.objectStore('uploads').put(upload),
        changeTally(transaction.objectStore('kept'), ({ waitingBytes }) => ({
          waitingBytes: waitingBytes + upload.size,
        })),
        transaction.done,
      ]);
      return true;
    } catch (error) {
      if (error instanceof DOMException && error.name === 'QuotaExceededError') return false;
      throw error;
    }
  }

  /** A tally of what was done before is of no interest when something new is added to an empty queue. */
  async #beginAnew(): Promise<void> {
    if ((await this.count('waiting')) > 0) return;
    const { isPaused } = await this.tally();
    await this.#setTally({ ...nothing, isPaused });
  }

  async count(state: StoredUpload['state']): Promise<number> {
    const kept = await this.#db.countFromIndex('uploads', 'order', inState(state));
    return kept + [...this.#loose.values()].filter((one) => one.state === state).length;
  }

  get looseCount(): number {
    return this.#loose.size;
  }

  /** The first one that waits and is not among `except`. */
  async next(except: ReadonlySet<string>): Promise<StoredUpload | null> {
    const waiting = await this.#db.getAllFromIndex('uploads', 'order', inState('waiting'), except.size + 1);
    const all = [...waiting, ...[...this.#loose.values()].filter(({ state }) => state === 'waiting')];
    return all.find(({ id }) => !except.has(id)) ?? null;
  }

  async get(id: string): Promise<StoredUpload | null> {
    return this.#loose.get(id) ?? (await this.#db.get('uploads', id)) ?? null;
  }

  /** It is stored: nothing of it stays here. */
  async done(upload: StoredUpload, outcome: UploadOutcomeKind, copies: number): Promise<void> {
    await this.#change(upload, null, (tally) => ({
      [outcome]: tally[outcome] + 1,
      doneBytes: tally.doneBytes + upload.size,
      ...(outcome === 'stored' ? { copies: Math.min(tally.copies ?? copies, copies) } : {}),
    }));
  }

  async fail(upload: StoredUpload, failure: UploadFailure): Promise<void> {
    await this.#change(upload, { ...upload, state: 'failed', failure }, () => ({}));
  }

  /** Puts failed ones into the queue again. */
  async retry(ids: readonly string[] | 'all'): Promise<void> {
    for (const upload of await this.#all('failed', ids))
      await this.#change(upload, { ...upload, state: 'waiting', failure: null }, () => ({}));
  }

  async remove(ids: readonly string[] | 'waiting' | 'failed'): Promise<void> {
    const found =
      typeof ids === 'string'
        ? await this.#all(ids, 'all')
        : [...(await this.#all('waiting', ids)), ...(await this.#all('failed', ids))];
    for (const upload of found) await this.#change(upload, null, () => ({}));
  }

  async #all(state: StoredUpload['state'], ids: readonly string[] | 'all'): Promise<StoredUpload[]> {
    const all = [
      ...(await this.#db.getAllFromIndex('uploads', 'order', inState(state))),
      ...[...this.#loose.values()].filter((one) => one.state === state),
    ];
    return ids === 'all' ? all : all.filter(({ id }) => ids.includes(id));
  }

  /** The row and the tally change together, unless another tab has taken the row away meanwhile. */
  async #change(
    before: StoredUpload,
    after: StoredUpload | null,
    change: (tally: UploadTally) => Partial<UploadTally>,
  ): Promise<void> {
    const isLoose = this.#loose.has(before.id);
    const transaction = this.#db.transaction(['uploads', 'kept'], 'readwrite');
    const uploads = transaction.objectStore('uploads');
    const work: Promise<unknown>[] = [transaction.done];
    if (isLoose) {
      if (after) this.#loose.set(before.id, after);
      else this.#loose.delete(before.id);
    } else {
      const isThere = (await uploads.getKey(before.id)) !== undefined;
      if (isThere) work.push(after ? uploads.put(after) : uploads.delete(before.id));
    }
    const counted = (one: StoredUpload | null) => (!isLoose && one?.state === 'waiting' ? one.size : 0);
    const waits = counted(after) - counted(before);
    work.push(
      changeTally(transaction.objectStore('kept'), (tally) => ({
        waitingBytes: Math.max(0, tally.waitingBytes + waits),
        ...change(tally),
      })),
    );
    await Promise.all(work);
  }

  async tally(): Promise<UploadTally> {
    return { ...nothing, ...((await this.#db.get('kept', tallyName)) as UploadTally | undefined) };
  }

  async #setTally(tally: UploadTally): Promise<void> {
    await this.#db.put('kept', tally, tallyName);
  }

  async pause(isPaused: boolean): Promise<void> {
    const transaction = this.#db.transaction('kept', 'readwrite');
    await Promise.all([changeTally(transaction.store, () => ({ isPaused })), transaction.done]);
  }

  /** Forgets what was done; what waits or failed stays. */
  async dismiss(): Promise<void> {
    const { isPaused, waitingBytes } = await this.tally();
    await this.#setTally({ ...nothing, isPaused, waitingBytes });
  }

  /** Lets go of what this tab alone holds. */
  dropLoose(): void {
    this.#loose.clear();
  }

  async overview(unallowed: number): Promise<UploadOverview> {
    const loose = [...this.#loose.values()];
    const rows = async (state: StoredUpload['state'], most: number) => {
      const kept = await this.#db.getAllFromIndex('uploads', 'order', inState(state), most);
      const all = [...kept, ...loose.filter((one) => one.state === state)];
      return { files: await this.count(state), rows: all.slice(0, most).map(rowOf) };
    };
    const tally = await this.tally();
    const looseBytes = bytesOf(loose.filter(({ state }) => state === 'waiting'));
    return {
      tally: { ...tally, waitingBytes: tally.waitingBytes + looseBytes },
      waiting: await rows('waiting', shownRows),
      failed: await rows('failed', shownFailures),
      loose: loose.length,
      unallowed,
    };
  }
}

interface TallyStore {
  get(name: string): Promise<unknown>;
  put(value: unknown, name: string): Promise<unknown>;
}

async function changeTally(
  store: TallyStore,
  change: (tally: UploadTally) => Partial<UploadTally>,
): Promise<void> {
  const tally = { ...nothing, ...((await store.get(tallyName)) as UploadTally | undefined) };
  await store.put({ ...tally, ...change(tally) }, tallyName);
}

const queued = ({ file, handle, root }: NewFile, albumId: string | null): StoredUpload => ({
  id: newId<string & { readonly brand: unique symbol }>(),
  source: handle ? { kind: 'handle', handle, root: root ?? handle } : { kind: 'copy', file },
  name: file.name,
  size: file.size,
  modifiedAt: Math.max(0, file.lastModified),
  addedAt: Date.now(),
  albumId,
  state: 'waiting',
  failure: null,
});

/** Whether the browser has room to keep so much until it is stored. */
async function hasRoom(bytes: number): Promise<boolean> {
  if (bytes === 0) return true;
  const { quota, usage } = await navigator.storage.estimate();
  return quota === undefined || usage === undefined || bytes < (quota - usage) * spareShare;
}
