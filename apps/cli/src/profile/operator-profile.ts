import path from 'node:path';
import {
  decodeOperatorProfile,
  encodeOperatorProfile,
  type OperatorProfile,
  type OperatorProfileStore,
} from '@heirloom/client';
import { readPrivateFile, removePrivateFile, writePrivateFile } from './private-file.ts';
import { ensureProfileFolder } from './profile-folder.ts';
import { lockProfile, type LockOptions } from './profile-lock.ts';

/**
 * The operator's profile, in the folder `operator` of the profile folder and with a lock of its own: whoever runs the
 * server may also be a member of a family on the same machine, and a backup need not wait for a scrub.
 */
export class OperatorProfileOnDisk implements OperatorProfileStore, Disposable {
  readonly #folder: string;
  readonly #lock: Disposable;

  private constructor(folder: string, lock: Disposable) {
    this.#folder = folder;
    this.#lock = lock;
  }

  /** Holds the profile for this process alone. */
  static async open(profileFolder: string, lock: LockOptions): Promise<OperatorProfileOnDisk> {
    const folder = path.join(profileFolder, 'operator');
    await ensureProfileFolder(profileFolder);
    await ensureProfileFolder(folder);
    return new OperatorProfileOnDisk(folder, await lockProfile(folder, lock));
  }

  get #file(): string {
    return path.join(this.#folder, 'operator.json');
  }

  async load(): Promise<OperatorProfile | null> {
    const text = await readPrivateFile(this.#file);
    return text === null ? null : decodeOperatorProfile(text);
  }

  async save(profile: OperatorProfile): Promise<void> {
    await writePrivateFile(this.#file, encodeOperatorProfile(profile));
  }

  async clear(): Promise<void> {
    await removePrivateFile(this.#file);
  }

  [Symbol.dispose](): void {
    this.#lock[Symbol.dispose]();
  }
}
