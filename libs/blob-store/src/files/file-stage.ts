import { AppError, type ObjectName } from '@heirloom/contracts';
import type { ByteRange, Stage } from '../location.ts';
import { fromSource } from '../source.ts';
import { checkedRange, readBytes, writeAll } from './bytes.ts';
import { hasCode } from './errors.ts';
import type { FileStore } from './file-store.ts';
import { giveName, tryUnlink } from './names.ts';
import { objectPath, type ObjectPath } from './paths.ts';

/** A stage that is one file in the location's `tmp/`. */
export class FileStage implements Stage {
  readonly #store: FileStore;
  readonly #path: string;

  constructor(store: FileStore, path: string) {
    this.#store = store;
    this.#path = path;
  }

  length(): Promise<number> {
    return this.#store.run(async () => (await this.#stat()).sizeBytes);
  }

  append(offset: number, source: AsyncIterable<Uint8Array>): Promise<number> {
    return this.#exclusively(async () => {
      const { sizeBytes, links } = await this.#stat();
      // A crash within a commit can leave the stage as a second name of the object. That must not grow.
      if (links > 1) throw new AppError('conflict', { detail: 'This upload is complete.' });
      if (offset !== sizeBytes) throw new AppError('upload-offset');
      await using file = await this.#store.disk.open(this.#path, 'write');
      let length = offset;
      for await (const chunk of fromSource(source)) {
        await writeAll(file, chunk, length);
        length += chunk.length;
      }
      return length;
    });
  }

  async *read(range?: ByteRange): AsyncGenerator<Uint8Array> {
    const checked = checkedRange(await this.length(), range);
    yield* readBytes(this.#store.id, this.#store.disk, this.#path, checked);
  }

  commit(name: ObjectName, sizeBytes: number): Promise<void> {
    const object = objectPath(name);
    return this.#exclusively(async () => {
      if (!(await this.#store.holds(object, sizeBytes))) await this.#publish(object, sizeBytes);
      // Also for an object that was there: who made it may have died, or be waiting, before this sync.
      await this.#store.syncFolders(object);
      await tryUnlink(this.#store.disk, this.#path);
    });
  }

  discard(): Promise<void> {
    return this.#exclusively(async () => {
      await this.#store.disk.unlink(this.#path).catch((error: unknown) => {
        if (!hasCode(error, 'ENOENT')) throw error;
      });
    });
  }

  async #publish(object: ObjectPath, sizeBytes: number): Promise<void> {
    const staged = await this.#stat();
    if (staged.sizeBytes !== sizeBytes) throw new AppError('hash-mismatch');
    await using file = await this.#store.disk.open(this.#path, 'write');
    try {
      await file.sync();
    } catch (error) {
      // The kernel reports a lost write once: a second sync would succeed without the bytes.
      await tryUnlink(this.#store.disk, this.#path);
      throw error;
    }
    if (!(await this.#giveName(object)) && !(await this.#store.holds(object, sizeBytes))) {
      throw new AppError('unavailable', { detail: 'An object came and went while it was stored.' });
    }
    // Against slips of the hand, where the file system has modes at all.
    await file.chmod(0o400).catch((error: unknown) => {
      if (!hasCode(error, 'EPERM', 'ENOTSUP', 'EOPNOTSUPP', 'ENOSYS')) throw error;
    });
  }

  async #giveName(object: ObjectPath): Promise<boolean> {
    const { disk } = this.#store;
    try {
      return await giveName(disk, this.#path, object.file);
    } catch (error) {
      if (!hasCode(error, 'ENOENT')) throw error;
    }
    await this.#store.makeFolders(object);
    return giveName(disk, this.#path, object.file);
  }

  async #stat() {
    try {
      return await this.#store.disk.stat(this.#path);
    } catch (error) {
      if (!hasCode(error, 'ENOENT')) throw error;
      throw new AppError('not-found', { detail: 'This upload is not known here (any more).', cause: error });
    }
  }

  #exclusively<T>(work: () => Promise<T>): Promise<T> {
    return this.#store.run(() => this.#store.busy.exclusively(this.#path, work));
  }
}
