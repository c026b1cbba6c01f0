import { AppError, type LocationId } from '@heirloom/contracts';
import { Busy } from '../busy.ts';
import type { Disk } from '../disk/disk.ts';
import { DirectorySync } from './directory-sync.ts';
import { hasCode, translated } from './errors.ts';
import { checkMarker } from './marker.ts';
import { makeFolder } from './names.ts';
import { objectsFolder, quarantineFolder, type ObjectPath } from './paths.ts';

/** What a location's methods and its stages share: the disk, and what this process knows about it. */
export class FileStore {
  readonly id: LocationId;
  readonly disk: Disk;
  readonly busy = new Busy();
  readonly #directories: DirectorySync;
  /** Folders whose entry in their parent is known to be on stable storage. */
  readonly #durable = new Set<string>();
  #checked = false;

  constructor(id: LocationId, disk: Disk) {
    this.id = id;
    this.disk = disk;
    this.#directories = new DirectorySync(disk);
  }

  /**
   * Runs storage code once the disk has been seen to be this location's. A disk that is away at the start of the
   * process is asked again on every call, so it can come back without a restart.
   */
  run<T>(work: () => Promise<T>): Promise<T> {
    return translated(this.id, async () => {
      if (!this.#checked) await this.checkMarker();
      return work();
    });
  }

  async checkMarker(): Promise<void> {
    await checkMarker(this.disk, this.id);
    this.#checked = true;
  }

  /** Size of the object's file. `undefined` only if the disk is there, is ours, and lacks it. */
  async sizeOf({ file }: ObjectPath): Promise<number | undefined> {
    try {
      const { kind, sizeBytes } = await this.disk.stat(file);
      return kind === 'file' ? sizeBytes : undefined;
    } catch (error) {
      if (!hasCode(error, 'ENOENT', 'ENOTDIR')) throw error;
    }
    // An unmounted disk must not look like one that has lost all its objects.
    await this.checkMarker();
    return undefined;
  }

  /** Whether the object is there. Throws `conflict` when something else has its name. */
  async holds(object: ObjectPath, sizeBytes: number): Promise<boolean> {
    const found = await this.sizeOf(object);
    if (found === undefined || found === sizeBytes) return found !== undefined;
    throw new AppError('conflict', {
      detail: `Storage location ${this.id} holds ${found} bytes under this name instead of ${sizeBytes}.`,
    });
  }

  /** Makes the object's entry durable, and those of the folders above it unless this process already has. */
  async syncFolders({ branch, leaf }: ObjectPath): Promise<void> {
    await Promise.all([
      this.#directories.sync(leaf),
      this.#durable.has(leaf) || this.#directories.sync(branch),
      this.#durable.has(branch) || this.#directories.sync(objectsFolder),
    ]);
    this.#durable.add(leaf).add(branch);
  }

  async makeFolders({ branch, leaf }: ObjectPath): Promise<void> {
    for (const folder of [branch, leaf]) {
      if (await makeFolder(this.disk, folder)) this.#durable.delete(folder);
    }
  }

  /** Makes the folder for what is taken out of service; its entry is on stable storage afterwards. */
  async makeQuarantine(): Promise<void> {
    if (await makeFolder(this.disk, quarantineFolder)) this.#durable.delete(quarantineFolder);
    if (this.#durable.has(quarantineFolder)) return;
    await this.#directories.sync('');
    this.#durable.add(quarantineFolder);
  }

  syncDirectory(path: string): Promise<void> {
    return this.#directories.sync(path);
  }
}
