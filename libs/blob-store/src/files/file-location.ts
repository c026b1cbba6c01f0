import { AppError, newId, type LocationId, type ObjectName, type UploadId } from '@heirloom/contracts';
import type { Disk } from '../disk/disk.ts';
import type {
  ByteRange,
  ListPage,
  ListQuery,
  Location,
  LocationHealth,
  ObjectBody,
  Stage,
} from '../location.ts';
import { closeUnread, holdsGood, verified } from '../source.ts';
import { checkedRange, readBytes, writeAll } from './bytes.ts';
import { hasCode, translated } from './errors.ts';
import { FileStage } from './file-stage.ts';
import { FileStore } from './file-store.ts';
import { tryUnlink } from './names.ts';
import { quarantine } from './quarantine.ts';
import { remove } from './remove.ts';
import { isStageName, objectPath, stagePath, stagesFolder, temporaryPath } from './paths.ts';
import { listPage } from './walk.ts';

export interface FileLocationOptions {
  id: LocationId;
  region: string;
  driver: 'directory' | 'memory';
  disk: Disk;
}

/**
 * A location made of files. Durability: a commit syncs the file, gives it its name, then syncs every directory
 * whose entries may be new, and only then returns.
 */
export class FileLocation implements Location {
  readonly id: LocationId;
  readonly region: string;
  readonly driver: 'directory' | 'memory';
  readonly #store: FileStore;
  readonly #disk: Disk;

  constructor({ id, region, driver, disk }: FileLocationOptions) {
    this.id = id;
    this.region = region;
    this.driver = driver;
    this.#disk = disk;
    this.#store = new FileStore(id, disk);
  }

  async get(name: ObjectName, range?: ByteRange): Promise<ObjectBody> {
    const found = await this.stat(name);
    if (!found) throw new AppError('not-found');
    const checked = checkedRange(found.sizeBytes, range);
    return {
      sizeBytes: found.sizeBytes,
      body: readBytes(this.id, this.#disk, objectPath(name).file, checked),
    };
  }

  async stat(name: ObjectName): Promise<{ sizeBytes: number } | undefined> {
    const path = objectPath(name);
    const sizeBytes = await this.#store.run(() => this.#store.sizeOf(path));
    return sizeBytes === undefined ? undefined : { sizeBytes };
  }

  list(query: ListQuery): Promise<ListPage> {
    return this.#store.run(() => listPage(this.#disk, query));
  }

  openStage(upload: UploadId): Promise<Stage> {
    return this.#openStage(stagePath(upload));
  }

  async put(name: ObjectName, source: AsyncIterable<Uint8Array>, sizeBytes: number): Promise<void> {
    const path = objectPath(name);
    if (await this.#store.run(() => this.#store.holds(path, sizeBytes))) {
      await closeUnread(source);
      return this.#store.run(() => this.#store.syncFolders(path));
    }
    await this.#withStaged(name, source, sizeBytes, (stage) => stage.commit(name, sizeBytes));
  }

  async replace(
    name: ObjectName,
    source: AsyncIterable<Uint8Array>,
    sizeBytes: number,
    beforeMove: () => Promise<void> = async () => undefined,
  ): Promise<'replaced' | 'was-good'> {
    objectPath(name);
    return this.#withStaged(name, source, sizeBytes, async (stage) => {
      await beforeMove();
      if (await holdsGood(this, name, sizeBytes)) {
        await stage.discard();
        return 'was-good';
      }
      await this.quarantine(name);
      await stage.commit(name, sizeBytes);
      return 'replaced';
    });
  }

  async quarantine(name: ObjectName): Promise<string | undefined> {
    const object = objectPath(name);
    return this.#store.run(async () => {
      if ((await this.#store.sizeOf(object)) === undefined) return undefined;
      return quarantine(this.#store, object, name);
    });
  }

  async remove(name: ObjectName): Promise<void> {
    const object = objectPath(name);
    await this.#store.run(() => remove(this.#store, object, name));
  }

  sweepStages(olderThanMs: number): Promise<number> {
    return this.#store.run(async () => {
      const newestMs = Date.now() - olderThanMs;
      let count = 0;
      for (const { name, kind } of await this.#disk.readdir(stagesFolder)) {
        if (kind === 'file' && isStageName(name) && (await this.#sweep(`${stagesFolder}/${name}`, newestMs)))
          count++;
      }
      return count;
    });
  }

  async probe(): Promise<LocationHealth> {
    try {
      await translated(this.id, () => this.#store.checkMarker());
    } catch (error) {
      return { readable: false, writable: false, problem: expected(error) };
    }
    const room = await this.#disk.room().catch(() => undefined);
    const health = { readable: true, ...room };
    try {
      await translated(this.id, () => this.#tryWriting());
      return { ...health, writable: true };
    } catch (error) {
      return { ...health, writable: false, problem: expected(error) };
    }
  }

  /** Stages what `source` gives, and runs `work` once it is known to be the object. A failure leaves no stage. */
  async #withStaged<T>(
    name: ObjectName,
    source: AsyncIterable<Uint8Array>,
    sizeBytes: number,
    work: (stage: Stage) => Promise<T>,
  ): Promise<T> {
    const stage = await this.#openStage(temporaryPath('put', newId()));
    try {
      await stage.append(0, verified(source, name, sizeBytes));
      return await work(stage);
    } catch (error) {
      await stage.discard().catch(() => undefined);
      throw error;
    }
  }

  #openStage(path: string): Promise<Stage> {
    return this.#store.run(async () => {
      try {
        await using _made = await this.#disk.open(path, 'create');
      } catch (error) {
        if (!hasCode(error, 'EEXIST')) throw error;
      }
      return new FileStage(this.#store, path);
    });
  }

  async #sweep(path: string, newestMs: number): Promise<boolean> {
    if (this.#store.busy.has(path)) return false;
    try {
      if ((await this.#disk.stat(path)).modifiedMs > newestMs) return false;
      await this.#disk.unlink(path);
      return true;
    } catch (error) {
      if (hasCode(error, 'ENOENT')) return false;
      throw error;
    }
  }

  async #tryWriting(): Promise<void> {
    const path = temporaryPath('probe', newId());
    const bytes = new TextEncoder().encode(path);
    try {
      await using file = await this.#disk.open(path, 'create');
      await writeAll(file, bytes, 0);
      await file.sync();
      const back = new Uint8Array(bytes.length);
      const count = await file.read(back, 0);
      if (count !== bytes.length || !Buffer.from(back).equals(bytes)) {
        throw new AppError('unavailable', { detail: `Storage location ${this.id} gives back other bytes.` });
      }
    } finally {
      await tryUnlink(this.#disk, path);
    }
  }
}

function expected(error: unknown): AppError {
  if (error instanceof AppError) return error;
  throw error;
}
