import type { Disk } from '../disk/disk.ts';

/**
 * Syncs directories. Calls for one directory that arrive while it is being synced share the next sync, since the
 * running one may have begun before their entries were made.
 */
export class DirectorySync {
  readonly #disk: Disk;
  readonly #running = new Map<string, Promise<void>>();
  readonly #next = new Map<string, Promise<void>>();

  constructor(disk: Disk) {
    this.#disk = disk;
  }

  sync(path: string): Promise<void> {
    const running = this.#running.get(path);
    if (!running) return this.#start(path);
    const queued = this.#next.get(path);
    if (queued) return queued;
    const afterwards = () => {
      this.#next.delete(path);
      return this.#start(path);
    };
    const next = running.then(afterwards, afterwards);
    this.#next.set(path, next);
    return next;
  }

  #start(path: string): Promise<void> {
    const run = this.#disk.syncDirectory(path).finally(() => {
      if (this.#running.get(path) === run) this.#running.delete(path);
    });
    this.#running.set(path, run);
    return run;
  }
}
